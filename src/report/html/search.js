/**
 * Which hosts and ports fit the words that were searched for.
 *
 * @module
 */
/** @import { Host, Scan } from "./data.js" */
import { ipv4Number } from "./address.js";

/** @typedef {{ hosts: Uint8Array, ports: Uint8Array, causes: boolean[] }} Hits what one word fits */

/**
 * What each word of a search fits: hosts by rank, ports by number, causes by number.
 *
 * @param {Scan} scan
 * @param {string} text
 * @returns {Hits[]}
 */
export function hitsOf({ hosts, causes, services }, text) {
  const words = text.toLowerCase().match(/(?:\w+:)?"[^"]*"|\S+/g) ?? [];
  return words.map((word) => {
    const [, field = "", given = word] = /^(ip|name|port|service|state|reason):(.+)$/.exec(word) ?? [];
    const value = given.replace(/^"(.*)"$/, "$1");
    const fitsHost = field === "" || field === "ip" || field === "name" ? hostTest(field, value) : () => false;
    const hits = {
      hosts: Uint8Array.from(hosts, (host) => fitsHost(host) ? 1 : 0),
      ports: new Uint8Array(65536),
      causes: causes.map(([state, reason, from]) =>
        (field === "" || field === "state") && state === value ||
        (field === "" || field === "reason") && (reason.includes(value) || from === value)
      ),
    };
    const range = field === "" || field === "port" ? /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value) : null;
    if (range !== null) hits.ports.fill(1, Number(range[1]), Number(range[2] ?? range[1]) + 1);
    if (field === "service" && value === "unknown") {
      hits.ports.fill(1);
      for (const port of services.keys()) hits.ports[port] = 0;
    } else if (field === "service") {
      for (const [port, service] of services) if (service.toLowerCase() === value) hits.ports[port] = 1;
    } else if (field === "" && range === null) {
      for (const [port, service] of services) if (service.toLowerCase().includes(value)) hits.ports[port] = 1;
    }
    return hits;
  });
}

/**
 * @param {string} field
 * @param {string} value
 * @returns {(host: Host) => boolean}
 */
function hostTest(field, value) {
  const network = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(value);
  if (field !== "name" && network !== null && Number(network[2]) <= 32) {
    const size = 2 ** (32 - Number(network[2]));
    const first = Math.floor(ipv4Number(network[1] ?? "") / size);
    return ({ address }) => address >= 0 && Math.floor(address / size) === first;
  }
  const isWhole = ipv4Number(value) >= 0;
  // A number alone is a port, not a part of an address.
  const isAddress = field === "ip" || field === "" && /[.:]/.test(value);
  const isName = field === "name" || field === "" && !/^\d+(-\d+)?$/.test(value);
  return ({ ip, name, suspicion }) =>
    isAddress && (isWhole ? ip === value : ip.startsWith(value)) ||
    isName && (name.toLowerCase().includes(value) || field === "" && suspicion.includes(value));
}

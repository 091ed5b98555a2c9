/**
 * The search for hosts and ports.
 *
 * @module
 */
/** @import { Host, Scan } from "./data.js" */
import { ipv4Number, ipv6Key, isSameIpv6Prefix } from "./address.js";
import { hostStatus, PORT_NUMBERS, portNumber } from "./data.js";

/** Ports, and ranges of them, of both protocols or of one: `22,53/udp`. */
const PORT_LIST = /^\d{1,5}(-\d{1,5})?(\/(tcp|udp))?(,\d{1,5}(-\d{1,5})?(\/(tcp|udp))?)*$/;
const LAST_PORT = 65535;

/**
 * The matches of one word: hosts, ports, ports of a protocol by usual service, detected services by port, and causes; and hosts whose ports match but are only counted. `isAsked` is true if the word
 * names a state or status, so that hosts without an open port match too.
 *
 * @typedef {{ hosts: Uint8Array, ports: Uint8Array, services: Uint8Array, detected: Set<number>, causes: boolean[],
 *   counted: Uint8Array, isAsked: boolean }} Hits
 */

/**
 * Returns the matches of each word of a search: hosts by rank, ports by number, causes by number.
 *
 * @param {Scan} scan
 * @param {string} text
 * @returns {Hits[]}
 */
export function hitsOf({ hosts, causes, services, found }, text) {
  const words = text.toLowerCase().match(/(?:\w+:)?"[^"]*"|\S+/g) ?? [];
  return words.map((word) => {
    const [, field = "", given = word] = /^(ip|name|port|service|version|state|reason|technique|is):(.+)$/.exec(word) ??
      [];
    const value = given.replace(/^"(.*)"$/, "$1");
    const fitsHost = ["", "ip", "name", "is"].includes(field) ? hostTest(field, value) : () => false;
    /** @param {string} state @param {string} reason */
    const fitsCount = (state, reason) =>
      (field === "" || field === "state") && state === value ||
      (field === "" && /^[a-z]+-[a-z-]+$/.test(value) || field === "reason") && reason.includes(value);
    const hits = {
      isAsked: ["is", "state", "reason", "technique"].includes(field),
      counted: Uint8Array.from(
        hosts,
        ({ others }) => others.some(([state, reason]) => fitsCount(state, reason)) ? 1 : 0,
      ),
      hosts: Uint8Array.from(hosts, (host) => fitsHost(host) ? 1 : 0),
      ports: new Uint8Array(PORT_NUMBERS),
      services: new Uint8Array(PORT_NUMBERS),
      /** @type {Set<number>} */
      detected: new Set(),
      causes: causes.map(([state, reason, from, technique]) =>
        (field === "" || field === "state") && state === value ||
        (field === "" || field === "technique") && technique === value ||
        (field === "" || field === "reason") && (reason.includes(value) || from === value)
      ),
    };
    const isPorts = (field === "" || field === "port") && PORT_LIST.test(value);
    for (const part of isPorts ? value.split(",") : []) {
      const [range = "", proto] = part.split("/");
      const [first = "", last = first] = range.split("-");
      if (Number(first) > LAST_PORT) continue;
      for (const each of proto === undefined ? ["tcp", "udp"] : [proto]) {
        const end = Math.min(Number(last), LAST_PORT) + 1;
        hits.ports.fill(1, portNumber(Number(first), each), portNumber(end, each));
      }
    }
    if (field === "service" && value === "unknown") {
      hits.services.fill(1);
      for (const port of services.keys()) hits.services[port] = 0;
    } else if (field === "service") {
      for (const [port, service] of services) if (service.toLowerCase() === value) hits.services[port] = 1;
    } else if (field === "" && !isPorts) {
      for (const [port, service] of services) if (service.toLowerCase().includes(value)) hits.services[port] = 1;
    }
    for (const [key, { service, version }] of found) {
      const isService = field === "service" ? service.toLowerCase() === value : field === "" && !isPorts &&
        service.toLowerCase().includes(value);
      const isVersion = (field === "version" || field === "" && !isPorts) && version.toLowerCase().includes(value);
      if (isService || isVersion) hits.detected.add(key);
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
  if (field === "is") {
    return (host) => value === "odd" ? host.suspicion !== "" || host.notes.length > 0 : hostStatus(host) === value;
  }
  if (field === "ip" && value.includes(",")) {
    const tests = value.split(",").map((part) => hostTest(field, part));
    return (host) => tests.some((test) => test(host));
  }
  const network = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(value);
  if (field !== "name" && network !== null && Number(network[2]) <= 32) {
    const size = 2 ** (32 - Number(network[2]));
    const first = Math.floor(ipv4Number(network[1] ?? "") / size);
    return ({ address }) => address >= 0 && Math.floor(address / size) === first;
  }
  const prefix = /^([\da-f:]*:[\da-f:]*)\/(\d{1,3})$/.exec(value);
  if (field !== "name" && prefix !== null && Number(prefix[2]) <= 128) {
    const first = ipv6Key(prefix[1] ?? "");
    return ({ address, key }) => address < 0 && isSameIpv6Prefix(first, key, Number(prefix[2]));
  }
  const isWhole = ipv4Number(value) >= 0 || field === "ip" && value.includes(":");
  // A number alone is a port, not a part of an address.
  const isAddress = field === "ip" || field === "" && /[.:]/.test(value);
  const isName = field === "name" || field === "" && !/^\d+(-\d+)?$/.test(value);
  return ({ ip, name, suspicion }) =>
    isAddress && (isWhole ? ip === value : ip.startsWith(value)) ||
    isName && (name.toLowerCase().includes(value) || field === "" && suspicion.includes(value));
}

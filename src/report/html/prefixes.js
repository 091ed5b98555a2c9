/**
 * The prefixes of the IPv6 address space that have hosts: a row for each, with a cell for each host.
 *
 * @module
 */
/** @import { Host, Scan } from "./data.js" */
import { ipv6Key, ipv6PrefixText, isSameIpv6Prefix } from "./address.js";
import { hostStatus } from "./data.js";
import { button, byId, make } from "./elements.js";
import { counted, grouped } from "./text.js";

/** Lengths of prefixes, in bits: the longest of which there are not too many. */
const PREFIX_LENGTHS = [64, 48, 32, 16];
const MOST_PREFIXES = 64;
/** Hosts of a prefix that have a cell; of others there is a number. */
const MOST_CELLS = 256;
/** Open ports from which on a cell has the next colour. */
const CELL_STEPS = [1, 2, 5, 10];
const BITS_A_GROUP = 16;

/** The list of prefixes. */
export class Prefixes {
  length = 64;
  /** @type {Map<string, Host[]>} */
  #rows = new Map();

  /**
   * @param {Scan} scan
   * @param {(text: string) => void} searchFor
   */
  constructor({ hosts, summary }, searchFor) {
    const known = hosts.filter(({ address }) => address < 0);
    for (this.length of PREFIX_LENGTHS) {
      const groups = this.length / BITS_A_GROUP;
      this.#rows = Map.groupBy(known, ({ key }) => key.split(":", groups).join(":"));
      if (this.#rows.size <= MOST_PREFIXES) break;
    }
    const aliased = (summary?.aliased ?? []).map(({ prefix }) => prefix);
    byId("map-prefixes").replaceChildren(
      ...[...this.#rows].map(([key, hosts]) => this.#row(key, hosts, aliased, searchFor)),
    );
  }

  get count() {
    return this.#rows.size;
  }

  /**
   * @param {string} key
   * @param {Host[]} hosts
   * @param {string[]} aliased
   * @param {(text: string) => void} searchFor
   */
  #row(key, hosts, aliased, searchFor) {
    const prefix = ipv6PrefixText(key, this.length);
    const up = hosts.filter((host) => hostStatus(host) === "up").length;
    const open = hosts.filter((host) => host.open > 0).length;
    const labels = aliased.filter((text) => touches(text, key)).map((text) =>
      make("span", { class: "alias" }, text === prefix ? "aliased" : `aliased: ${text}`)
    );
    const cells = hosts.slice(0, MOST_CELLS).map((host) =>
      make("i", { class: `swatch map-${cellColor(host)}`, title: `${host.ip}: ${counted(host.open, "open port")}` })
    );
    const more = hosts.length - cells.length;
    return make(
      "li",
      {},
      button({}, () => searchFor(`ip:${prefix}`), prefix),
      make("span", {}, `${counted(up, "host")} up, ${grouped(open)} with open ports`),
      ...labels,
      make("span", { class: "cells", "aria-hidden": "true" }, ...cells, more > 0 ? `+${grouped(more)}` : ""),
    );
  }
}

/** @param {Host} host */
function cellColor(host) {
  if (host.suspicion !== "") return "suspect";
  if (host.open > 0) return `open-${CELL_STEPS.filter((step) => host.open >= step).length}`;
  const status = hostStatus(host);
  return status === "up" ? "heard" : status === "silent" ? "silent" : "absent";
}

/**
 * True where one of two prefixes is within the other.
 *
 * @param {string} prefix
 * @param {string} key
 */
function touches(prefix, key) {
  const [address = "", length] = prefix.split("/");
  return isSameIpv6Prefix(ipv6Key(address), key, Math.min(Number(length), key.split(":").length * BITS_A_GROUP));
}

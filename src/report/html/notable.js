/**
 * Findings to look at first: services that are seldom meant to be open, ports that few hosts have, and hosts that
 * differ from their neighbours.
 *
 * @module
 */
/** @import { Host, Scan } from "./data.js" */
/** @import { Item } from "./elements.js" */
import { ipv4Text } from "./address.js";
import { changesCard } from "./changes.js";
import { PORT_NUMBERS, portSearch, portText } from "./data.js";
import { button, byId, itemElement, make } from "./elements.js";
import { counted, grouped } from "./text.js";

/**
 * @typedef {object} Card
 * @property {string} title
 * @property {string} hint
 * @property {Item[]} items
 * @property {string} search finds all of them
 * @property {number} count
 */

const SHOWN_ITEMS = 5;
/** Kinds of services that are seldom meant for everyone, by their usual ports. */
const KINDS = [
  {
    title: "Databases",
    hint: "Often open by mistake, some without a password.",
    ports: [
      ...[1433, 1521, 2379, 3050, 3306, 5432, 5433, 5984, 6379, 6380, 7474, 7687, 8086, 8123, 9042, 9160, 9200, 9300],
      ...[11211, 27017, 27018, 27019, 28015, 33060, 50000],
    ],
  },
  {
    title: "Remote desktops and control",
    hint: "RDP, VNC, X11, WinRM and the like.",
    ports: [3389, 4899, 5631, 5800, 5900, 5901, 5902, 5903, 5938, 5985, 5986, 6000, 6001, 6002, 6003, 7070],
  },
  {
    title: "Logins in clear text",
    hint: "Anybody on the way can read the passwords.",
    ports: [21, 23, 512, 513, 514, 2323],
  },
  {
    title: "Control of containers and clusters",
    hint: "Open without a certificate, these hand over the machines.",
    ports: [2375, 2376, 2377, 4194, 6443, 8001, 10250, 10255],
  },
];
/** The usual software at ports whose registered name is misleading. */
const PRODUCTS = new Map([
  [2379, "etcd"],
  [8086, "InfluxDB"],
  [8123, "ClickHouse"],
  [9042, "Cassandra"],
  [9160, "Cassandra"],
  [9200, "Elasticsearch"],
  [9300, "Elasticsearch"],
  [5985, "WinRM"],
  [5986, "WinRM"],
  [10250, "kubelet"],
]);
const KNOWN_KINDS = new Set(KINDS.flatMap(({ ports }) => ports));
/** Ports on at most so many hosts are rare, where so many times more have open ports. */
const RARE_HOSTS = 2;
const RARE_SHARE = 8;
/** Hosts of a network that are compared. */
const FEWEST_NEIGHBOURS = 5;
const FOREIGN_PORTS = 3;
/** A SYN proxy in front of a server answers for few ports, one that hides a host for nearly all. */
const FEW_PORTS = 20;

/**
 * @param {Scan} scan
 * @param {(text: string, view: "hosts" | "ports") => void} searchFor
 */
export function showNotable(scan, searchFor) {
  const openRows = openRowsOf(scan);
  const cards = [...kindCards(scan, openRows), rareCard(scan, openRows), unlikeCard(scan), oddCard(scan)];
  const shown = cards.filter(({ count }) => count > 0).map((card) => cardElement(card, searchFor));
  if (shown.length === 0 && openRows.length > 0) {
    const none = "Nothing stands out: no usual port of a database, a remote desktop or a login in clear text is open.";
    shown.push(make("p", { class: "hint" }, none));
  }
  const changes = changesCard(scan, searchFor);
  if (changes !== undefined) shown.unshift(changes);
  byId("notable-cards").replaceChildren(...shown);
  byId("notable").hidden = shown.length === 0;
}

/**
 * @param {Card} card
 * @param {(text: string, view: "hosts" | "ports") => void} searchFor
 */
function cardElement({ title, hint, items, search, count }, searchFor) {
  const list = items.slice(0, SHOWN_ITEMS).map((item) => itemElement(item, searchFor));
  const card = make(
    "div",
    { class: "card" },
    make("h3", {}, title, " ", make("span", {}, grouped(count))),
    make("p", { class: "hint" }, hint),
    make("ul", {}, ...list),
  );
  if (count > list.length) {
    const view = items[0]?.view ?? "hosts";
    card.append(button({ class: "all" }, () => searchFor(search, view), `All ${grouped(count)}`));
  }
  return card;
}

/**
 * Returns true if a host's open ports are its own. They are not if a device on the scanner's side replies, or a proxy or a responder replies
 * at every port.
 *
 * @param {Host | undefined} host
 */
function isTelling(host) {
  return host?.suspicion === "" || host?.suspicion === "rst-spoof" ||
    (host?.suspicion === "syn-proxy" || host?.suspicion === "udp-responder") && host.open <= FEW_PORTS;
}

/** @param {Scan} scan */
function openRowsOf({ rows, causes, hosts }) {
  const isOpen = causes.map(([state]) => state === "open");
  const found = new Uint32Array(rows.count);
  let count = 0;
  for (let row = 0; row < rows.count; row++) {
    if (isOpen[rows.cause[row] ?? 0] && isTelling(hosts[rows.host[row] ?? 0])) found[count++] = row;
  }
  return found.subarray(0, count);
}

/**
 * @param {Scan} scan
 * @param {number} row
 * @returns {Item}
 */
function rowItem(scan, row) {
  const { hosts, rows, services } = scan;
  const host = hosts[rows.host[row] ?? 0];
  const number = rows.number[row] ?? 0;
  const address = host?.ip ?? "";
  const port = portText(number);
  return {
    label: address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`,
    note: [PRODUCTS.get(number) ?? services.get(number) ?? "", host?.name ?? ""].filter((text) => text !== "").join(
      " · ",
    ),
    search: `ip:${address} ${portSearch(scan, [number])}`,
    view: "ports",
  };
}

/**
 * @param {Scan} scan
 * @param {Uint32Array} openRows
 * @returns {Card[]}
 */
function kindCards(scan, openRows) {
  return KINDS.map(({ title, hint, ports }) => {
    const wanted = new Uint8Array(65536);
    for (const port of ports) wanted[port] = 1;
    const found = openRows.filter((row) => wanted[scan.rows.number[row] ?? 0] === 1);
    const seen = new Set(Array.from(found, (row) => scan.rows.number[row] ?? 0));
    return {
      title,
      hint,
      items: Array.from(found.subarray(0, SHOWN_ITEMS), (row) => rowItem(scan, row)),
      search: portSearch(scan, [...seen].sort((one, other) => one - other)),
      count: found.length,
    };
  });
}

/**
 * @param {Scan} scan
 * @param {Uint32Array} openRows
 * @returns {Card}
 */
function rareCard(scan, openRows) {
  const counts = new Uint32Array(PORT_NUMBERS);
  for (const row of openRows) {
    const port = scan.rows.number[row] ?? 0;
    counts[port] = (counts[port] ?? 0) + 1;
  }
  const hosts = scan.hosts.filter((host) => host.open > 0 && isTelling(host)).length;
  // Those that another card has are not named again.
  const isRare = counts.map((count, port) =>
    count > 0 && count <= RARE_HOSTS && hosts >= count * RARE_SHARE && !KNOWN_KINDS.has(port) ? 1 : 0
  );
  const found = openRows.filter((row) => isRare[scan.rows.number[row] ?? 0] === 1);
  // One host alone first; unnamed ports before those that are known.
  const order = Array.from(found).sort((one, other) => {
    const [a, b] = [scan.rows.number[one] ?? 0, scan.rows.number[other] ?? 0];
    return (counts[a] ?? 0) - (counts[b] ?? 0) || Number(scan.services.has(a)) - Number(scan.services.has(b)) || a - b;
  });
  const ports = [...new Set(order.map((row) => scan.rows.number[row] ?? 0))].sort((one, other) => one - other);
  return {
    title: "Rare ports",
    hint: `Open on one or two of ${counted(hosts, "host")} with open ports.`,
    items: order.slice(0, SHOWN_ITEMS).map((row) => rowItem(scan, row)),
    search: portSearch(scan, ports.slice(0, 100)),
    count: order.length,
  };
}

/**
 * Hosts with ports that no neighbour has, and hosts without one that nearly all have.
 *
 * @param {Scan} scan
 * @returns {Card}
 */
function unlikeCard(scan) {
  /** @type {Map<number, Host[]>} */
  const networks = new Map();
  for (const host of scan.hosts) {
    if (host.address < 0 || host.open === 0 || host.suspicion !== "") continue;
    const network = Math.floor(host.address / 256);
    const own = networks.get(network);
    if (own === undefined) networks.set(network, [host]);
    else own.push(host);
  }
  /** @type {(Item & { weight: number })[]} */
  const items = [];
  for (const [network, hosts] of networks) {
    if (hosts.length > FEWEST_NEIGHBOURS) items.push(...unlikeIn(scan, `${ipv4Text(network * 256)}/24`, hosts));
  }
  items.sort((one, other) => other.weight - one.weight);
  return {
    title: "Hosts unlike their neighbours",
    hint: "Compared with the hosts of their /24 that have open ports.",
    items: items.slice(0, SHOWN_ITEMS),
    search: `ip:${items.map(({ label }) => label).slice(0, 100).join(",")}`,
    count: items.length,
  };
}

/**
 * @param {Scan} scan
 * @param {string} network
 * @param {Host[]} hosts
 */
function unlikeIn({ rows, causes, services }, network, hosts) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  const portsOf = hosts.map(({ firstRow, endRow }) => {
    const ports = [];
    for (let row = firstRow; row < endRow; row++) {
      if (causes[rows.cause[row] ?? 0]?.[0] === "open") ports.push(rows.number[row] ?? 0);
    }
    for (const port of ports) counts.set(port, (counts.get(port) ?? 0) + 1);
    return ports;
  });
  const neighbours = hosts.length - 1;
  const common = [...counts].filter(([, count]) => count < hosts.length && count >= 0.9 * hosts.length);
  const middle = portsOf.map(({ length }) => length).sort((one, other) => one - other)[hosts.length >> 1] ?? 0;
  /** @param {number} port */
  const named = (port) => services.has(port) ? `${portText(port)} ${services.get(port)}` : portText(port);
  /** @type {(Item & { weight: number })[]} */
  const items = [];
  for (const [at, { ip }] of hosts.entries()) {
    const ports = portsOf[at] ?? [];
    const alone = ports.filter((port) => counts.get(port) === 1);
    const lacking = common.filter(([port]) => !ports.includes(port));
    const remarks = [];
    let weight = 0;
    if (alone.length >= FOREIGN_PORTS) {
      const listed = alone.slice(0, 4).map(portText).join(", ") + (alone.length > 4 ? ", …" : "");
      remarks.push(`${alone.length} ports that none of ${grouped(neighbours)} neighbours has: ${listed}`);
      weight += alone.length;
    }
    for (const [port, count] of lacking.slice(0, 1)) {
      remarks.push(`lacks ${named(port)}, which ${grouped(count)} of ${grouped(neighbours)} neighbours have`);
      weight += 2;
    }
    if (alone.length < FOREIGN_PORTS && ports.length >= 10 && ports.length >= 5 * middle) {
      remarks.push(`${ports.length} open ports, where ${middle} are usual`);
      weight += ports.length / 5;
    }
    if (weight > 0) {
      items.push({ label: ip, note: `${remarks.join("; ")} (${network})`, search: `ip:${ip}`, view: "hosts", weight });
    }
  }
  return items;
}

/**
 * Hosts with a suspicion or a note of the scan itself.
 *
 * @param {Scan} scan
 * @returns {Card}
 */
function oddCard({ hosts }) {
  const odd = hosts.filter(({ suspicion, notes }) => suspicion !== "" || notes.length > 0);
  return {
    title: "Odd replies",
    hint: "Noticed by the scan itself.",
    items: odd.slice(0, SHOWN_ITEMS).map(({ ip, suspicion, notes }) => ({
      label: ip,
      note: [...suspicion === "" ? [] : [`suspect: ${suspicion}`], ...notes].join("; "),
      search: `ip:${ip}`,
      view: "hosts",
    })),
    search: "is:odd",
    count: odd.length,
  };
}

/**
 * The columns of the table.
 *
 * @module
 */
/** @import { Cause, Host, Scan } from "./data.js" */
import { countIn, isUsual, portText, serviceOf, shownService, stateCount, STATES, versionOf } from "./data.js";
import { make, stateMark } from "./elements.js";
import { grouped, tripText } from "./text.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} label
 * @property {string} [class]
 * @property {(item: number) => number | string} [by] what to sort by; unknown is -1 or "", and comes last
 * @property {(item: number) => Node | string | number} show
 */

/**
 * The columns of hosts, by rank.
 *
 * @param {Scan} scan
 * @param {(host: Host) => Node} addressCell
 * @param {(host: Host) => Node} portsCell
 * @returns {Column[]}
 */
export function hostColumns({ hosts, has, summary }, addressCell, portsCell) {
  /** @param {number} rank */
  const at = (rank) => /** @type {Host} */ (hosts[rank]);
  /** @param {string} state @returns {Column} */
  const count = (state) => ({
    name: state,
    label: state.charAt(0).toUpperCase() + state.slice(1),
    class: `number ${state === "open" ? "" : "extra"}`.trim(),
    by: (rank) => stateCount(at(rank), state),
    show: (rank) => countText(at(rank), state),
  });
  /** @type {Column[]} */
  const columns = [
    {
      name: "address",
      label: "Address",
      class: "address",
      by: (rank) => rank,
      show: (rank) => addressCell(at(rank)),
    },
    {
      name: "name",
      label: "Name",
      class: "name extra",
      by: (rank) => at(rank).name.toLowerCase(),
      show: (rank) => nameText(at(rank).name),
    },
    { name: "ports", label: "Open ports", class: "ports", show: (rank) => portsCell(at(rank)) },
    ...STATES.filter((state) => isUsual(state) || summary !== undefined && countIn(summary, state) > 0).map(count),
    {
      name: "rtt",
      label: "Round trip",
      class: "number extra",
      by: (rank) => at(rank).smoothed || -1,
      show: (rank) => tripText(at(rank).smoothed),
    },
  ];
  return columns.filter(({ name }) => name === "name" ? hosts.some(isNamed) : name !== "rtt" || has("rtt_ms"));
}

/** @param {Host} host */
function isNamed({ name }) {
  return name !== "";
}

/** Columns of ports that are shown only if one of these fields is chosen. @type {Readonly<Record<string, string[]>>} */
const OPTIONAL_COLUMNS = {
  service: ["service"],
  reason: ["reason", "from"],
  ttl: ["ttl"],
  rtt: ["rtt_ms"],
  tries: ["tries"],
};

/**
 * The columns of ports, by row.
 *
 * @param {Scan} scan
 * @returns {Column[]}
 */
export function portColumns(scan) {
  const { hosts, has, rows, causes, found } = scan;
  /** @param {number} row */
  const hostAt = (row) => /** @type {Host} */ (hosts[rows.host[row] ?? 0]);
  /** @param {number} row */
  const causeAt = (row) => causes[rows.cause[row] ?? 0] ?? ["undecided", "", null];
  /** @param {number} row */
  const serviceAt = (row) => serviceOf(scan, row);
  /** @param {number} row */
  const versionAt = (row) => versionOf(scan, row);
  /** @type {Column[]} */
  const columns = [
    { name: "address", label: "Address", class: "address", by: (row) => row, show: (row) => hostAt(row).ip },
    {
      name: "name",
      label: "Name",
      class: "name extra",
      by: (row) => hostAt(row).name.toLowerCase(),
      show: (row) => nameText(hostAt(row).name),
    },
    {
      name: "port",
      label: "Port",
      class: "port",
      by: (row) => rows.port[row] ?? 0,
      show: (row) => portText(rows.number[row] ?? 0),
    },
    { name: "service", label: "Service", class: "service", by: serviceAt, show: (row) => shownService(scan, row) },
    { name: "version", label: "Version", class: "version", by: versionAt, show: versionAt },
    {
      name: "state",
      label: "State",
      by: (row) => STATES.indexOf(causeAt(row)[0]),
      show: (row) => stateMark(causeAt(row)[0]),
    },
    {
      name: "technique",
      label: "Technique",
      class: "technique",
      by: (row) => causeAt(row)[3] ?? "",
      show: (row) => causeAt(row)[3] ?? "",
    },
    {
      name: "reason",
      label: "Reason",
      class: "reason",
      by: (row) => causeAt(row)[1],
      show: (row) => reasonText(causeAt(row)),
    },
    {
      name: "ttl",
      label: "TTL",
      class: "number extra",
      by: (row) => rows.ttl[row] || -1,
      show: (row) => rows.ttl[row] || "–",
    },
    {
      name: "rtt",
      label: "Round trip",
      class: "number extra",
      by: (row) => rows.rtt[row] || -1,
      show: (row) => tripText(rows.rtt[row] ?? 0),
    },
    {
      name: "tries",
      label: "Tries",
      class: "number extra",
      by: (row) => rows.tries[row] ?? 0,
      show: (row) => rows.tries[row] ?? 0,
    },
  ];
  const several = causes.some(([, , , technique]) => technique !== undefined);
  return columns.filter(({ name }) =>
    name === "name"
      ? hosts.some(isNamed)
      : name === "technique"
      ? several
      : name === "version"
      ? found.values().some(({ version }) => version !== "")
      : OPTIONAL_COLUMNS[name]?.some((field) => has(field)) ?? true
  );
}

/**
 * A row of the table.
 *
 * @param {Column[]} columns
 * @param {number} item
 */
export function rowOf(columns, item) {
  return make(
    "tr",
    {},
    ...columns.map((column, at) =>
      make(at === 0 ? "th" : "td", { scope: at === 0 ? "row" : undefined, class: column.class }, column.show(item))
    ),
  );
}

/** @param {Host} host @param {string} state */
function countText(host, state) {
  const count = stateCount(host, state);
  return count < 0 ? "–" : `${host.atLeast && state === "filtered" ? "≥ " : ""}${grouped(count)}`;
}

/** @param {string} name */
export function nameText(name) {
  return make("bdi", { title: name.length > 40 ? name : undefined }, name);
}

/** @param {Cause} cause */
function reasonText([, reason, from]) {
  return from === null ? reason : `${reason} from ${from}`.trimStart();
}

/**
 * The top of the report: targets, totals, and the reliability of the results.
 *
 * @module
 */
/** @import { Summary } from "../../result/summary.ts" */
/** @import { Fact } from "./elements.js" */
/** @import { Scan } from "./data.js" */
import { ABSENCE, countIn, hostStatus, isUsual, STATES } from "./data.js";
import { tripQuantile } from "./distributions.js";
import { button, byId, make, showFacts, stateClass, stateMark } from "./elements.js";
import { counted, grouped, shareText, smallText, spanText, timeText, tripText } from "./text.js";

/** Longer texts stand below the title. */
const LONGEST_TITLE = 48;
const LONGEST_PORTS = 90;

/** @param {Scan} scan */
export function showHead({ head, summary, hosts }) {
  const only = head.hosts === 1 ? hosts[0] : undefined;
  const targets = head.targets ?? "";
  const what = only !== undefined
    ? only.name === "" ? only.ip : only.name
    : targets !== "" && targets.length <= LONGEST_TITLE
    ? targets
    : counted(head.hosts ?? 0, "host");
  byId("title").textContent = what;
  document.title = `synscan: ${what}, ${timeText(head.startedAtMs ?? NaN).slice(0, 10)}`;
  /** @type {[string, string][]} */
  const facts = [];
  if (only !== undefined && only.name !== "") facts.push(["Address", only.ip]);
  if (targets !== "" && targets !== what && targets !== only?.ip) facts.push(["Targets", targets]);
  if (only === undefined && what === targets) facts.push(["Hosts", hostsText(head.hosts ?? 0, summary?.hosts)]);
  if (head.ports !== undefined) facts.push(["Ports", portsText(head.ports)]);
  const source = [head.machine ?? "", ...head.sources ?? []].filter((text) => text !== "");
  if (source.length > 0) {
    const [name = "", ...addresses] = source;
    facts.push(["Scanned from", addresses.length === 0 ? name : `${name} (${addresses.join(", ")})`]);
  }
  facts.push(["Started", timeText(head.startedAtMs ?? NaN)]);
  if (summary !== undefined) facts.push(["Took", spanText(summary.elapsedMs)]);
  byId("about").replaceChildren(
    ...facts.map(([label, value]) => make("div", {}, make("dt", {}, label), make("dd", {}, value))),
  );
  if (head.command !== undefined) {
    const command = byId("command");
    command.hidden = false;
    command.replaceChildren(make("code", {}, head.command));
  }
  const how = summary === undefined ? "" : `, ${summary.transport}, ${counted(summary.workers, "worker")}`;
  byId("footer").textContent = `synscan ${head.version ?? ""} (${head.technique ?? ""}${how}). ` +
    "This file holds all of its data and loads nothing.";
}

/**
 * @param {number} all
 * @param {number} [probed]
 */
function hostsText(all, probed = all) {
  return probed >= all ? grouped(all) : `${grouped(all)}, of which ${grouped(probed)} were probed`;
}

/** @param {{ count: number, text: string }} ports */
function portsText({ count, text }) {
  if (!/[,-]/.test(text)) return text;
  const short = text.length <= LONGEST_PORTS
    ? text
    : `${text.slice(0, text.lastIndexOf(",", LONGEST_PORTS) + 1 || LONGEST_PORTS)} …`;
  return `${grouped(count)}: ${short.replaceAll(",", ", ")}`;
}

/**
 * @typedef {object} Figure
 * @property {string} label
 * @property {string} value
 * @property {string} note
 * @property {string} [state]
 * @property {() => void} [show] lists what is counted
 */

/**
 * @param {Scan} scan
 * @param {(text: string, view: "hosts" | "ports") => void} searchFor
 */
export function showTotals({ head, summary, hosts, tally, has, times, quiet }, searchFor) {
  /** @param {string} state */
  const reported = (state) => tally.reduce((sum, [name, , count]) => name === state ? sum + count : sum, 0);
  /** @type {Record<string, number>} */
  const ports = {};
  for (const state of STATES) ports[state] = summary === undefined ? reported(state) : countIn(summary, state);
  const up = summary === undefined ? hosts.length : summary.hostsUp;
  const total = STATES.reduce((sum, state) => sum + (ports[state] ?? 0), 0);
  /** @param {string} state */
  const show = (state) =>
    state === "open" ? () => searchFor("state:open", "ports") : () => searchFor(`state:${state}`, "hosts");
  /** @type {Figure[]} */
  const figures = [
    {
      label: up === 1 ? "host up" : "hosts up",
      value: grouped(up),
      note: `of ${grouped(summary?.hosts ?? head.hosts ?? 0)}${othersText(hosts, quiet)}`,
      show: () => searchFor("is:up", "hosts"),
    },
    ...STATES.filter((state) => isUsual(state) || (ports[state] ?? 0) > 0).map((state) => ({
      label: state,
      value: grouped(ports[state] ?? 0),
      note: `${shareText(total === 0 ? 0 : (ports[state] ?? 0) / total)} of ports`,
      state,
      show: show(state),
    })),
  ];
  const median = tripQuantile(times, 0.5);
  if (has("rtt_ms") && median > 0) {
    figures.push({
      label: "median RTT",
      value: tripText(median),
      note: `95 % within ${tripText(tripQuantile(times, 0.95))}`,
    });
  }
  if (summary !== undefined) {
    figures.push({ label: "probes/s", value: grouped(summary.ratePps), note: `${grouped(summary.sent)} sent` });
  }
  byId("figures").replaceChildren(...figures.map(figureElement));
  const share = byId("share");
  share.hidden = total === 0;
  share.replaceChildren(
    ...STATES.filter((state) => (ports[state] ?? 0) > 0).map((state) => {
      const title = `${counted(ports[state] ?? 0, "port")} ${state}`;
      const part = button({ class: stateClass(state), title, tabindex: -1 }, show(state));
      part.style.flexGrow = String(ports[state] ?? 0);
      return part;
    }),
  );
}

/** @param {Figure} figure */
function figureElement({ label, value, note, state, show }) {
  const content = [
    make("b", {}, value),
    make(
      "span",
      { class: "what" },
      state === undefined ? "" : make("i", { class: `swatch ${stateClass(state)}` }),
      label,
    ),
    make("span", { class: "note" }, note),
  ];
  return make("li", {}, show === undefined ? make("div", {}, ...content) : button({}, show, ...content));
}

/** @type {Record<string, string>} */
const STATUS_WORDS = { silent: "silent", absent: "unreachable", rejected: "rejected", undecided: "undecided" };

/**
 * Returns the numbers of hosts without a reply of their own, by status.
 *
 * @param {Scan["hosts"]} hosts
 * @param {Scan["quiet"]} quiet
 */
function othersText(hosts, quiet) {
  /** @type {Record<string, number>} */
  const counts = {};
  /** @param {string} status @param {number} count */
  const add = (status, count) => counts[status] = (counts[status] ?? 0) + count;
  for (const host of hosts) add(hostStatus(host), 1);
  for (const [reason, count] of quiet) {
    const status = reason === "no-response" ? "silent" : ABSENCE.test(reason) ? "absent" : "rejected";
    add(reason === "undecided" ? reason : status, count);
  }
  return Object.entries(STATUS_WORDS).filter(([status]) => (counts[status] ?? 0) > 0)
    .map(([status, word]) => ` · ${grouped(counts[status] ?? 0)} ${word}`).join("");
}

/** @type {Record<string, string>} */
const ENDINGS = {
  done: "It was finished",
  deadline: "It ended at its deadline",
  interrupted: "It was interrupted",
  failed: "It failed",
};

/** @param {Scan} scan */
export function showTrust({ head, summary, tally, unlisted, quiet }) {
  const badge = byId("badge");
  const conclusion = byId("conclusion");
  const isTrusted = summary?.trusted === true;
  badge.className = byId("trust").className = isTrusted ? "trusted" : "doubt";
  // What went wrong is shown, and what went well can be looked up.
  if (!isTrusted) byId("trust-details").setAttribute("open", "");
  if (summary === undefined) {
    badge.textContent = "Cut off";
    conclusion.textContent = "This file was cut off before the scan ended. What it lists was found; of what it does " +
      "not list, nothing is known.";
  } else {
    const doubts = [];
    if (summary.ended !== "done") doubts.push(ENDINGS[summary.ended] ?? "It did not end as it should");
    if (summary.undecided > 0) doubts.push(`${counted(summary.undecided, "port")} could not be decided`);
    if (summary.expectedWrong >= 0.5) {
      const wrong = Math.ceil(summary.expectedWrong);
      doubts.push(`about ${counted(wrong, "result")} ${wrong === 1 ? "is" : "are"} expected to be wrong`);
    }
    badge.textContent = isTrusted ? "Can be trusted" : "Not to be trusted in full";
    conclusion.textContent = isTrusted
      ? `Every port was decided; ${smallText(summary.expectedWrong)} wrong results are expected` +
        `${summary.loss === null ? "" : ` at ${shareText(summary.loss)} loss`}.`
      : `Not to be trusted in full. ${doubts.join("; ")}${doubts.length > 0 ? "." : ""}`;
  }
  const warnings = byId("warnings");
  const texts = [...(summary?.warnings ?? [])];
  if (unlisted > 0) {
    texts.push(`${counted(unlisted, "open port")} are counted and not listed, as a browser could not show them`);
  }
  warnings.hidden = texts.length === 0;
  warnings.replaceChildren(...texts.map((text) => make("li", {}, text)));
  byId("trust-facts").hidden = summary === undefined;
  if (summary !== undefined) showTrustFacts(summary, head, quiet);
  const rows = [...tally].sort((one, other) => STATES.indexOf(one[0]) - STATES.indexOf(other[0]) || other[2] - one[2]);
  byId("reasons").replaceChildren(
    ...rows.map(([state, reason, count]) =>
      make("tr", {}, make("td", {}, stateMark(state)), make("td", {}, reason), make("td", { class: "number" }, count))
    ),
  );
}

/**
 * Shows a line for each count above 0, and one line that lists the others.
 *
 * @param {Summary} summary
 * @param {Scan["head"]} head
 * @param {Scan["quiet"]} quiet
 */
function showTrustFacts(summary, head, quiet) {
  const ports = counted(head.probes ?? summary.probes, "port");
  /** @type {Fact[]} */
  const facts = [
    ["How it ended", ENDINGS[summary.ended]?.replace(/^It (was )?/, "") ?? summary.ended, summary.ended !== "done"],
    ["Ports undecided", `${grouped(summary.undecided)} of ${ports}`, summary.undecided > 0],
    ["Wrong results expected", smallText(summary.expectedWrong), summary.expectedWrong >= 0.5],
    ["Round trips lost", summary.loss === null ? "unknown: none came back" : shareText(summary.loss), false],
  ];
  const suspects = summary.suspects ?? [];
  if (suspects.length > 0) {
    const names = suspects.slice(0, 6).map((/** @type {{ ip: string }} */ { ip }) => ip).join(", ");
    const more = suspects.length > 6 ? ` and ${grouped(suspects.length - 6)} more` : "";
    facts.push(["Something else answers for", names + more, true]);
  }
  /** @type {[label: string, count: number, standsOut: boolean][]} */
  const counts = [
    ["hosts that limit their replies", summary.cappedHosts, false],
    ["replies after their time-out", summary.late, false],
    ["duplicate replies", summary.duplicates, false],
    ["packets that matched no probe", summary.unmatched, false],
    ["packets that the kernel dropped unread", summary.receiveDrops, true],
    ["probes that waited for room to be sent", summary.sendRetries, false],
  ];
  const refused = Object.entries(summary.sendErrors ?? {});
  for (const [errno, count] of refused) {
    counts.push([`probes that the kernel refused: ${errno}`, Number(count), true]);
  }
  if (refused.length === 0) counts.push(["probes that the kernel refused", 0, true]);
  for (const [reason, hosts] of quiet) counts.push([`hosts without a reply of their own: ${reason}`, hosts, false]);
  for (const [label, count, standsOut] of counts) {
    if (count > 0) facts.push([label.charAt(0).toUpperCase() + label.slice(1), grouped(count), standsOut]);
  }
  showFacts(byId("facts"), facts);
  const none = counts.filter(([, count]) => count === 0).map(([label]) => label);
  byId("nothing").textContent = none.length === 0 ? "" : `None: ${none.join(", ")}.`;
}

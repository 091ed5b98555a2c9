/**
 * The top of the report: what was scanned, what was found, and how far to trust it.
 *
 * @module
 */
/** @import { Summary } from "../../result.ts" */
/** @import { Fact } from "./elements.js" */
/** @import { Scan } from "./data.js" */
import { byId, make, showFacts, stateMark } from "./elements.js";
import { STATES } from "./data.js";
import { counted, grouped, shareText, smallText, spanText, timeText } from "./text.js";

/** @param {Scan} scan */
export function showHead({ head, summary, hosts }) {
  const only = head.hosts === 1 ? hosts[0] : undefined;
  const what = only === undefined ? counted(head.hosts ?? 0, "host") : only.name === "" ? only.ip : only.name;
  byId("title").textContent = `Scan of ${what}`;
  document.title = `synscan: ${what}, ${timeText(head.startedAtMs ?? NaN).slice(0, 10)}`;
  const parts = [timeText(head.startedAtMs ?? NaN)];
  if (summary !== undefined) parts.push(`took ${spanText(summary.elapsedMs)}`);
  if (only !== undefined && only.name !== "") parts.unshift(only.ip);
  const [first, last] = [hosts[0], hosts.at(-1)];
  if (first !== undefined && last !== undefined && hosts.length > 1) {
    parts.push(`heard from ${first.ip} to ${last.ip}`);
  }
  byId("when").replaceChildren(...parts.map((part) => make("span", {}, part)));
  if (Array.isArray(head.args) && head.args.length > 0) {
    const command = byId("command");
    command.hidden = false;
    // Each word is a box of its own, so that lines break between words and not at a hyphen.
    const words = ["synscan", ...head.args].flatMap((word) => [make("span", {}, word), " "]);
    command.replaceChildren(make("code", {}, ...words));
  }
  const how = summary === undefined ? "" : `, ${summary.transport}, ${counted(summary.workers, "worker")}`;
  byId("footer").textContent = `synscan ${head.version ?? ""} (${head.technique ?? ""}${how}). ` +
    "This file holds all of its data and loads nothing.";
}

/** @param {Scan} scan */
export function showTotals({ head, summary, hosts, tally }) {
  /** @param {string} state */
  const reported = (state) => tally.reduce((sum, [name, , count]) => name === state ? sum + count : sum, 0);
  /** @type {Record<string, number>} */
  const ports = {};
  for (const state of STATES) ports[state] = summary === undefined ? reported(state) : summary[state];
  const up = summary === undefined ? hosts.length : summary.hostsUp;
  const total = STATES.reduce((sum, state) => sum + (ports[state] ?? 0), 0);
  /** @type {[label: string, value: string, note: string, state?: string][]} */
  const figures = [
    [up === 1 ? "host up" : "hosts up", grouped(up), `of ${grouped(head.hosts ?? 0)}`],
    ...STATES.map((state) => {
      const count = ports[state] ?? 0;
      return /** @type {[string, string, string, string]} */ ([
        state,
        grouped(count),
        `${shareText(total === 0 ? 0 : count / total)} of ports`,
        state,
      ]);
    }),
  ];
  if (summary !== undefined) {
    figures.push(["probes/s", grouped(summary.ratePps), `${grouped(summary.sent)} sent`]);
  }
  byId("figures").replaceChildren(
    ...figures.map(([label, value, note, state]) =>
      make(
        "div",
        {},
        make("dt", {}, state === undefined ? "" : make("i", { class: `swatch state-${state}` }), label),
        make("dd", {}, make("b", {}, value), " ", make("span", {}, note)),
      )
    ),
  );
  const share = byId("share");
  share.hidden = total === 0;
  share.replaceChildren(
    ...STATES.filter((state) => (ports[state] ?? 0) > 0).map((state) => {
      const part = make("span", { class: `state-${state}` });
      part.style.flexGrow = String(ports[state] ?? 0);
      return part;
    }),
  );
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
  const verdict = byId("verdict");
  const isTrusted = summary?.trusted === true;
  badge.className = byId("trust").className = isTrusted ? "trusted" : "doubt";
  if (summary === undefined) {
    badge.textContent = "Cut off";
    verdict.textContent = "This file was cut off before the scan ended. What it lists was found; of what it does " +
      "not list, nothing is known.";
  } else {
    const doubts = [];
    if (summary.ended !== "done") doubts.push(ENDINGS[summary.ended] ?? "It did not end as it should");
    if (summary.undecided > 0) doubts.push(`${counted(summary.undecided, "port")} could not be decided`);
    if (summary.expectedWrong >= 0.5) {
      const wrong = Math.ceil(summary.expectedWrong);
      doubts.push(`about ${counted(wrong, "verdict")} ${wrong === 1 ? "is" : "are"} expected to be wrong`);
    }
    badge.textContent = isTrusted ? "Can be trusted" : "Not to be trusted in full";
    verdict.textContent = isTrusted
      ? `Every port was decided, and ${smallText(summary.expectedWrong)} wrong verdicts are expected.`
      : `Not to be trusted in full. ${doubts.join("; ")}${doubts.length > 0 ? "." : ""}`;
  }
  const warnings = byId("warnings");
  const said = [...(summary?.warnings ?? [])];
  if (unlisted > 0) {
    said.push(`${counted(unlisted, "open port")} are counted and not listed, as a browser could not show them`);
  }
  warnings.hidden = said.length === 0;
  warnings.replaceChildren(...said.map((text) => make("li", {}, text)));
  byId("trust-facts").hidden = summary === undefined;
  if (summary !== undefined) showTrustFacts(summary, head, quiet);
  const heard = [...tally].sort((one, other) => STATES.indexOf(one[0]) - STATES.indexOf(other[0]) || other[2] - one[2]);
  byId("heard").replaceChildren(
    ...heard.map(([state, reason, count]) =>
      make("tr", {}, make("td", {}, stateMark(state)), make("td", {}, reason), make("td", { class: "number" }, count))
    ),
  );
}

/**
 * What counts is a line each; what did not happen is named in one.
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
    ["Wrong verdicts expected", smallText(summary.expectedWrong), summary.expectedWrong >= 0.5],
    ["Round trips lost", shareText(summary.loss), false],
  ];
  const suspects = summary.suspects ?? [];
  if (suspects.length > 0) {
    const names = suspects.slice(0, 6).map((/** @type {{ ip: string }} */ { ip }) => ip).join(", ");
    const more = suspects.length > 6 ? ` and ${grouped(suspects.length - 6)} more` : "";
    facts.push(["Something else answers for", names + more, true]);
  }
  /** @type {[label: string, count: number, standsOut: boolean][]} */
  const counts = [
    ["hosts that cap their answers", summary.cappedHosts, false],
    ["answers after their verdict", summary.late, false],
    ["answers given twice", summary.duplicates, false],
    ["packets that answered nothing asked", summary.unmatched, false],
    ["packets that the kernel dropped unread", summary.receiveDrops, true],
    ["probes that waited for room to be sent", summary.sendRetries, false],
  ];
  const refused = Object.entries(summary.sendErrors ?? {});
  for (const [errno, count] of refused) {
    counts.push([`probes that the kernel refused: ${errno}`, Number(count), true]);
  }
  if (refused.length === 0) counts.push(["probes that the kernel refused", 0, true]);
  for (const [reason, hosts] of quiet) counts.push([`hosts not heard: ${reason}`, hosts, false]);
  for (const [label, count, standsOut] of counts) {
    if (count > 0) facts.push([label.charAt(0).toUpperCase() + label.slice(1), grouped(count), standsOut]);
  }
  showFacts(byId("facts"), facts);
  const none = counts.filter(([, count]) => count === 0).map(([label]) => label);
  byId("nothing").textContent = none.length === 0 ? "" : `None: ${none.join(", ")}.`;
}

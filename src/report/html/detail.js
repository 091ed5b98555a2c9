/**
 * The details of a host.
 *
 * @module
 */
/** @import { Column } from "./columns.js" */
/** @import { Host } from "./data.js" */
/** @import { Fact } from "./elements.js" */
import { rowOf } from "./columns.js";
import { STATES } from "./data.js";
import { button, make, showFacts } from "./elements.js";
import { grouped, tripText } from "./text.js";

/** Ports listed below a host, and on paper. */
export const DETAIL_PORTS = 200;

/**
 * @param {Host} host
 * @param {Column[]} portColumns
 * @param {Fact[]} found facts about its services
 * @param {() => void} listAll
 */
export function detailOf(host, portColumns, found, listAll) {
  const list = make("dl", { class: "facts" });
  showFacts(list, [...hostFacts(host), ...found]);
  const detail = make("div", {}, list);
  const end = Math.min(host.endRow, host.firstRow + DETAIL_PORTS);
  const columns = portColumns.filter(({ name }) => name !== "address" && name !== "name");
  if (end > host.firstRow) {
    const body = make("tbody", {});
    for (let row = host.firstRow; row < end; row++) body.append(rowOf(columns, row));
    const heads = columns.map(({ label, class: kind }) => make("th", { scope: "col", class: kind }, label));
    detail.append(
      make(
        "table",
        { class: "small" },
        make("caption", { class: "unseen" }, `Ports of ${host.ip}`),
        make("thead", {}, make("tr", {}, ...heads)),
        body,
      ),
    );
  }
  if (host.endRow > end) {
    detail.append(button({ class: "more" }, listAll, `All ${grouped(host.endRow - host.firstRow)} ports`));
  }
  return detail;
}

/**
 * @param {Host} host
 * @returns {Fact[]}
 */
function hostFacts({ name, open, others, atLeast, smoothed, variation, suspicion, notes, os, path }) {
  /** @type {Fact[]} */
  const facts = [];
  if (name !== "") facts.push(["Name", name, false]);
  facts.push(["Open", grouped(open), false]);
  for (const state of STATES.slice(1)) {
    const reasons = others.filter(([other]) => other === state);
    if (reasons.length === 0) continue;
    const least = atLeast && state === "filtered" ? "at least " : "";
    const text = reasons.map(([, reason, count]) => `${grouped(count)} ${reason}`).join(", ");
    facts.push([state.charAt(0).toUpperCase() + state.slice(1), least + text, false]);
  }
  if (smoothed > 0) facts.push(["Round trip", `${tripText(smoothed)} ± ${tripText(variation)}`, false]);
  if (os !== "") facts.push(["OS guess", os, false]);
  for (const [title, text] of path) facts.push([title, text, false]);
  if (suspicion !== "") facts.push(["Suspect", `${suspicion}: something else answers for it`, true]);
  for (const note of notes) facts.push(["Note", note, true]);
  return facts;
}

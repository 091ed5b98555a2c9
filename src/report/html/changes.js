/**
 * The changes since the scan before.
 *
 * @module
 */
/** @import { Change, Scan } from "./data.js" */
/** @import { Item } from "./elements.js" */
import { portNumber, portSearch, portText } from "./data.js";
import { button, itemElement, make } from "./elements.js";
import { counted, grouped, timeText } from "./text.js";

const SHOWN_CHANGES = 8;
const MORE_CHANGES = 100;

/**
 * A card of the changes; undefined where nothing was compared.
 *
 * @param {Scan} scan
 * @param {(text: string, view: "hosts" | "ports") => void} searchFor
 */
export function changesCard(scan, searchFor) {
  const { changes } = scan;
  if (changes === undefined) return undefined;
  const { scan: earlier, startedAtMs, compared, opened, closed, otherwise, versions = 0, up, down, ports, more } =
    changes;
  const count = opened + closed + otherwise + versions + up.length + down.length;
  const items = [
    ...ports.filter(([, , before, after]) => before === "open" || after === "open").map((each) => portItem(scan, each)),
    ...up.map((ip) => hostItem(ip, "came up", "added")),
    ...down.map((ip) => hostItem(ip, "went down", "gone")),
    ...ports.filter(([, , before, after]) => before !== "open" && after !== "open").map((each) => portItem(scan, each)),
  ];
  /** @type {[number, string][]} */
  const totals = [
    [opened, `${grouped(opened)} opened`],
    [closed, `${grouped(closed)} no longer open`],
    [otherwise, `${grouped(otherwise)} changed otherwise`],
    [versions, `${grouped(versions)} with another version`],
    [up.length, `${counted(up.length, "host")} came up`],
    [down.length, `${counted(down.length, "host")} went down`],
    [more, `${grouped(more)} only counted`],
  ];
  const summaryText = totals.filter(([count]) => count > 0).map(([, text]) => text).join(", ");
  const list = make("ul", {});
  const card = make(
    "div",
    { class: "card changes", id: "changes" },
    make("h3", {}, `Changes since ${timeText(startedAtMs).slice(0, 10)} `, make("span", {}, grouped(count))),
    make(
      "p",
      { class: "hint" },
      `${summaryText === "" ? "No difference" : summaryText}; ${
        counted(compared, "port")
      } compared with scan ${earlier} of ${timeText(startedAtMs)}.`,
    ),
    list,
  );
  let shown = 0;
  const add = (/** @type {number} */ end) => {
    list.append(...items.slice(shown, end).map((item) => itemElement(item, searchFor)));
    shown = Math.min(items.length, end);
    rest.hidden = shown >= items.length;
    rest.textContent = `${grouped(Math.min(MORE_CHANGES, items.length - shown))} more of ${grouped(items.length)}`;
  };
  const rest = button({ class: "all" }, () => add(shown + MORE_CHANGES));
  card.append(rest);
  add(SHOWN_CHANGES);
  return card;
}

/**
 * @param {Scan} scan
 * @param {Change} change
 * @returns {Item}
 */
function portItem(scan, [ip, port, before, after, service, technique, versions, proto]) {
  const number = portNumber(port, proto);
  return {
    label: `${ip.includes(":") ? `[${ip}]` : ip}:${portText(number)}`,
    note: `${service === null ? "" : `${service} · `}${versions ?? `${before} → ${after}`}${
      (technique ?? null) === null ? "" : ` (${technique})`
    }`,
    search: `ip:${ip} ${portSearch(scan, [number])}`,
    view: after === "open" ? "ports" : "hosts",
    kind: (versions ?? null) !== null ? "other" : after === "open" ? "added" : before === "open" ? "gone" : "other",
  };
}

/**
 * @param {string} ip
 * @param {string} note
 * @param {string} kind
 * @returns {Item}
 */
function hostItem(ip, note, kind) {
  return { label: ip, note, search: `ip:${ip}`, view: "hosts", kind };
}

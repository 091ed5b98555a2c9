/**
 * The ports that are open most often, and the distribution of round trips.
 *
 * @module
 */
/** @import { Scan } from "./data.js" */
import { PORT_NUMBERS, portSearch, portText } from "./data.js";
import { button, byId, make, showFacts } from "./elements.js";
import { counted, grouped, tripText } from "./text.js";

const BARS = 10;
const MORE_BARS = 100;
const BINS_A_DECADE = 20;
const BINS_A_BAR = 2;

/**
 * Bars that search when pressed.
 *
 * @param {HTMLElement} section
 * @param {{ label: string, note: string, count: number, search: string }[]} bars
 * @param {(text: string) => void} searchFor
 */
function showBars(section, bars, searchFor) {
  const list = section.querySelector("ol");
  if (list === null) return;
  const most = bars.reduce((max, { count }) => Math.max(max, count), 1);
  /** @param {number} first @param {number} end */
  const items = (first, end) =>
    bars.slice(first, end).map(({ label, note, count, search }) => {
      const bar = make("i", {});
      bar.style.inlineSize = `${count / most * 100}%`;
      return make(
        "li",
        {},
        button(
          { "aria-label": `${label} ${note}: ${counted(count, "host")}. Search for it` },
          () => searchFor(search),
          make("span", { class: "label" }, make("b", {}, label), note === "" ? "" : ` ${note}`),
          make("span", { class: "track" }, bar),
          make("span", { class: "number" }, count),
        ),
      );
    });
  list.replaceChildren(...items(0, BARS));
  if (bars.length <= BARS) return;
  let shown = BARS;
  const more = button({ class: "more" }, () => {
    const first = shown;
    shown = Math.min(bars.length, first + MORE_BARS);
    list.append(...items(first, shown));
    list.querySelectorAll("button")[first]?.focus();
    more.hidden = shown === bars.length;
    more.textContent = label();
  });
  const label = () => `${grouped(Math.min(MORE_BARS, bars.length - shown))} more of ${grouped(bars.length)}`;
  more.textContent = label();
  section.append(more);
}

/**
 * @param {Scan} scan
 * @param {(text: string) => void} searchFor
 */
export function showDistributions(scan, searchFor) {
  const { hosts, rows, causes, services } = scan;
  const byPort = new Uint32Array(PORT_NUMBERS);
  const isOpen = causes.map(([state]) => state === "open");
  for (let row = 0; row < rows.count; row++) {
    const port = rows.number[row] ?? 0;
    if (isOpen[rows.cause[row] ?? 0]) byPort[port] = (byPort[port] ?? 0) + 1;
  }
  const ports = [];
  for (let port = 0; port < byPort.length; port++) {
    const count = byPort[port] ?? 0;
    if (count === 0) continue;
    const note = services.get(port) ?? "";
    ports.push({ label: portText(port), note, count, search: portSearch(scan, [port]) });
  }
  // For one host, its list of ports shows the same.
  byId("by-port").hidden = hosts.length === 1 || ports.length === 0;
  showBars(byId("by-port"), ports.sort((one, other) => other.count - one.count), searchFor);
}

/**
 * The round trip, in microseconds, within which a share of the replies came; 0 where none was timed.
 *
 * @param {number[]} times
 * @param {number} share 0 to 1
 */
export function tripQuantile([first = 0, ...bins], share) {
  const total = bins.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [at, count] of bins.entries()) {
    if (count > 0 && below + count >= share * total) {
      return 10 ** ((first + at + (share * total - below) / count) / BINS_A_DECADE);
    }
    below += count;
  }
  return 0;
}

/** @param {Scan} scan */
export function showTimes({ has, times }) {
  const [first = 0, ...bins] = times;
  byId("times").hidden = !has("rtt_ms");
  const histogram = byId("histogram");
  const total = bins.reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    histogram.replaceChildren(make("p", { class: "hint" }, "No reply was timed."));
    return;
  }
  // At least two decades, so that a single peak still looks like one.
  const least = Math.min(first, Math.round(first + bins.length / 2 - BINS_A_DECADE));
  const from = (Math.floor(least / BINS_A_BAR) - 1) * BINS_A_BAR;
  const bars = [];
  for (
    let bin = from;
    bin < Math.max(first + bins.length, from + 2 * BINS_A_DECADE) + BINS_A_BAR;
    bin += BINS_A_BAR
  ) {
    bars.push((bins[bin - first] ?? 0) + (bins[bin + 1 - first] ?? 0));
  }
  const to = from + bars.length * BINS_A_BAR;
  const most = Math.max(...bars);
  const plot = make("div", { class: "plot" });
  for (const [at, count] of bars.entries()) {
    const bin = from + at * BINS_A_BAR;
    const bar = make("i", { class: count > 0 ? "some" : undefined });
    bar.style.blockSize = `${count / most * 100}%`;
    bar.title =
      `${tripText(10 ** (bin / BINS_A_DECADE))} to ${tripText(10 ** ((bin + BINS_A_BAR) / BINS_A_DECADE))}: ` +
      counted(count, "reply", "replies");
    plot.append(bar);
  }
  const axis = make("div", { class: "axis" });
  for (let decade = Math.ceil(from / BINS_A_DECADE); decade * BINS_A_DECADE <= to; decade++) {
    const tick = make("span", {}, decade < 3 ? `${10 ** decade} µs` : tripText(10 ** decade).replace(/\.0+ /, " "));
    const place = (decade * BINS_A_DECADE - from) / (to - from);
    tick.style.insetInlineStart = `${place * 100}%`;
    // At an end there is no room for half of it.
    if (place < 0.05 || place > 0.95) tick.style.transform = `translateX(${place < 0.5 ? 0 : -100}%)`;
    axis.append(tick);
  }
  const middle = tripText(tripQuantile(times, 0.5));
  const high = tripText(tripQuantile(times, 0.95));
  const chart = make(
    "div",
    { role: "img", "aria-label": `${counted(total, "reply", "replies")}; half within ${middle}, 95 % within ${high}` },
    plot,
    axis,
  );
  histogram.replaceChildren(chart);
  showFacts(byId("time-facts"), [
    ["Replies timed", grouped(total), false],
    ["Median", middle, false],
    ["95 % within", high, false],
    ["99 % within", tripText(tripQuantile(times, 0.99)), false],
  ]);
}

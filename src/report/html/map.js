/**
 * The map of the address space.
 *
 * @module
 */
/** @import { Host, Scan } from "./data.js" */
import { ipv4Text } from "./address.js";
import { hostStatus } from "./data.js";
import { byId, make } from "./elements.js";
import { Prefixes } from "./prefixes.js";
import { counted, grouped } from "./text.js";

/**
 * Three scales: a row for each /24 and a cell for each address, or the same one or two bytes further up. Columns are
 * always the values of one byte, so that a place on the map can be read without a key.
 */
const SCALES = [
  { shift: 0, block: "/24", cell: "address", steps: [1, 2, 5, 10], of: "open port" },
  { shift: 8, block: "/16", cell: "/24", steps: [1, 4, 16, 64], of: "host with open ports" },
  { shift: 16, block: "/8", cell: "/16", steps: [1, 16, 256, 4096], of: "host with open ports" },
];
const MOST_BLOCKS = 256;
const MAP_HEIGHT = 460;

/** @typedef {{ number: number, hosts: Host[], open: number, up: number, suspect: boolean }} Cell */

const HOST_TEXTS = {
  up: "up, no port open",
  silent: "no reply",
  absent: "unreachable",
  rejected: "others replied for it",
  undecided: "not probed to the end",
};

export class AddressMap {
  #canvas = /** @type {HTMLCanvasElement} */ (byId("map-canvas"));
  #frame = byId("map-frame");
  #scale = SCALES[0];
  /** @type {Map<number, Cell>} */
  #cells = new Map();
  /** @type {Cell[]} */
  #order = [];
  /** @type {number[]} */
  #blocks = [];
  #geometry = {
    cols: 256,
    width: 4,
    height: 4,
    gutter: 0,
    tops: /** @type {number[]} */ ([]),
    topOf: /** @type {Map<number, number>} */ (new Map()),
  };
  #at = -1;
  #searchFor;
  /** First and last cell of each range that was to be probed, in order; undefined where that is not known. */
  #probed = /** @type {(readonly [number, number])[] | undefined} */ (undefined);
  /** The same of what is out of reach, by whom others reply for. */
  #absent = /** @type {(readonly [number, number])[]} */ ([]);
  #isWhole = true;
  /** @type {Prefixes | undefined} */
  #prefixes;

  /**
   * @param {Scan} scan
   * @param {(text: string) => void} searchFor
   */
  constructor(scan, searchFor) {
    const { hosts, head, summary, unreached } = scan;
    this.#searchFor = searchFor;
    this.#isWhole = summary?.ended === "done" && !head.args?.includes("--shard");
    const known = hosts.filter(({ address }) => address >= 0);
    const section = byId("map");
    if (hosts.length === 0 || head.hosts === 1) {
      section.hidden = true;
      return;
    }
    this.#prefixes = new Prefixes(scan, searchFor);
    if (known.length === 0) {
      this.#frame.hidden = true;
      this.#describe();
      return;
    }
    for (const scale of SCALES) {
      this.#scale = scale;
      this.#blocks = [...new Set(known.map(({ address }) => Math.floor(address / 2 ** (scale.shift + 8))))];
      if (this.#blocks.length <= MOST_BLOCKS) break;
    }
    this.#addBlocks(head.ranges ?? []);
    for (const host of known) {
      const number = Math.floor(host.address / 2 ** (this.#scale?.shift ?? 0));
      let cell = this.#cells.get(number);
      if (cell === undefined) {
        cell = { number, hosts: [], open: 0, up: 0, suspect: false };
        this.#cells.set(number, cell);
        this.#order.push(cell);
      }
      cell.hosts.push(host);
      if (hostStatus(host) === "up") cell.up++;
      cell.open += this.#scale?.shift === 0 ? host.open : Math.sign(host.open);
      cell.suspect ||= this.#scale?.shift === 0 && host.suspicion !== "";
    }
    const size = 2 ** (this.#scale?.shift ?? 0);
    /** @param {number} address */
    const cellOf = (address) => Math.floor(address / size);
    this.#probed = head.ranges?.map(([first, last]) => [cellOf(first), cellOf(last)]);
    this.#absent = this.#scale?.shift === 0 ? unreached.map(([, first, last]) => [first, last]) : [];
    this.#describe();
    this.#listen();
    new ResizeObserver(() => this.draw()).observe(this.#frame);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /**
   * Networks that were probed and have no host, where there are not too many.
   *
   * @param {readonly (readonly [first: number, last: number])[]} ranges
   */
  #addBlocks(ranges) {
    const size = 2 ** ((this.#scale?.shift ?? 0) + 8);
    const blocks = new Set(this.#blocks);
    for (const [first, last] of ranges) {
      for (let block = Math.floor(first / size); block <= Math.floor(last / size); block++) {
        if (blocks.add(block).size > MOST_BLOCKS) return;
      }
    }
    this.#blocks = [...blocks].sort((one, other) => one - other);
  }

  #describe() {
    const scale = this.#scale;
    if (scale === undefined) return;
    const { count = 0, length } = this.#prefixes ?? {};
    const prefixes = count === 0
      ? ""
      : `${counted(count, `/${length} prefix`, `/${length} prefixes`)} of IPv6; each cell is a host. `;
    if (this.#blocks.length === 0) byId("map-about").replaceChildren(prefixes);
    else {
      const networks = counted(this.#blocks.length, `${scale.block} network`);
      const cell = scale.cell === "address" ? "an address" : `a ${scale.cell} network`;
      byId("map-about").replaceChildren(
        `${networks}; each cell is ${cell}. ${prefixes}`,
        make("span", { class: "keys" }, "Arrow keys go from one host to the next, Enter lists it."),
      );
    }
    const [one = 1, two = 2, three = 3, four = 4] = scale.steps;
    /** @param {number} from @param {number} to */
    const range = (from, to) => from === to ? `${from}` : `${grouped(from)}–${grouped(to)}`;
    const items = [
      ["none", this.#probed === undefined ? "no reply, or not probed" : "not probed"],
      ...this.#probed === undefined ? [] : [["silent", this.#isWhole ? "no reply" : "no reply, or not probed yet"]],
      ...this.#hasAbsent() ? [["absent", "unreachable"]] : [],
      ["heard", "up, none open"],
      ["open-1", `${range(one, two - 1)} ${scale.of.replace(/^host/, "hosts")}`],
      ["open-2", range(two, three - 1)],
      ["open-3", range(three, four - 1)],
      ["open-4", `${grouped(four)} and more`],
    ];
    if (this.#order.some(({ suspect }) => suspect)) items.push(["suspect", "something else answers"]);
    byId("map-legend").replaceChildren(
      ...items.map(([name, text]) => make("li", {}, make("i", { class: `swatch map-${name}` }), text ?? "")),
    );
  }

  /** Draws the map at the width that it has. */
  draw() {
    const width = this.#frame.clientWidth;
    const context = this.#canvas.getContext("2d");
    if (width === 0 || context === null) return;
    const isNarrow = width < 560;
    const font = `${isNarrow ? 10 : 11}px ${getComputedStyle(this.#canvas).fontFamily}`;
    context.font = font;
    const labels = this.#blocks.map((block) => this.#blockLabel(block, isNarrow));
    const gutter = Math.ceil(Math.max(...labels.map((label) => context.measureText(label).width))) + 10;
    const layout = this.#layOut(width - gutter, isNarrow);
    const top = 18;
    const lines = 256 / layout.cols;
    const tops = /** @type {number[]} */ ([]);
    let y = top;
    for (const [at, block] of this.#blocks.entries()) {
      const before = this.#blocks[at - 1];
      if (before !== undefined) y += before + 1 === block ? layout.gap : layout.jump;
      tops.push(y);
      y += lines * layout.height;
    }
    const topOf = new Map(this.#blocks.map((block, at) => [block, tops[at] ?? 0]));
    this.#geometry = { cols: layout.cols, width: layout.width, height: layout.height, gutter, tops, topOf };
    const density = Math.max(1, globalThis.devicePixelRatio || 1);
    const wide = gutter + layout.cols * layout.width + 1;
    const high = Math.ceil(y) + 2;
    this.#canvas.width = Math.ceil(wide * density);
    this.#canvas.height = Math.ceil(high * density);
    this.#canvas.style.width = `${wide}px`;
    this.#canvas.style.aspectRatio = `${wide} / ${high}`;
    context.scale(density, density);
    this.#paint(context, font, labels);
  }

  /**
   * @param {number} width
   * @param {boolean} isNarrow
   */
  #layOut(width, isNarrow) {
    const count = this.#blocks.length;
    for (const cols of isNarrow ? [32, 64, 128] : [64, 128]) {
      const side = Math.min(16, Math.floor(width / cols));
      const lines = 256 / cols;
      const jump = Math.min(10, side + 2);
      if (count * (lines * side + jump) <= MAP_HEIGHT) return { cols, width: side, height: side, gap: 4, jump };
    }
    const jump = count > 64 ? 1 : 2;
    const height = Math.max(2, Math.min(12, Math.floor(MAP_HEIGHT / count) - jump));
    return { cols: 256, width: Math.max(1, Math.floor(width / 256 * 2) / 2), height, gap: 0, jump };
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {string} font
   * @param {string[]} labels
   */
  #paint(context, font, labels) {
    const { cols, width, height, gutter, tops } = this.#geometry;
    const style = getComputedStyle(document.documentElement);
    /** @param {string} name */
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const lines = 256 / cols;
    context.font = font;
    context.fillStyle = color("muted");
    context.textBaseline = "middle";
    for (let tick = 0; tick < 4; tick++) {
      const value = tick * cols / 4;
      context.fillText(`${lines === 1 ? "." : "+"}${value}`, gutter + value * width, 7);
    }
    let labelled = -Infinity;
    for (const [at, top] of tops.entries()) {
      for (let line = 0; line < lines; line++) {
        const middle = top + line * height + Math.min(height, 13) / 2 + 1;
        if (middle - labelled < 11) continue;
        labelled = middle;
        if (line === 0) {
          context.fillText(labels[at] ?? "", 0, middle);
          continue;
        }
        context.textAlign = "right";
        context.fillText(`.${line * cols}`, gutter - 10, middle);
        context.textAlign = "left";
      }
    }
    context.fillStyle = color("map-none");
    const inset = width >= 6 ? 1 : 0;
    for (const top of tops) {
      if (inset === 0) {
        context.fillRect(gutter, top, cols * width, lines * height);
        continue;
      }
      for (let cell = 0; cell < 256; cell++) {
        const x = gutter + cell % cols * width;
        context.fillRect(x, top + Math.floor(cell / cols) * height, width - inset, height - inset);
      }
    }
    for (const [name, ranges] of /** @type {const} */ ([["silent", this.#probed ?? []], ["absent", this.#absent]])) {
      context.fillStyle = color(`map-${name}`);
      this.#paintRanges(context, ranges);
    }
    const colors = ["map-heard", "map-open-1", "map-open-2", "map-open-3", "map-open-4"].map(color);
    const suspect = color("map-suspect");
    for (const cell of this.#order) {
      const { x, y } = this.#place(cell.number);
      const step = colors[this.#step(cell.open)] ?? "";
      context.fillStyle = cell.suspect ? suspect : cell.up > 0 ? step : color(`map-${this.#statusOf(cell)}`);
      context.fillRect(x, y, width - inset, height - inset);
    }
    const chosen = this.#order[this.#at];
    if (chosen !== undefined) {
      const { x, y } = this.#place(chosen.number);
      context.strokeStyle = color("text");
      context.lineWidth = 2;
      context.strokeRect(x - 2, y - 2, width - inset + 4, height - inset + 4);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {readonly (readonly [number, number])[]} ranges
   */
  #paintRanges(context, ranges) {
    const { width, height } = this.#geometry;
    const inset = width >= 6 ? 1 : 0;
    for (const [first, last] of ranges) {
      for (const block of this.#blocks) {
        const end = Math.min(last, block * 256 + 255);
        for (let cell = Math.max(first, block * 256); cell <= end; cell++) {
          const { x, y } = this.#place(cell);
          context.fillRect(x, y, width - inset, height - inset);
        }
      }
    }
  }

  #hasAbsent() {
    return this.#absent.length > 0 || this.#order.some((cell) => cell.up === 0 && this.#statusOf(cell) === "absent");
  }

  /** Returns the look of a cell without a host that replied itself. @param {Cell} cell */
  #statusOf(cell) {
    return cell.hosts.some((host) => ["absent", "rejected"].includes(hostStatus(host))) ? "absent" : "silent";
  }

  /** @param {number} number */
  #isProbed(number) {
    return this.#probed?.some(([first, last]) => first <= number && number <= last);
  }

  /** @param {number} open */
  #step(open) {
    const steps = this.#scale?.steps ?? [];
    let step = 0;
    while (step < steps.length && open >= (steps[step] ?? Infinity)) step++;
    return step;
  }

  /** @param {number} number */
  #place(number) {
    const { cols, width, height, gutter, topOf } = this.#geometry;
    const top = topOf.get(Math.floor(number / 256)) ?? 0;
    const cell = number % 256;
    return { x: gutter + cell % cols * width, y: top + Math.floor(cell / cols) * height };
  }

  /**
   * @param {number} block
   * @param {boolean} isShort
   */
  #blockLabel(block, isShort) {
    const scale = this.#scale ?? SCALES[0];
    const address = ipv4Text(block * 2 ** ((scale?.shift ?? 0) + 8));
    const bytes = address.split(".").slice(0, 3 - (scale?.shift ?? 0) / 8).join(".");
    return isShort ? `${bytes}.` : `${address}${scale?.block ?? ""}`;
  }

  #listen() {
    const canvas = this.#canvas;
    /** @param {MouseEvent} event */
    const under = (event) => {
      const box = canvas.getBoundingClientRect();
      const { cols, width, height, gutter, tops } = this.#geometry;
      const scale = parseFloat(canvas.style.width) / box.width;
      const x = (event.clientX - box.left) * scale - gutter;
      const y = (event.clientY - box.top) * scale;
      const at = tops.findLastIndex((top) => top <= y);
      const line = Math.floor((y - (tops[at] ?? 0)) / height);
      const column = Math.floor(x / width);
      if (at < 0 || column < 0 || column >= cols || line >= 256 / cols) return undefined;
      return (this.#blocks[at] ?? 0) * 256 + line * cols + column;
    };
    canvas.addEventListener("mousemove", (event) => {
      const number = under(event);
      byId("map-readout").textContent = number === undefined ? "" : this.#tell(number);
    });
    canvas.addEventListener("mouseleave", () => byId("map-readout").textContent = "");
    canvas.addEventListener("click", (event) => {
      const number = under(event);
      const cell = number === undefined ? undefined : this.#cells.get(number);
      if (cell === undefined) return;
      this.#choose(this.#order.indexOf(cell));
      this.#searchFor(this.#term(cell.number));
    });
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => this.#choose(-1));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.#order.length - 1;
    const block = Math.floor((this.#order[this.#at]?.number ?? 0) / 256);
    /** @type {Record<string, () => number>} */
    const moves = {
      ArrowRight: () => Math.min(last, this.#at + 1),
      ArrowLeft: () => Math.max(0, this.#at - 1),
      ArrowDown: () => {
        const next = this.#order.findIndex(({ number }) => Math.floor(number / 256) > block);
        return next < 0 ? last : next;
      },
      ArrowUp: () => {
        const before = this.#order.findLast(({ number }) => Math.floor(number / 256) < block);
        const first = Math.floor((before?.number ?? 0) / 256);
        return Math.max(0, this.#order.findIndex(({ number }) => Math.floor(number / 256) === first));
      },
      Home: () => 0,
      End: () => last,
    };
    const chosen = this.#order[this.#at];
    if (event.key === "Enter" && chosen !== undefined) this.#searchFor(this.#term(chosen.number));
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    this.#choose(this.#at < 0 ? 0 : move());
  }

  /** @param {number} at */
  #choose(at) {
    if (at === this.#at) return;
    this.#at = at;
    const cell = this.#order[at];
    byId("map-readout").textContent = cell === undefined ? "" : this.#tell(cell.number);
    this.draw();
  }

  /**
   * The words for which to search.
   *
   * @param {number} number
   */
  #term(number) {
    const shift = this.#scale?.shift ?? 0;
    const address = ipv4Text(number * 2 ** shift);
    return shift === 0 ? address : `${address}/${32 - shift}`;
  }

  /**
   * Returns the description of a cell.
   *
   * @param {number} number
   */
  #tell(number) {
    const cell = this.#cells.get(number);
    const term = this.#term(number);
    if (cell === undefined) {
      if (this.#absent.some(([first, last]) => first <= number && number <= last)) return `${term}: unreachable`;
      const isProbed = this.#isProbed(number);
      if (isProbed === undefined) return `${term}: no reply, or not probed`;
      return `${term}: ${isProbed ? this.#isWhole ? "no reply" : "no reply, or not probed yet" : "not probed"}`;
    }
    const [host] = cell.hosts;
    if (this.#scale?.shift !== 0 || host === undefined) {
      return `${term}: ${counted(cell.up, "host")} up, ${grouped(cell.open)} with open ports`;
    }
    const name = host.name === "" ? "" : ` ${host.name}`;
    const suspicion = host.suspicion === "" ? "" : `, suspect: ${host.suspicion}`;
    return `${term}${name}: ${
      host.open === 0 ? HOST_TEXTS[hostStatus(host)] : counted(host.open, "open port")
    }${suspicion}`;
  }
}

/**
 * The table of hosts and ports: searched, sorted, in pages.
 *
 * @module
 */
/** @import { Column } from "./columns.js" */
/** @import { Host, Scan } from "./data.js" */
/** @import { Fact } from "./elements.js" */
/** @import { Hits } from "./search.js" */
import { hostColumns, nameText, portColumns, rowOf } from "./columns.js";
import { hostStatus, keyOf, portText, serviceOf } from "./data.js";
import { DETAIL_PORTS, detailOf } from "./detail.js";
import { button, byId, make } from "./elements.js";
import { copyText, csvText, hostEntries, jsonText, portEntries, saveFile } from "./export.js";
import { linkOf, readLink } from "./link.js";
import { hitsOf } from "./search.js";
import { counted, grouped } from "./text.js";

/** Ports that a row names before it counts the rest. */
const NAMED_PORTS = 12;
/** Rows that a print of a long table has. */
const PRINTED_ROWS = 500;

/** @typedef {{ count: number, label: string, isShown: boolean, isUsual: boolean }} More */

/** Below the address of a host that did not reply itself. */
const STATUS_TEXTS = {
  silent: "no reply",
  absent: "unreachable",
  rejected: "others replied",
  undecided: "not probed to the end",
};

export class Table {
  #scan;
  #search = /** @type {HTMLInputElement} */ (byId("search"));
  #all = /** @type {HTMLInputElement} */ (byId("all"));
  #size = /** @type {HTMLSelectElement} */ (byId("page-size"));
  /** @type {"hosts" | "ports"} */
  #view = "hosts";
  #sort = {
    hosts: { column: "address", isDown: false },
    ports: { column: "address", isDown: false },
  };
  #page = 0;
  /** Ranks of hosts, or numbers of rows. @type {Uint32Array} */
  #items = new Uint32Array();
  /** @type {Hits[]} */
  #hits = [];
  /** @type {Set<number>} */
  #unfolded = new Set();
  #isPrinting = false;
  /** @type {Record<"hosts" | "ports", Column[]>} */
  #columns;
  /** True for each cause, by its number, of an open port. @type {boolean[]} */
  #isOpen;
  /** Items that are hidden unless requested. @type {Record<"hosts" | "ports", More>} */
  #more;
  /** The fragment of the page's address that describes the table. */
  #link = "";

  /** @param {Scan} scan */
  constructor(scan) {
    this.#scan = scan;
    this.#columns = {
      hosts: hostColumns(scan, (host) => this.#addressCell(host), (host) => this.#portsCell(host)),
      ports: portColumns(scan),
    };
    const { hosts, rows, causes } = scan;
    this.#isOpen = causes.map(([state]) => state === "open");
    const without = hosts.filter(({ open }) => open === 0).length;
    const others = rows.cause.reduce((count, cause) => this.#isOpen[cause] ? count : count + 1, 0);
    this.#more = {
      hosts: {
        count: without,
        label: `Also ${counted(without, "host")} without an open port`,
        isShown: false,
        isUsual: false,
      },
      ports: {
        count: others,
        label: `Also ${counted(others, "port")} that ${others === 1 ? "is" : "are"} not open`,
        isShown: false,
        isUsual: false,
      },
    };
    // Where nothing is open, the rest is what there is to see.
    if (without === hosts.length) {
      for (const more of [this.#more.hosts, this.#more.ports]) more.isShown = more.isUsual = true;
    }
    if (scan.hosts.length === 1) this.#unfolded.add(0);
    this.#listen();
    if (!this.#follow()) this.#show("hosts");
  }

  /**
   * Shows what fits the words, as if they had been typed.
   *
   * @param {string} text
   * @param {"hosts" | "ports"} [view]
   */
  searchFor(text, view = this.#view) {
    this.#search.value = text;
    this.#show(view);
    byId("found").scrollIntoView();
    this.#search.focus({ preventScroll: true });
  }

  /** @param {boolean} isPrinting */
  print(isPrinting) {
    this.#isPrinting = isPrinting;
    this.#draw();
  }

  #listen() {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let waiting;
    this.#search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.#find(), 80);
    });
    byId("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      this.#find();
    });
    for (const [id, act] of this.#actions()) byId(id).addEventListener("click", act);
    addEventListener("hashchange", () => {
      if (location.hash !== this.#link && this.#follow()) byId("found").scrollIntoView();
    });
    this.#search.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.#search.value === "") return;
      event.preventDefault();
      this.#search.value = "";
      this.#find();
    });
    this.#all.addEventListener("change", () => {
      this.#more[this.#view].isShown = this.#all.checked;
      this.#find();
    });
    this.#size.addEventListener("change", () => {
      this.#page = 0;
      this.#draw();
    });
    byId("view-hosts").addEventListener("click", () => this.#show("hosts"));
    byId("view-ports").addEventListener("click", () => this.#show("ports"));
    for (const turn of byId("pages").querySelectorAll("button")) {
      turn.addEventListener("click", () => {
        const last = this.#pageCount() - 1;
        const page = { first: 0, previous: this.#page - 1, next: this.#page + 1, last }[turn.dataset.page ?? ""] ?? 0;
        this.#page = Math.max(0, Math.min(last, page));
        this.#draw();
        // A button that has just been switched off would lose the focus.
        if (turn.disabled) byId("found").focus({ preventScroll: true });
      });
    }
  }

  /** @param {"hosts" | "ports"} view */
  #show(view) {
    this.#view = view;
    byId("view-hosts").setAttribute("aria-pressed", String(view === "hosts"));
    byId("view-ports").setAttribute("aria-pressed", String(view === "ports"));
    const { count, label, isShown } = this.#more[view];
    this.#all.checked = isShown;
    byId("all-text").textContent = label;
    byId("all-label").hidden = count === 0;
    this.#find();
  }

  /** Applies the fragment of the page's address; returns false if it does not describe the table. */
  #follow() {
    const shown = readLink(location.hash);
    if (shown === undefined) return false;
    const { search, view, all, sort, isDown } = shown;
    this.#search.value = search;
    if (this.#columns[view].some(({ name, by }) => name === sort && by !== undefined)) {
      this.#sort[view] = { column: sort, isDown };
    }
    if (this.#more[view].count > 0) this.#more[view].isShown = all || this.#more[view].isUsual;
    this.#show(view);
    return true;
  }

  /** Sets the page's address to the current view. */
  #note() {
    const { column: sort, isDown } = this.#sort[this.#view];
    const { isShown, isUsual } = this.#more[this.#view];
    const all = isShown && !isUsual;
    const link = linkOf({ search: this.#search.value.trim(), view: this.#view, all, sort, isDown });
    if (link === this.#link) return;
    this.#link = link;
    try {
      history.replaceState(null, "", link === "" ? location.pathname + location.search : link);
    } catch {
      // In a preview of a mail, a page may have no address of its own.
    }
  }

  /** @returns {[id: string, act: () => void][]} */
  #actions() {
    const name = `synscan-${new Date(this.#scan.head.startedAtMs ?? 0).toISOString().slice(0, 10)}`;
    const entries = () =>
      this.#view === "ports" ? portEntries(this.#scan, this.#items) : hostEntries(this.#scan, this.#items);
    /** @param {string} text @param {string} what */
    const copy = async (text, what) =>
      byId("done").textContent = await copyText(text) ? `Copied ${what}` : "This browser lets nothing be copied";
    return [
      ["copy", () => {
        const lines = this.#addresses();
        void copy(lines.map((line) => `${line}\n`).join(""), counted(lines.length, "line"));
      }],
      ["csv", () => saveFile(`${name}.csv`, "text/csv", csvText(entries()))],
      ["json", () => saveFile(`${name}.json`, "application/json", jsonText(entries()))],
      ["link", () => void copy(location.href, "the link to this list")],
    ];
  }

  /** Returns the matches as `address:port`, of UDP as `address:U:port`: ports, or the matching open ports of hosts. */
  #addresses() {
    const { hosts, rows } = this.#scan;
    /** @param {number} row */
    const text = (row) => {
      const ip = hosts[rows.host[row] ?? 0]?.ip ?? "";
      const port = rows.port[row] ?? 0;
      return `${ip.includes(":") ? `[${ip}]` : ip}:${rows.number[row] === port ? "" : "U:"}${port}`;
    };
    // A port that several techniques have found has one line.
    if (this.#view === "ports") return [...new Set(Array.from(this.#items, text))];
    const lines = new Set();
    for (const rank of this.#items) {
      const { firstRow = 0, endRow = 0 } = hosts[rank] ?? {};
      const isWhole = this.#hits.every((hits) => hits.hosts[rank] || hits.counted[rank]);
      for (let row = firstRow; row < endRow; row++) {
        if (this.#isOpen[rows.cause[row] ?? 0] && (isWhole || this.#fits(row))) lines.add(text(row));
      }
    }
    return [...lines];
  }

  /** Returns true if every word of the search matches the row. @param {number} row */
  #fits(row) {
    const { rows: { host, number, cause }, found } = this.#scan;
    const [h, n, c] = [host[row] ?? 0, number[row] ?? 0, cause[row] ?? 0];
    const key = keyOf(this.#scan, row);
    const isFound = found.has(key);
    for (const { hosts, ports, services, detected, causes } of this.#hits) {
      if (!hosts[h] && !ports[n] && !causes[c] && !(isFound ? detected.has(key) : services[n])) return false;
    }
    return true;
  }

  #find() {
    const { hosts, rows } = this.#scan;
    const { isShown } = this.#more[this.#view];
    this.#hits = hitsOf(this.#scan, this.#search.value);
    const found = new Uint32Array(this.#view === "hosts" ? hosts.length : rows.count);
    let count = 0;
    if (this.#view === "ports") {
      // What a word of the search names (`filtered`, `no-response`) was requested.
      const isWanted = this.#isOpen.map((isOpen, cause) =>
        isShown || isOpen || this.#hits.some(({ causes }) => causes[cause])
      );
      for (let row = 0; row < rows.count; row++) {
        if (isWanted[rows.cause[row] ?? 0] && this.#fits(row)) found[count++] = row;
      }
    } else {
      for (const { rank, open, firstRow, endRow } of hosts) {
        // As above: `is:silent`, `state:closed` and the like were requested.
        if (!isShown && open === 0 && !this.#hits.some(({ isAsked }) => isAsked)) continue;
        let fits = this.#hits.every((hits) => hits.hosts[rank] || hits.counted[rank]);
        for (let row = firstRow; row < endRow && !fits; row++) fits = this.#fits(row);
        if (fits) found[count++] = rank;
      }
    }
    this.#items = found.subarray(0, count);
    this.#order();
    this.#page = 0;
    this.#draw();
  }

  /** Sorts what was found. What is equal stays in the order of addresses and ports; what is not known comes last. */
  #order() {
    const { column, isDown } = this.#sort[this.#view];
    const by = this.#columns[this.#view].find(({ name }) => name === column)?.by;
    const items = this.#items;
    items.sort();
    if (by === undefined || column === "address" && !isDown) return;
    const values = Array.from(items, (item) => by(item));
    const words = [...new Set(values.filter((value) => typeof value === "string"))].sort((one, other) =>
      one < other ? -1 : 1
    );
    const ranks = new Map(words.map((word, rank) => [word, rank]));
    const most = 2 ** 31;
    const keys = Float64Array.from(values, (value, at) => {
      const rank = typeof value === "string" ? value === "" ? -1 : ranks.get(value) ?? 0 : value;
      return (rank < 0 ? most : isDown ? most - 1 - rank : rank) * 2 ** 21 + at;
    });
    keys.sort();
    const before = items.slice();
    keys.forEach((key, at) => items[at] = before[key % 2 ** 21] ?? 0);
  }

  #pageSize() {
    return this.#isPrinting ? PRINTED_ROWS : Number(this.#size.value);
  }

  #pageCount() {
    return Math.max(1, Math.ceil(this.#items.length / this.#pageSize()));
  }

  #draw() {
    const columns = this.#columns[this.#view];
    byId("done").textContent = "";
    this.#note();
    const size = this.#pageSize();
    const first = this.#isPrinting ? 0 : this.#page * size;
    const shown = this.#items.subarray(first, first + size);
    const body = make("tbody", {});
    for (const item of shown) this.#drawItem(body, columns, item);
    const table = make(
      "table",
      { class: `list ${this.#view}` },
      make("caption", { class: "unseen" }, this.#view === "hosts" ? "Hosts" : "Ports"),
      make("thead", {}, make("tr", {}, ...columns.map((column) => this.#heading(column)))),
      body,
    );
    byId("table").replaceChildren(table);
    const total = this.#items.length;
    const what = this.#view === "hosts" ? counted(total, "host") : counted(total, "port");
    const end = first + shown.length;
    byId("count").textContent = total === 0
      ? "Nothing fits"
      : total === shown.length
      ? what
      : this.#isPrinting
      ? `The first ${grouped(end)} of ${what}`
      : `${grouped(first + 1)} to ${grouped(end)} of ${what}`;
    const pages = this.#pageCount();
    byId("pages").hidden = pages === 1 && total <= 25;
    byId("page-at").textContent = `${grouped(this.#page + 1)} of ${grouped(pages)}`;
    for (const turn of byId("pages").querySelectorAll("button")) {
      const isBack = turn.dataset.page === "first" || turn.dataset.page === "previous";
      turn.disabled = isBack ? this.#page === 0 : this.#page >= pages - 1;
    }
  }

  /** @param {Column} column */
  #heading(column) {
    const { name, label, by } = column;
    const sort = this.#sort[this.#view];
    const isSorted = sort.column === name;
    const order = isSorted ? sort.isDown ? "descending" : "ascending" : "none";
    return make(
      "th",
      { scope: "col", class: column.class, "aria-sort": by === undefined ? undefined : order },
      by === undefined || this.#isPrinting ? label : button({ "data-sort": name }, () => {
        // The first press shows the most; addresses, names and words begin at their beginning.
        sort.isDown = sort.column === name ? !sort.isDown : column.class?.includes("number") ?? false;
        sort.column = name;
        this.#order();
        this.#page = 0;
        this.#draw();
        const again = byId("table").querySelector(`button[data-sort="${name}"]`);
        if (again instanceof HTMLElement) again.focus({ preventScroll: true });
      }, label),
    );
  }

  /**
   * @param {HTMLElement} body
   * @param {Column[]} columns
   * @param {number} item
   */
  #drawItem(body, columns, item) {
    body.append(rowOf(columns, item));
    const host = this.#scan.hosts[item];
    if (this.#view !== "hosts" || host === undefined || !this.#unfolded.has(item)) return;
    const detail = detailOf(host, this.#columns.ports, this.#factsOf(host), () => {
      this.#show("ports");
      this.searchFor(host.ip);
    });
    body.append(
      make("tr", { class: "detail", id: `host-${item}` }, make("td", { colspan: columns.length }, detail)),
    );
  }

  /** @param {Host} host */
  #addressCell(host) {
    const { ip, name, rank, suspicion } = host;
    const isUnfolded = this.#unfolded.has(rank);
    const cell = make("div", {});
    const fold = button(
      {
        class: "fold",
        "aria-expanded": String(isUnfolded),
        "aria-controls": isUnfolded ? `host-${rank}` : undefined,
      },
      () => this.#fold(rank),
      ip,
    );
    fold.dataset.rank = String(rank);
    cell.append(fold);
    if (name !== "") cell.append(make("span", { class: "under" }, nameText(name)));
    if (suspicion !== "") cell.append(make("span", { class: "suspect" }, suspicion));
    const status = hostStatus(host);
    if (status !== "up") cell.append(make("span", { class: "status" }, STATUS_TEXTS[status]));
    return cell;
  }

  /** @param {number} rank */
  #fold(rank) {
    if (!this.#unfolded.delete(rank)) this.#unfolded.add(rank);
    this.#draw();
    const again = byId("table").querySelector(`button[data-rank="${rank}"]`);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }

  /** Facts about a host's services, each with its port. @param {Host} host @returns {Fact[]} */
  #factsOf(host) {
    const { rows, found } = this.#scan;
    if (found.size === 0) return [];
    return Array.from({ length: Math.min(DETAIL_PORTS, host.endRow - host.firstRow) }, (_, at) => host.firstRow + at)
      .flatMap((row) => {
        const { facts = [] } = found.get(keyOf(this.#scan, row)) ?? {};
        const port = portText(rows.number[row] ?? 0);
        return facts.map(([title, text]) => /** @type {Fact} */ ([`${port} ${title}`, text, false]));
      });
  }

  /** Open ports in few words; those that the search fits come first. @param {Host} host */
  #portsCell(host) {
    const { rows } = this.#scan;
    const list = make("div", { class: "chips" });
    const most = this.#isPrinting ? DETAIL_PORTS : NAMED_PORTS;
    let named = 0;
    const isSearch = this.#hits.length > 0 && !this.#hits.every((hits) => hits.hosts[host.rank]);
    for (const wanted of isSearch ? [true, false] : [false]) {
      for (let row = host.firstRow; row < host.endRow && named < most; row++) {
        if (!this.#isOpen[rows.cause[row] ?? 0]) continue;
        const isHit = isSearch && this.#fits(row);
        if (isHit !== wanted) continue;
        const service = serviceOf(this.#scan, row);
        list.append(
          make(
            isHit ? "mark" : "span",
            {},
            make("b", {}, portText(rows.number[row] ?? 0)),
            service === "" ? "" : `\u00a0${service}`,
          ),
          " ",
        );
        named++;
      }
    }
    if (host.open > named) {
      list.append(make("em", {}, named === 0 ? grouped(host.open) : `${grouped(host.open - named)} more`));
    }
    return list;
  }
}

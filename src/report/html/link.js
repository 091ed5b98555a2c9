/**
 * The view of the table as the fragment of the page's address, so that a link restores it.
 *
 * @module
 */

/**
 * @typedef {object} Shown
 * @property {string} search
 * @property {"hosts" | "ports"} view
 * @property {boolean} all whether hosts and ports that are not open are listed as well
 * @property {string} sort
 * @property {boolean} isDown
 */

/** @type {Readonly<Shown>} */
const USUAL = { search: "", view: "hosts", all: false, sort: "address", isDown: false };

/**
 * @param {Shown} shown
 * @returns {string} empty where everything is as usual
 */
export function linkOf({ search, view, all, sort, isDown }) {
  const parts = new URLSearchParams();
  if (search !== USUAL.search) parts.set("search", search);
  if (view !== USUAL.view) parts.set("view", view);
  if (all) parts.set("all", "1");
  if (sort !== USUAL.sort || isDown) parts.set("sort", isDown ? `-${sort}` : sort);
  const text = parts.toString();
  return text === "" ? "" : `#${text}`;
}

/**
 * Returns the view of a link, or undefined if the fragment holds none.
 *
 * @param {string} hash
 * @returns {Shown | undefined}
 */
export function readLink(hash) {
  if (!/^#(search|view|all|sort)=/.test(hash)) return undefined;
  const parts = new URLSearchParams(hash.slice(1));
  const sort = parts.get("sort") ?? USUAL.sort;
  return {
    search: (parts.get("search") ?? "").slice(0, 1000),
    view: parts.get("view") === "ports" ? "ports" : "hosts",
    all: parts.get("all") === "1",
    sort: sort.replace(/^-/, ""),
    isDown: sort.startsWith("-"),
  };
}

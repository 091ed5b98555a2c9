/**
 * The page of the report for browsers: markup, style and script around the lines of data.
 *
 * @module
 */
import { createHash } from "node:crypto";
import address from "./html/address.js" with { type: "text" };
import changed from "./html/changes.js" with { type: "text" };
import columns from "./html/columns.js" with { type: "text" };
import data from "./html/data.js" with { type: "text" };
import detail from "./html/detail.js" with { type: "text" };
import distributions from "./html/distributions.js" with { type: "text" };
import elements from "./html/elements.js" with { type: "text" };
import exports from "./html/export.js" with { type: "text" };
import link from "./html/link.js" with { type: "text" };
import main from "./html/main.js" with { type: "text" };
import map from "./html/map.js" with { type: "text" };
import notable from "./html/notable.js" with { type: "text" };
import style from "./html/page.css" with { type: "text" };
import page from "./html/page.html" with { type: "text" };
import prefixes from "./html/prefixes.js" with { type: "text" };
import search from "./html/search.js" with { type: "text" };
import summaries from "./html/summary.js" with { type: "text" };
import table from "./html/table.js" with { type: "text" };
import words from "./html/text.js" with { type: "text" };

/** The end of the page, after the data. */
export const CLOSING = "</script>\n</body>\n</html>\n";

/** The modules of the script; the last one runs the others. */
const MODULES = [
  ...[words, address, elements, data, summaries, distributions, prefixes, map, search, columns, detail],
  ...[link, exports, notable, changed, table, main],
];
/** Imports and exports, which one script does not need: all names differ. */
const JOINTS = /^(?:\/\*\* @import .*|import [^;]*;)\n|^export /gm;

/** Joins the modules to one script. */
function script(): string {
  return MODULES.map((module) => module.replace(JOINTS, "")).join("\n");
}

const SCRIPT = script();

/** Returns the SHA-256 of a text as a source expression. */
function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Content Security Policy Level 3: only this style and this script are used, and nothing is loaded. */
const POLICY = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(SCRIPT)}; ` +
  `base-uri 'none'; form-action 'none'`;

/** Returns the page up to the data. */
export function opening(): string {
  return page
    .replace("POLICY", () => POLICY)
    .replace("<style></style>", () => `<style>${style}</style>`)
    .replace('<script type="module"></script>', () => `<script type="module">${SCRIPT}</script>`)
    .replace(/<\/body>\s*<\/html>\s*$/, '<script type="application/json" id="scan">\n');
}

/** Returns JSON for a script element: nothing in it can end the element or open another (HTML, section 4.12.1.3). */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

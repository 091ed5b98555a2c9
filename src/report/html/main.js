/**
 * Shows the scan that is in this file.
 *
 * @module
 */
import { readScan } from "./data.js";
import { showDistributions, showTimes } from "./distributions.js";
import { byId } from "./elements.js";
import { AddressMap } from "./map.js";
import { showNotable } from "./notable.js";
import { showHead, showTotals, showTrust } from "./summary.js";
import { Table } from "./table.js";

const scan = readScan(byId("scan").textContent ?? "");
showHead(scan);
showTrust(scan);
const table = new Table(scan);
/** @param {string} text @param {"hosts" | "ports"} [view] */
const searchFor = (text, view) => table.searchFor(text, view);
showTotals(scan, searchFor);
showNotable(scan, searchFor);
showDistributions(scan, searchFor);
showTimes(scan);
const map = new AddressMap(scan, searchFor);

/**
 * On paper the whole table stands, in the colours of paper.
 *
 * @param {boolean} isPrinting
 */
function toPaper(isPrinting) {
  document.documentElement.classList.toggle("on-paper", isPrinting);
  table.print(isPrinting);
  map.draw();
}

addEventListener("beforeprint", () => toPaper(true));
addEventListener("afterprint", () => toPaper(false));

// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { hasVendor } from "./library.js";


// src/report/vendors.ts
var vendors_exports = /* @__PURE__ */ __exportAll({ VendorList: (() => VendorList) });
const BLOCK = /^[\dA-F]{2}-[\dA-F]{2}-[\dA-F]{2}[ \t]+\(hex\)[ \t]+\S/m;
const BLOCK_SIZE = 2 ** 24;
const MAX_NAME_LEN = 60;
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
var VendorList = class VendorList {
	#text;
	#names = /* @__PURE__ */ new Map();
	constructor(text) {
		this.#text = text;
	}
	static in(text) {
		return BLOCK.test(text) ? new VendorList(text) : void 0;
	}
	of(mac) {
		if (!hasVendor(mac)) return void 0;
		const block = Math.floor(mac / BLOCK_SIZE);
		if (!this.#names.has(block)) this.#names.set(block, this.#nameOf(block));
		return this.#names.get(block);
	}
	#nameOf(block) {
		const hex = block.toString(16).toUpperCase().padStart(6, "0");
		const start = `${hex.slice(0, 2)}-${hex.slice(2, 4)}-${hex.slice(4)} `;
		for (let at = this.#text.indexOf(start); at >= 0; at = this.#text.indexOf(start, at + 1)) {
			if (at > 0 && this.#text[at - 1] !== "\n") continue;
			const end = this.#text.indexOf("\n", at);
			const line = this.#text.slice(at + start.length, end < 0 ? void 0 : end);
			const [, name] = /^[ \t]*\(hex\)[ \t]+(\S.*?)\s*$/.exec(line) ?? [];
			if (name !== void 0) return name.replace(UNPRINTABLE, "").slice(0, MAX_NAME_LEN);
		}
	}
};

export { vendors_exports as t };
// Sources: SHA-256 5d65f41e712270a014c229d981dd81b152eed2f4dbfedadebcaacc14c10f210b
// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { listHosts, planScan, scan, suggestSource } from "./library.js";
const run$1 = (async function run$1(scanner) {
	if (Deno.args.length === 1 && Deno.args[0] === "--version" && printVersion()) Deno.exit(0);
	const { run } = await import("./main.js").then(((n) => n.t));
	return await run(scanner);
});


// src/cli/version.ts
const VERSION = "0.1.0";
const RELEASED = "2026-11-21";

// src/cli/start.ts

function printVersion() {
	try {
		const text = new TextEncoder().encode(`synscan ${VERSION}\n`);
		return Deno.stdout.writeSync(text) === text.length;
	} catch {
		return false;
	}
}

// \0entry:start
const run = (() => run$1({
	listHosts,
	planScan,
	scan,
	suggestSource
}));

export { VERSION as n, run, RELEASED as t };
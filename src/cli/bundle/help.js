// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { G as GROUPS, W as FLAGS, a as SUBCOMMANDS, o as flagsOf, s as TOPICS, ut as wrapped } from "./main.js";
import { n as VERSION } from "./start.js";


// src/cli/docs/blocks.ts
const WIDTH = 80;
const MAX_NAMES_WIDTH = 26;
function row(name, texts, namesWidth) {
	const names = [name].flat();
	const last = names.at(-1) ?? "";
	const indent = " ".repeat(namesWidth);
	const lines = texts.flatMap((text) => wrapped(text, 80 - namesWidth)).map((line) => indent + line);
	const fits = last.length + 4 <= namesWidth && lines.length > 0;
	if (fits) lines[0] = `  ${last}`.padEnd(namesWidth) + lines[0].slice(namesWidth);
	return `${[...names.slice(0, fits ? -1 : void 0).map((each) => `  ${each}`), ...lines].join("\n")}\n`;
}
function blocksText(blocks, flagsText) {
	return blocks.map((block) => {
		if (typeof block === "string") return `${wrapped(plain(block), 80).join("\n")}\n`;
		if ("heading" in block) return wrapped(`${block.heading}:`, 80).join("\n");
		if ("code" in block) return block.code.map((line) => `    ${line}`.trimEnd() + "\n").join("");
		if ("flags" in block) return `${block.flags}:\n${flagsText(block.flags)}`;
		const longest = Math.max(...block.rows.flatMap(([name]) => [name].flat()).map((name) => name.length));
		const width = Math.min(longest + 4, MAX_NAMES_WIDTH);
		return block.rows.map(([name, text]) => row(name, [plain(text)], width)).join("");
	}).join("\n");
}
function plain(text) {
	return text.replaceAll("`", "");
}

// src/cli/docs/help.ts
var help_exports = /* @__PURE__ */ __exportAll({
	helpText: () => helpText,
	topicText: () => topicText
});
const NAMES_WIDTH = 30;
const TITLE = "TCP and UDP port scanner with SYN, connect and UDP scans";
const TARGET_HELP = "A TARGET is an address, a block (192.0.2.0/24), a range (192.0.2.1-9, 10.0.0-3.1-254) or a name; it can have its own ports (192.0.2.7:22,80).";
const SCAN_ONLY = "Scan only hosts that you are allowed to scan.";
const EXAMPLES = [
	["192.0.2.7", "the 1,000 most useful ports of a host"],
	["-p- -T4 192.0.2.7", "every port but 0, at a high rate"],
	["-p 22 --open 192.0.2.0/24", "hosts whose SSH port is open"],
	["-iL hosts -oA found", "targets from a file, reports in nmap's formats"]
];
const EXIT_STATUS = "Exit status: 0 done, 1 wrong usage, 2 cannot run, 3 incomplete or not trusted, 130 interrupted. Scan only hosts that you are allowed to scan.";
function helpText({ all, subcommand }) {
	if (subcommand !== void 0) return subcommandText(subcommand);
	const groups = GROUPS.map((group) => {
		return `${group}:\n${FLAGS.filter((flag) => flag.group === group && (all || flag.often === true)).map((flag) => all ? long(flag) : short(flag)).join("")}`;
	});
	const subcommands = SUBCOMMANDS.map((each) => row(usageOf(each), all ? textsOf(each) : [each.help], NAMES_WIDTH)).join("");
	const examples = EXAMPLES.map(([line, does]) => row(`synscan ${line}`, [does], 38)).join("");
	return [
		`synscan ${VERSION}: ${TITLE}\n\nUsage: synscan [FLAGS] TARGET...\n       synscan SUBCOMMAND ...\n`,
		`${wrapped(TARGET_HELP, 80).join("\n")}\n`,
		...groups,
		`Subcommands, as the first argument (synscan -- man scans a host of that name):\n${subcommands}`,
		`Examples:\n${examples}`,
		`Topics of synscan help TOPIC:\n${wrapped(TOPICS.map(({ name }) => name).join(", "), 80 - 2).map((line) => `  ${line}\n`).join("")}`,
		`${wrapped(EXIT_STATUS, 80).join("\n")}\n${all ? "" : "synscan --help all explains every flag.\n"}`
	].join("\n");
}
async function topicText(name) {
	const topic = TOPICS.find((topic) => topic.name === name);
	if (topic === void 0) return "";
	const { BLOCKS } = await topic.load();
	const flagsOf = (group) => FLAGS.filter((flag) => flag.group === group).map(long).join("");
	return `${topic.title}\n\n${blocksText(BLOCKS, flagsOf)}`;
}
function subcommandText(subcommand) {
	const flags = flagsOf(subcommand).map(long).join("");
	const texts = textsOf(subcommand).flatMap((text) => wrapped(`${text}.`, 80)).join("\n");
	return `Usage: synscan ${usageOf(subcommand)} [FLAGS]\n\n${texts}\n\nFlags:\n${flags}`;
}
function usageOf({ name, takes }) {
	return `${name} ${takes}`.trim();
}
function textsOf({ help, more }) {
	return more === void 0 ? [help] : [help, more];
}
function flagNames(flag) {
	const short = flag.also.filter((spelling) => !spelling.startsWith("--"));
	const value = flag.takes === void 0 ? "" : ` ${flag.takes}`;
	return [...short.slice(0, 1), flag.name].join(", ") + value;
}
function short(flag) {
	return row(flagNames(flag), [flag.help], NAMES_WIDTH);
}
function long(flag) {
	const others = flag.also.filter((spelling) => !flagNames(flag).split(/[ ,]+/).includes(spelling));
	const lines = [
		flag.help,
		flag.more,
		flag.byDefault === void 0 ? void 0 : `Default: ${flag.byDefault}`,
		others.length === 0 ? void 0 : `Also written ${others.join(", ")}`
	];
	return row(flagNames(flag), lines.filter((line) => line !== void 0), NAMES_WIDTH);
}

export { help_exports as a, TITLE as i, SCAN_ONLY as n, plain as o, TARGET_HELP as r, EXAMPLES as t };
// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { G as FLAGS, K as GROUPS, a as SUBCOMMANDS, dt as wrapped, lt as hangingIndent, o as flagsOf, s as TOPICS } from "./main.js";
import { n as VERSION } from "./start.js";


// src/cli/docs/blocks.ts
const MAX_NAMES_WIDTH = 26;
function row(name, texts, { namesWidth, width }) {
	const names = [name].flat();
	const last = names.at(-1) ?? "";
	const indent = hangingIndent(namesWidth, width);
	const lines = texts.flatMap((text) => wrapped(text, width - indent)).map((line) => " ".repeat(indent) + line);
	const fits = last.length + 4 <= indent && lines.length > 0;
	if (fits) lines[0] = `  ${last}`.padEnd(indent) + lines[0].slice(indent);
	return `${[...names.slice(0, fits ? -1 : void 0).map((each) => `  ${each}`), ...lines].join("\n")}\n`;
}
function blocksText(blocks, { flagsText, width }) {
	return blocks.map((block) => {
		if (typeof block === "string") return `${wrapped(plain(block), width).join("\n")}\n`;
		if ("heading" in block) return wrapped(`${block.heading}:`, width).join("\n");
		if ("code" in block) return block.code.map((line) => `    ${line}`.trimEnd() + "\n").join("");
		if ("flags" in block) return `${block.flags}:\n${flagsText(block.flags)}`;
		const longest = Math.max(...block.rows.flatMap(([name]) => [name].flat()).map((name) => name.length));
		const namesWidth = Math.min(longest + 4, MAX_NAMES_WIDTH);
		return block.rows.map(([name, text]) => row(name, [plain(text)], {
			namesWidth,
			width
		})).join("");
	}).join("\n");
}
function plain(text) {
	return text.replaceAll("`", "");
}

// src/cli/docs/help.ts
var help_exports = /* @__PURE__ */ __exportAll({
	flagText: () => flagText,
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
function helpText({ all, subcommand, columns = 80 }) {
	const width = Math.min(columns, 80);
	if (subcommand !== void 0) return subcommandText(subcommand, width);
	const paragraph = (text) => `${wrapped(text, width).join("\n")}\n`;
	const groups = GROUPS.map((group) => {
		return `${group}:\n${FLAGS.filter((flag) => flag.group === group && (all || flag.often === true)).map((flag) => all ? long(flag, width) : short(flag, width)).join("")}`;
	});
	const subcommands = SUBCOMMANDS.map((each) => row(usageOf(each), all ? textsOf(each) : [each.help], {
		namesWidth: NAMES_WIDTH,
		width
	})).join("");
	const examples = EXAMPLES.map(([line, does]) => row(`synscan ${line}`, [does], {
		namesWidth: 38,
		width
	})).join("");
	return [
		`${paragraph(`synscan ${VERSION}: ${TITLE}`)}\nUsage: synscan [FLAGS] TARGET...\n       synscan SUBCOMMAND ...\n`,
		paragraph(TARGET_HELP),
		...groups,
		`${paragraph("Subcommands, as the first argument (synscan -- man scans a host of that name):")}${subcommands}`,
		`Examples:\n${examples}`,
		`Topics of synscan help TOPIC:\n${wrapped(TOPICS.map(({ name }) => name).join(", "), width - 2).map((line) => `  ${line}\n`).join("")}`,
		`${paragraph(EXIT_STATUS)}${all ? "" : paragraph("synscan --help all explains every flag.")}`
	].join("\n");
}
async function topicText(name, { columns = 80 } = {}) {
	const topic = TOPICS.find((topic) => topic.name === name);
	if (topic === void 0) return "";
	const { BLOCKS } = await topic.load();
	const width = Math.min(columns, 80);
	const flagsText = (group) => FLAGS.filter((flag) => flag.group === group).map((flag) => long(flag, width)).join("");
	return `${topic.title}\n\n${blocksText(BLOCKS, {
		flagsText,
		width
	})}`;
}
function flagText(flag, { columns = 80 } = {}) {
	return long(flag, Math.min(columns, 80));
}
function subcommandText(subcommand, width) {
	const flags = flagsOf(subcommand).map((flag) => long(flag, width)).join("");
	const texts = textsOf(subcommand).flatMap((text) => wrapped(`${text}.`, width)).join("\n");
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
function short(flag, width) {
	return row(flagNames(flag), [flag.help], {
		namesWidth: NAMES_WIDTH,
		width
	});
}
function long(flag, width) {
	const others = flag.also.filter((spelling) => !flagNames(flag).split(/[ ,]+/).includes(spelling));
	const lines = [
		flag.help,
		flag.more,
		flag.byDefault === void 0 ? void 0 : `Default: ${flag.byDefault}`,
		others.length === 0 ? void 0 : `Also written ${others.join(", ")}`
	];
	return row(flagNames(flag), lines.filter((line) => line !== void 0), {
		namesWidth: NAMES_WIDTH,
		width
	});
}

export { help_exports as a, TITLE as i, SCAN_ONLY as n, plain as o, TARGET_HELP as r, EXAMPLES as t };
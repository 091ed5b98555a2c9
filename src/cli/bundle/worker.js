// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { $ as reasonCode, CannotScanError, UsageError } from "./library.js";
import { An as PacketMessages, Cr as udpDestinationPort, Et as runWorker, Tr as udpSourcePort, _n as measureAheadMs, br as checkUdp, di as isNoRoom, gn as SYSTEM_CLOCKS, wr as udpLen, xr as checkUdpFragment } from "./scan.js";
import { ur as libc } from "./main.js";
const readDatagram = (function readDatagram(view, at, length, reply, isFirst) {
	if ((isFirst ? checkUdpFragment(view, at, length) : checkUdp(view, at, length)) === 0) return reply.kind = 255;
	reply.dataLen = Math.min(udpLen(view, at), length) - 8;
	reply.host = reply.from;
	reply.port = udpSourcePort(view, at);
	reply.ownPort = udpDestinationPort(view, at);
	reply.number = at;
	reply.odd = false;
	return reply.kind = UDP_RESPONSE;
});


// src/transport/send_thread.ts
const WRITTEN = 0;
const TIMED = 1;
const DONE = 2;
const IS_WAITING = 3;
const IS_FULL = 4;
const RETRIES = 5;
const IS_ENDING = 6;
const HAS_ENDED = 7;
const WORDS = 8;
const MOST = 64;
const MOST_EACH_MS = .005;
const WAIT_MS = 100;
const ROOM_MS = .2;
var SendWords = class {
	words;
	errors;
	times;
	constructor(memory, count) {
		this.times = new Float64Array(memory, 0, count);
		this.errors = new Int32Array(memory, 8 * count, count);
		this.words = new Int32Array(memory, 12 * count, WORDS);
	}
	static lengthFor(count) {
		return 12 * count + 32;
	}
};
function runSendThread({ words: memory, fd, messages, count, wallAheadMs }) {
	const { words, errors, times } = new SendWords(memory, count);
	const batch = new PacketMessages(messages, count);
	const aheadMs = measureAheadMs(SYSTEM_CLOCKS) - wallAheadMs;
	let eachMs = 0;
	let done = 0;
	while (Atomics.load(words, 6) === 0) {
		const waiting = Atomics.load(words, 0) - done | 0;
		if (waiting === 0) {
			Atomics.store(words, 3, 1);
			Atomics.wait(words, 0, done, WAIT_MS);
			Atomics.store(words, 3, 0);
			continue;
		}
		const from = done & count - 1;
		const length = Math.min(waiting, MOST, count - from);
		const beforeMs = performance.now() + aheadMs;
		for (let at = 0; at < length; at++) times[from + at] = beforeMs + at * eachMs;
		Atomics.store(words, 1, done + length | 0);
		const result = batch.send(fd, from, length);
		if (result > 0) {
			const tookMs = (performance.now() + aheadMs - beforeMs) / result;
			for (let at = 0; at < result; at++) times[from + at] = beforeMs + at * tookMs;
			eachMs = Math.min(MOST_EACH_MS, tookMs);
			done = done + result | 0;
		} else if (isNoRoom(-result)) {
			Atomics.add(words, 5, 1);
			Atomics.store(words, 4, 1);
			Atomics.wait(words, 6, 0, ROOM_MS);
			continue;
		} else {
			errors[from] = -result;
			done = done + 1 | 0;
		}
		Atomics.store(words, 4, 0);
		Atomics.store(words, 2, done);
	}
	Atomics.store(words, 7, 1);
	Atomics.notify(words, 7);
}

// src/scan/worker.ts
const STATUS_EVERY_MS = 100;
const scope = globalThis;
let stop = false;
let paused = false;
let maxRatePps;
const absent = [];
let snapshotRequested = false;
const begun = Promise.withResolvers();
scope.addEventListener("message", (({ data }) => {
	if (data.kind === "begin") begun.resolve();
	else if (data.kind === "stop") stop = true;
	else if (data.kind === "pause") paused = data.pause;
	else if (data.kind === "rate") maxRatePps = data.maxRatePps;
	else if (data.kind === "absent") absent.push(...data.hosts);
	else if (data.kind === "snapshot") snapshotRequested = true;
	else if (data.kind === "prepare") prepareToSend();
	else if (data.kind === "send") runSendThread(data.task);
	else work(data.task);
}));
function prepareToSend() {
	libc();
	scope.postMessage({ kind: "ready" });
}
async function work(task) {
	let reportedAtMs = 0;
	try {
		const report = await runWorker(task, {
			onServiceData: task.handsOverData === true ? (host, port, data) => scope.postMessage({
				kind: "data",
				host,
				port,
				data
			}) : void 0,
			results: (rows, pass) => scope.postMessage({
				kind: "results",
				rows,
				pass
			}, [rows.buffer]),
			opened(opened) {
				scope.postMessage({
					kind: "opened",
					opened
				});
				return begun.promise;
			},
			afterStep(worker) {
				const nowMs = performance.now();
				if (nowMs - reportedAtMs >= STATUS_EVERY_MS) {
					reportedAtMs = nowMs;
					worker.flush();
					scope.postMessage({
						kind: "status",
						status: worker.status()
					});
				}
				if (snapshotRequested) {
					snapshotRequested = false;
					scope.postMessage({
						kind: "snapshot",
						snapshot: worker.snapshot()
					});
				}
				return {
					stop,
					pause: paused,
					maxRatePps,
					absent
				};
			}
		});
		scope.postMessage({
			kind: "report",
			report
		});
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const expected = error instanceof CannotScanError || error instanceof UsageError;
		scope.postMessage({
			kind: "failed",
			message,
			expected
		});
	}
	scope.close();
}

// src/technique/udp_headers.ts
const UDP_RESPONSE = reasonCode("udp-response");

function readQuotedDatagram(view, at, reply) {
	reply.port = udpDestinationPort(view, at);
	reply.ownPort = udpSourcePort(view, at);
	reply.number = at;
}

export { SendWords as i, readDatagram as n, readQuotedDatagram as r, UDP_RESPONSE as t };
// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.
import { t as __exportAll } from "./rolldown-runtime.js";
import { _n as measureAheadMs, gn as SYSTEM_CLOCKS } from "./scan.js";
import { i as SendWords } from "./worker.js";


// src/transport/thread_queue.ts
var thread_queue_exports = /* @__PURE__ */ __exportAll({ ThreadQueue: () => ThreadQueue });
const END_MS = 1e3;
const LEAST_ROOM_MS = .1;
const MOST_ROOM_MS = 4;
var ThreadQueue = class {
	sender;
	blocked = false;
	awaitsBuffer = false;
	roomMs = 0;
	#thread;
	#shared;
	#lengths;
	#ids;
	#written = 0;
	#timed = 0;
	#done = 0;
	#retries = 0;
	#doneMs = 0;
	#eachMs = 0;
	constructor(sender, thread) {
		const { count, fd, messages } = sender;
		const words = new SharedArrayBuffer(SendWords.lengthFor(count));
		this.sender = sender;
		this.#thread = thread;
		this.#shared = new SendWords(words, count);
		this.#ids = new Int32Array(count);
		this.#lengths = new Uint16Array(count);
		thread.begin({
			words,
			fd: fd.number,
			messages,
			count,
			wallAheadMs: measureAheadMs(SYSTEM_CLOCKS)
		});
	}
	reserve(destination) {
		const { sender } = this;
		if ((this.#written - this.#done | 0) === sender.count) return -1;
		const index = this.#written & sender.count - 1;
		sender.setDestination(index, destination);
		return index * sender.slotLen + sender.headerAt;
	}
	commit(length, id) {
		const index = this.#written & this.sender.count - 1;
		this.#written = this.#written + 1 | 0;
		this.#ids[index] = id;
		if (this.#lengths[index] === length) return;
		this.#lengths[index] = length;
		this.sender.setLength(index, length);
	}
	flush(sink, counters) {
		const { words } = this.#shared;
		if (this.#thread.hasFailed) throw new Error("Cannot send: the thread that sends has ended. Scan again");
		Atomics.store(words, 0, this.#written);
		if (Atomics.load(words, 3) === 1) Atomics.notify(words, 0);
		this.report(sink, counters);
		const waiting = this.#written - this.#done | 0;
		const { count } = this.sender;
		const left = waiting - count / 2;
		const isFull = waiting === count || this.roomMs > 0 && left > 0;
		this.roomMs = isFull ? Math.min(MOST_ROOM_MS, Math.max(LEAST_ROOM_MS, left * this.#eachMs)) : 0;
		this.blocked = isFull || Atomics.load(words, 4) === 1;
		return this.blocked ? waiting : 0;
	}
	report(sink, counters) {
		const { sender } = this;
		const { words, errors, times } = this.#shared;
		const last = sender.count - 1;
		const done = Atomics.load(words, 2);
		const timed = Atomics.load(words, 1);
		for (; this.#timed !== timed; this.#timed = this.#timed + 1 | 0) {
			const id = this.#ids[this.#timed & last];
			if (id >= 0) sink.sent(id, times[this.#timed & last]);
		}
		if (this.#done !== done) {
			const latestMs = times[done - 1 & last];
			this.#eachMs = (latestMs - this.#doneMs) / (done - this.#done | 0);
			this.#doneMs = latestMs;
		}
		for (; this.#done !== done; this.#done = this.#done + 1 | 0) {
			const index = this.#done & last;
			const errno = errors[index];
			if (errno === 0) {
				counters.sent++;
				continue;
			}
			errors[index] = 0;
			const at = index * sender.slotLen + sender.headerAt;
			sink.sendFailed(sender.slots, at, this.#lengths[index], errno, this.#ids[index]);
		}
		const retries = Atomics.load(words, 5);
		counters.sendRetries += retries - this.#retries;
		this.#retries = retries;
	}
	[Symbol.dispose]() {
		const { words } = this.#shared;
		Atomics.store(words, 6, 1);
		Atomics.notify(words, 6);
		Atomics.notify(words, 0);
		if (!this.#thread.hasFailed) Atomics.wait(words, 7, 0, END_MS);
		this.#thread.end();
	}
};

export { thread_queue_exports as t };
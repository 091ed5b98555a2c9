/**
 * Support for the tests of ffi/: features of this machine, network namespaces of their own, C programs, packets by hand.
 *
 * @module
 */

import { AF_INET, SOCK_DGRAM } from "../../ffi/constants.ts";
import { pin } from "../../ffi/memory.ts";
import { PollSet } from "../../ffi/poll.ts";
import type { Fd } from "../../ffi/fd.ts";
import { bindInet4, getSocketName, openSocket, pinInet4, receive, sendTo } from "../../ffi/socket.ts";
import { enterNetns } from "../support/netns.ts";

/** The root of the repository, as a path. */
export const ROOT: string = new URL("../../", import.meta.url).pathname;

/** True if a program can be run. */
export function hasProgram(name: string): boolean {
  const { success } = new Deno.Command("sh", { args: ["-c", `command -v ${name}`], stdout: "null", stderr: "null" })
    .outputSync();
  return success;
}

/** Defines a test that needs something of the machine; without it the test is skipped and its name says what to do. */
export function testWith(needed: boolean, need: string, name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: needed ? name : `${name} (skipped: ${need})`, ignore: !needed, fn });
}

const canMakeNamespaces = Deno.uid() === 0 && hasProgram("ip");

/** Defines a test in network namespaces of its own. */
export function testAsRoot(name: string, fn: () => void | Promise<void>): void {
  testWith(canMakeNamespaces, "run it as root, with iproute2 installed", name, fn);
}

/** Runs a program and returns its output. */
export function run(program: string, ...args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command(program, { args }).outputSync();
  if (!success) throw new Error(`Cannot run ${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** Runs a TypeScript program in a process of its own and returns its output. */
export function runScript(source: string, ...flags: string[]): string {
  const file = Deno.makeTempFileSync({ suffix: ".ts" });
  try {
    Deno.writeTextFileSync(file, source);
    return run(Deno.execPath(), "run", "--no-prompt", "--no-check", "--no-lock", "--no-config", ...flags, file);
  } finally {
    Deno.removeSync(file);
  }
}

/** A UDP socket on a free port of 127.0.0.1. */
export class Inbox implements Disposable {
  readonly fd: Fd = openSocket(AF_INET, SOCK_DGRAM, 0);

  constructor() {
    bindInet4(this.fd, 0x7f000001, 0);
  }

  /** Sends a datagram of one byte to it. */
  fill(): void {
    using sender = openSocket(AF_INET, SOCK_DGRAM, 0);
    sendTo(sender, pin(1), 0, 1, pinInet4(0x7f000001, getSocketName(this.fd).port));
  }

  empty(): void {
    while (receive(this.fd, pin(1), 0, 1) >= 0);
  }

  [Symbol.dispose](): void {
    this.fd.close();
  }
}

/** Waits up to 2 s for events of a descriptor and returns them. */
export function waitFor(fd: Fd, events: number): number {
  const set = new PollSet(1);
  set.set(0, fd, events);
  set.pollNow(2000);
  return set.revents(0);
}

/** A network namespace that lives until it is disposed of. Its loopback is up. */
export class Namespace implements Disposable {
  static #count = 0;
  readonly name: string;

  constructor() {
    this.name = `synF${Deno.pid}x${Namespace.#count++}`;
    run("ip", "netns", "add", this.name);
    this.ip("link set lo up");
  }

  [Symbol.dispose](): void {
    run("ip", "netns", "del", this.name);
  }

  /** Runs `ip` in the namespace. */
  ip(command: string): string {
    return run("ip", "-n", this.name, ...command.split(" "));
  }

  /** Runs any program in the namespace. */
  exec(program: string, ...args: string[]): string {
    return run("ip", "netns", "exec", this.name, program, ...args);
  }

  /** Calls a function while this thread is in the namespace. Sockets that it opens stay there. */
  within<Result>(fn: () => Result): Result {
    using _inside = enterNetns(this.name);
    return fn();
  }

  /** The index of an interface. */
  interfaceIndex(name: string): number {
    return Number(this.exec("cat", `/sys/class/net/${name}/ifindex`));
  }
}

/** Two namespaces joined by a veth pair: 10.61.0.1/24 on `left`, 10.61.0.2/24 on `right`, both named `wire0`. */
export class Pair implements Disposable {
  readonly left: Namespace;
  readonly right: Namespace;
  readonly #both: DisposableStack;

  constructor() {
    using both = new DisposableStack();
    this.left = both.use(new Namespace());
    this.right = both.use(new Namespace());
    this.left.ip(`link add wire0 type veth peer name wire0 netns ${this.right.name}`);
    this.left.ip("addr add 10.61.0.1/24 dev wire0");
    this.right.ip("addr add 10.61.0.2/24 dev wire0");
    this.left.ip("link set wire0 up");
    this.right.ip("link set wire0 up");
    this.#both = both.move();
  }

  [Symbol.dispose](): void {
    this.#both[Symbol.dispose]();
  }
}

/** Compiles and runs a C program, and returns the lines of its output. */
export function runC(source: string): string[] {
  const folder = Deno.makeTempDirSync({ prefix: "synscan-ffi-" });
  try {
    Deno.writeTextFileSync(`${folder}/main.c`, source);
    run("gcc", "-w", "-o", `${folder}/main`, `${folder}/main.c`);
    return run(`${folder}/main`).trimEnd().split("\n");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** `#include` lines for every header that a source file of ffi/ names in angle brackets. */
export function includesOf(file: string): string {
  const source = Deno.readTextFileSync(ROOT + file);
  const headers = new Set(Array.from(source.matchAll(/<([a-z0-9_/-]+\.h)>/g), (match) => match[1]));
  return ["#define _GNU_SOURCE", "#include <stdio.h>", "#include <stddef.h>", ...includes(headers)].join("\n");
}

function includes(headers: Iterable<string | undefined>): string[] {
  return Array.from(headers, (header) => `#include <${header}>`);
}

/** The fields of {@linkcode ipPacket}. */
interface PacketFields {
  source?: number;
  destination?: number;
  protocol?: number;
  /** Flags and fragment offset. */
  fragment?: number;
  /** Bytes of IP options. */
  optionsLen?: number;
  version?: number;
  payload?: readonly number[] | Uint8Array;
}

/** An IPv4 packet, its header checksum zero (the kernel fills it in when it is sent). */
export function ipPacket(fields: PacketFields): Uint8Array<ArrayBuffer> {
  const {
    source = 0x7f000001,
    destination = 0x7f000001,
    protocol = 6,
    fragment = 0,
    optionsLen = 0,
    version = 4,
    payload = [],
  } = fields;
  const headerLen = 20 + optionsLen;
  const packet = new Uint8Array(headerLen + payload.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, version << 4 | headerLen / 4);
  view.setUint16(2, packet.length);
  view.setUint16(6, fragment);
  view.setUint8(8, 64);
  view.setUint8(9, protocol);
  view.setUint32(12, source);
  view.setUint32(16, destination);
  packet.fill(1, 20, headerLen);
  packet.set(payload, headerLen);
  return packet;
}

/** A TCP header without options. */
export function tcpHeader(sourcePort: number, destinationPort: number): number[] {
  const bytes = (port: number) => [port >>> 8, port & 0xff];
  return [...bytes(sourcePort), ...bytes(destinationPort), 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 4, 0, 0, 0, 0, 0];
}

/** An ICMP error that quotes `packet`. */
export function icmpError(type: number, packet: ArrayLike<number>): number[] {
  return [type, 1, 0, 0, 0, 0, 0, 0, ...Array.from(packet)];
}

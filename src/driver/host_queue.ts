/**
 * A queue of addresses in memory that grows with what waits.
 *
 * @module
 */

/** Addresses that wait for the same servers, first in first out. */
export class HostQueue {
  readonly servers: number;
  #hosts = new Uint32Array(256);
  #first = 0;
  #end = 0;

  constructor(servers: number) {
    this.servers = servers;
  }

  get length(): number {
    return this.#end - this.#first;
  }

  push(host: number): void {
    if (this.#end === this.#hosts.length) this.#makeRoom();
    this.#hosts[this.#end++] = host;
  }

  peek(): number {
    return this.#hosts[this.#first]!;
  }

  shift(): number {
    return this.#hosts[this.#first++]!;
  }

  #makeRoom(): void {
    const waiting = this.#hosts.subarray(this.#first, this.#end);
    const hosts = 2 * waiting.length > this.#hosts.length ? new Uint32Array(2 * this.#hosts.length) : this.#hosts;
    hosts.set(waiting);
    this.#hosts = hosts;
    this.#end = waiting.length;
    this.#first = 0;
  }
}

/**
 * Steps into a network namespace: what this thread opens from then on is opened there.
 *
 * @module
 */

import { CLONE_NEWNET, O_CLOEXEC, O_RDONLY } from "../../ffi/constants.ts";
import { check } from "../../ffi/errno.ts";
import { libc } from "../../ffi/libc.ts";
import { keepAlive, pinString } from "../../ffi/memory.ts";
import { Fd } from "../../ffi/fd.ts";

/** Moves this thread into a namespace by its name (`ip netns`), and back when the answer is disposed of. Needs root. */
export function enterNetns(name: string): Disposable {
  const home = openFile("/proc/thread-self/ns/net");
  using there = openFile(`/run/netns/${name}`);
  check(libc().setns(there.number, CLONE_NEWNET), "setns");
  return {
    [Symbol.dispose]() {
      check(libc().setns(home.number, CLONE_NEWNET), "setns");
      home.close();
    },
  };
}

function openFile(path: string): Fd {
  const name = pinString(path);
  const number = check(libc().open(name.pointer, O_RDONLY | O_CLOEXEC), "open");
  keepAlive(name);
  return new Fd(number);
}

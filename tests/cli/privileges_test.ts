/**
 * What the program may still do while it scans.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { CAP_NET_RAW } from "../../ffi/constants.ts";
import { canOpenRaw, capabilities, FILE_CAPABILITIES } from "../../ffi/credentials.ts";

const FILES = FILE_CAPABILITIES.reduce((set, number) => set | 1n << BigInt(number), 0n);

/** The capabilities that each thread of a process has, and whether it may gain others. */
function threadsOf(pid: number): { effective: bigint; permitted: bigint; sealed: boolean }[] {
  return [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => {
    const status = Deno.readTextFileSync(`/proc/${pid}/task/${name}/status`);
    const field = (key: string) => new RegExp(`^${key}:\\s*(\\S+)`, "m").exec(status)?.[1] ?? "";
    return {
      effective: BigInt(`0x${field("CapEff")}`),
      permitted: BigInt(`0x${field("CapPrm")}`),
      sealed: field("NoNewPrivs") === "1",
    };
  });
}

for (const workers of [1, 2]) {
  Deno.test({
    name: `privileges: with ${workers} worker(s), the threads that scan keep none but those to files`,
    ignore: !canOpenRaw(), // Raw sockets take root; `sudo deno task test` runs it.
    fn: async () => {
      const scan = new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--allow-ffi", "--allow-read", new URL("../../mod.ts", import.meta.url).pathname],
          ...["--workers", `${workers}`, "--max-rate", "1000", "-p", "1-60000", "127.0.0.1"],
        ],
        stdout: "null",
        stderr: "null",
      }).spawn();
      try {
        let sealed: ReturnType<typeof threadsOf> = [];
        for (let round = 0; round < 200 && sealed.length < workers; round++) {
          await new Promise((resolve) => setTimeout(resolve, 25));
          sealed = threadsOf(scan.pid).filter((thread) => thread.sealed);
        }
        // Threads that one of them has begun since are like it.
        assert(sealed.length >= workers, `${sealed.length} threads`);
        const before = capabilities();
        for (const { effective, permitted } of sealed) {
          assertEquals([effective, permitted], [before.effective & FILES, before.permitted & FILES]);
          assertEquals(permitted >> BigInt(CAP_NET_RAW) & 1n, 0n);
        }
        scan.kill("SIGTERM");
        assertEquals((await scan.status).code, 143);
      } finally {
        try {
          scan.kill("SIGKILL");
        } catch {
          // It has ended, as it should.
        }
        await scan.status;
      }
    },
  });
}

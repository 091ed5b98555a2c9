/**
 * Measures the shapes of SYN-ACKs of every stack that is installed, and compares the guesses with what runs: `deno task lab:shapes`.
 * Status 1 if one is wrong. Needs root; Debian's packages are named where one is missing.
 *
 * @module
 */

import { missingOf, stackLab, STACKS } from "../support/lab_stacks.ts";
import { runSynscan } from "../support/lab_synscan.ts";

let wrong = 0;
for (const stack of STACKS) {
  const missing = missingOf(stack);
  if (missing.length > 0) {
    console.log(`${stack.name}: skipped, install ${missing.join(", ")}`);
    continue;
  }
  await using lab = await stackLab();
  const folder = await Deno.makeTempDir();
  try {
    const { space, addresses } = await stack.start(lab, folder);
    console.log(`${stack.name}: ${versionsOf(Object.keys(stack.needs)) || Deno.osRelease()}`);
    for (
      const [layout, address] of ["windows", "linux", "bsd"].flatMap((each) =>
        addresses.map((ip) => [each, ip] as const)
      )
    ) {
      const { hosts } = await runSynscan(lab, space, ["-p", "80,81", "--syn-options", layout, address]);
      const os = hosts.flatMap((host) => host.os ?? []);
      const isRight = os.length === 1 && os[0]?.family === stack.family;
      if (!isRight) wrong++;
      for (const { family, evidence } of os) {
        console.log(`  ${address} ${layout}: ${family}: ${evidence}${isRight ? "" : " WRONG"}`);
      }
      if (os.length === 0) console.log(`  ${address} ${layout}: no SYN-ACK`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
if (wrong > 0) Deno.exit(1);

function versionsOf(packages: readonly string[]): string {
  if (packages.length === 0) return "";
  const format = "-f=${Package} ${Version}  ";
  const { stdout } = new Deno.Command("dpkg-query", { args: ["-W", format, ...packages] }).outputSync();
  return new TextDecoder().decode(stdout).trim();
}

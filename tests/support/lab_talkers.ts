/**
 * Servers of several kinds on ports of every address of a space: `ssh:8000-8009 http:8010-8019`. It ends with its standard input.
 *
 * @module
 */

import { expandPorts } from "./lab.ts";
import { closing, http, late, type Serve, silent, ssh, Talkers } from "./talkers.ts";

const KINDS: Readonly<Record<string, Serve>> = { closing, http, late, silent, ssh };

if (import.meta.main) {
  const talkers = new Talkers();
  for (const [kind = "", ports = ""] of Deno.args.map((arg) => arg.split(":"))) {
    for (const port of expandPorts(ports)) talkers.serve(KINDS[kind]!, { hostname: "0.0.0.0", port });
  }
  console.log("listening");
  for await (const _ of Deno.stdin.readable);
  Deno.exit();
}

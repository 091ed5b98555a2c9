/**
 * Listens on the ports named by its first argument (`22,8000-8010`), at the address that is its second, closes every connection at once, and ends with its
 * standard input. Prints a line when all ports are open.
 *
 * @module
 */

import { expandPorts } from "./lab.ts";

async function serve(port: number): Promise<void> {
  const listener = Deno.listen({ port, hostname });
  while (true) {
    try {
      (await listener.accept()).close();
    } catch {
      // A scanner may have reset the connection before it could be accepted.
    }
  }
}

const [ports = "", hostname = "0.0.0.0"] = Deno.args;
for (const port of expandPorts(ports)) serve(port);
console.log("listening");
await Deno.stdin.readable.pipeTo(new WritableStream());
Deno.exit();

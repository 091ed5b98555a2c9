/** -A: services, systems and paths at once, as far as the scan can show them. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

/** Greets as an SSH server on port 22 until its standard input ends. */
const SERVER = `import socket, sys, threading
s = socket.create_server(('', 22))
def serve():
    while True:
        c, _ = s.accept()
        c.sendall(b'SSH-2.0-OpenSSH_9.6\\r\\n')
threading.Thread(target=serve, daemon=True).start()
print('ready', flush=True)
sys.stdin.read()`;

labTest(
  "-A identifies services and shows systems and paths; with -sT the paths are left out",
  ["python3"],
  async () => {
    await using lab = await Lab.create({
      spaces: {
        scanner: { routes: ["10.64.2.0/24 via 10.64.1.2"] },
        router: { forward: true },
        target: { routes: ["default via 10.64.2.1"] },
      },
      links: [
        { between: ["scanner", "router"], addresses: ["10.64.1.1/24", "10.64.1.2/24"] },
        { between: ["router", "target"], addresses: ["10.64.2.1/24", "10.64.2.2/24"] },
      ],
    });
    await lab.serve("target", ["python3", "-c", SERVER]);
    const args = ["-A", "-p", "22,23", "10.64.2.2"];
    const packets = await runSynscan(lab, "scanner", args);
    const [host] = packets.hosts;
    assertEquals(host?.trace?.hops.map(({ ip }) => ip), ["10.64.1.2", "10.64.2.2"]);
    assertEquals(host?.os?.map(({ family }) => family), ["Linux"]);
    assertStringIncludes(JSON.stringify(packets.ports.find(({ port }) => port === 22)), "OpenSSH");
    const connected = await runSynscan(lab, "scanner", ["-sT", ...args]);
    assert(connected.hosts.every(({ trace }) => trace === undefined));
    assertStringIncludes(JSON.stringify(connected.ports.find(({ port }) => port === 22)), "OpenSSH");
    assertEquals(
      connected.stderr,
      "Paths are left out: the kernel sends the packets of a connect scan. --traceroute takes -sS\n",
    );
  },
);

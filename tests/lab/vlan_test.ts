/**
 * A VLAN, between two namespaces of a kernel that runs as a process: the kernel of this machine may have no VLANs.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { withFolder } from "../support/folder.ts";
import { labTest } from "../support/lab.ts";
import { ended, MOD, start } from "../support/program.ts";

const KERNEL = "linux.uml";
const MODULES = "/usr/lib/uml/modules";

/** Loads modules of the kernel: its machine need not have a program for that. */
const LOAD = `
import ctypes, glob, os, sys
libc = ctypes.CDLL(None, use_errno=True)
for name in ["net/llc/llc", "net/802/stp", "net/802/garp", "net/802/mrp", "net/8021q/8021q", "drivers/net/veth"]:
    path = glob.glob("${MODULES}/" + os.uname().release + "/kernel/" + name + ".ko")[0]
    if libc.syscall(313, os.open(path, os.O_RDONLY), b"", 0) != 0: sys.exit(path + ": " + os.strerror(ctypes.get_errno()))
`;
const LISTEN = "import socket, time; s = socket.socket(); s.bind(('10.5.0.2', 80)); s.listen(9); " +
  "open('/run/listens', 'w'); time.sleep(600)";

/** The first program of that kernel. Its files are those of this machine, and cannot be changed. */
function initOf(folder: string): string {
  return `#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DENO_NO_UPDATE_CHECK=1 DENO_DIR=/run/deno NO_COLOR=1
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t tmpfs run /run
/usr/bin/python3 ${folder}/load.py
ip netns add target
ip link set lo up; ip -n target link set lo up
ip link add va type veth peer name vb netns target
ip link set va up; ip -n target link set vb up
ip link add link va name va.5 type vlan id 5; ip -n target link add link vb name vb.5 type vlan id 5
ip address add 10.5.0.1/24 dev va.5; ip link set va.5 up
ip -n target address add 10.5.0.2/24 dev vb.5; ip -n target link set vb.5 up
ip netns exec target /usr/bin/python3 ${folder}/listen.py &
for i in $(seq 300); do [ -e /run/listens ] && break; sleep 0.1; done
for transport in sendmmsg ethernet; do
  echo "BEGIN"
  ${Deno.execPath()} run --allow-ffi ${MOD} -n --json -p 80,81 --transport $transport 10.5.0.2,3
done
echo END
echo o > /proc/sysrq-trigger
`;
}

labTest(
  "lab: vlan: hosts of a VLAN are found, and their ports",
  [KERNEL, "python3"],
  () =>
    withFolder(async (folder) => {
      await Deno.chmod(folder, 0o755);
      await Deno.writeTextFile(`${folder}/load.py`, LOAD);
      await Deno.writeTextFile(`${folder}/listen.py`, LISTEN);
      await Deno.writeTextFile(`${folder}/init`, initOf(folder), { mode: 0o755 });
      const kernel = [
        ...["timeout", "120", KERNEL, "mem=1500M", "rootfstype=hostfs", "rootflags=/", "ro", `init=${folder}/init`],
        ...["con=null", "con0=null,fd:1"],
      ];
      const { out } = await ended(start(kernel));
      const scans = out.split("BEGIN").slice(1).map((text) =>
        text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line))
      );
      assertEquals(scans.length, 2, out);
      for (const lines of scans) {
        const ports = lines.filter(({ type }) => type === "port").map((
          { ip, port, state, reason },
        ) => [ip, port, state, reason]);
        assertEquals(ports.sort(), [["10.5.0.2", 80, "open", "syn-ack"], ["10.5.0.2", 81, "closed", "reset"]], out);
        const hosts = lines.filter(({ type }) => type === "host").map(({ ip, state, mac }) => [ip, state, typeof mac]);
        assertEquals(hosts, [["10.5.0.2", "up", "string"], ["10.5.0.3", "absent", "undefined"]], out);
      }
    }),
);

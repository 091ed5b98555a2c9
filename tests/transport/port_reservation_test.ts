import { replyFilter, withPorts } from "../../src/technique/reply_filter.ts";
import { PROTOCOL_TCP } from "../../src/wire/ipv4.ts";
import { assert, assertEquals } from "@std/assert";
import { AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { keepAlive, pinBytes } from "../../ffi/memory.ts";
import { bindInet4, listen, openSocket, pinInet4, sendTo } from "../../ffi/socket.ts";
import { setOption } from "../../ffi/socket_options.ts";
import { localPortRange } from "../../ffi/system.ts";
import { openRawIp } from "../../src/transport/raw_sender.ts";
import { PlainReceiver } from "../../src/transport/receiver.ts";
import { openStream, reserveFreePorts, reservePorts } from "../../src/transport/port_reservation.ts";
import { mssOption, TCP_ACK, TCP_RST, TCP_SYN } from "../../src/wire/tcp.ts";
import { type Lab, labTest, linkedLab } from "../support/lab.ts";
import { enterNetns } from "../support/netns.ts";
import { addressOf, buildTcp, viewOf } from "../support/packets.ts";
import { until } from "../support/program.ts";
import { PacketLog } from "./packet_log.ts";

const LOOPBACK = 0x7f000001;
const HOLDING = { open: openStream, addresses: [LOOPBACK, LOOPBACK + 1], count: 4, silent: () => false, random: 12345 };

/** Returns true where another program could have a port of an address by any of its options. */
function canTake(address: number, port: number): boolean {
  for (const reuse of [0, 1]) {
    using socket = openSocket(AF_INET, SOCK_STREAM, 0);
    setOption(socket, SOL_SOCKET, SO_REUSEADDR, reuse);
    try {
      bindInet4(socket, address, port);
      listen(socket, 1);
      return true;
    } catch (error) {
      if (!(error instanceof SyscallError && error.code === "EADDRINUSE")) throw error;
    }
  }
  return false;
}

for (const silent of [false, true]) {
  Deno.test(`port reservation: held ports are taken, and free again afterwards, ${silent ? "" : "not "}silent`, () => {
    const held = reserveFreePorts({ ...HOLDING, silent: () => silent })!;
    assertEquals(held.count, 4);
    for (let port = held.first; port < held.first + 4; port++) {
      for (const address of [LOOPBACK, LOOPBACK + 1, 0]) assert(!canTake(address, port), `${address}:${port}`);
      // Of an address that they are not held on they can be had.
      assert(canTake(LOOPBACK + 2, port));
    }
    held[Symbol.dispose]();
    held[Symbol.dispose]();
    for (let port = held.first; port < held.first + 4; port++) assert(canTake(LOOPBACK, port));
  });
}

Deno.test("port reservation: ports are outside the kernel's range for any random number", () => {
  const [low, high] = localPortRange();
  for (const random of [0, 1, 77, 0x7fffffff, 0x80000000, 0xffffffff]) {
    using held = reserveFreePorts({ ...HOLDING, count: 16, random })!;
    assert(held.first >= 1024 && held.first + 15 <= 65535);
    assert(held.first > high || held.first + 15 < low, `${held.first} in ${low}-${high}`);
  }
});

Deno.test("port reservation: the same random number twice gives different ports, since the first are taken", () => {
  using first = reserveFreePorts(HOLDING)!;
  using second = reserveFreePorts(HOLDING)!;
  assert(Math.abs(first.first - second.first) >= 4);
});

Deno.test("port reservation: a taken port gives no reservation, and its neighbours stay free", () => {
  using held = reserveFreePorts(HOLDING)!;
  const free = held.first - 2;
  held[Symbol.dispose]();
  using taken = openSocket(AF_INET, SOCK_STREAM, 0);
  bindInet4(taken, LOOPBACK + 1, free + 1);
  assertEquals(reservePorts(free, { ...HOLDING, count: 2 }), undefined);
  for (const port of [free, free + 1]) assert(canTake(LOOPBACK, port));
  assert(canTake(LOOPBACK + 1, free));
});

Deno.test("port reservation: no ports are held on an address of another machine", () => {
  assertEquals(reserveFreePorts({ ...HOLDING, addresses: [addressOf("192.0.2.1")] }), undefined);
});

Deno.test("port reservation: without addresses there is nothing to hold", () => {
  using held = reserveFreePorts({ ...HOLDING, addresses: [] })!;
  assert(canTake(LOOPBACK, held.first));
});

const SCANNER = addressOf("10.66.1.1");
const PEER = addressOf("10.66.1.2");

function pairLab(): Promise<Lab> {
  return linkedLab({ scanner: {}, peer: {} }, "10.66.1");
}

const RANGES: readonly (readonly [range: string, from: number, to: number])[] = [
  ["32768 60999", 61000, 65535],
  ["20000 65535", 1024, 19999],
  ["1024 60000", 60001, 65535],
  ["1024 65535", 1024, 65535],
  ["1024 65530", 1024, 65530],
  ["1030 65535", 1030, 65535],
];

labTest("source ports: wherever the kernel's own range lies, there are ports to hold", [], async () => {
  await using lab = await pairLab();
  using _inside = enterNetns(lab.name("scanner"));
  for (const [range, from, to] of RANGES) {
    lab.set("scanner", ["sysctl", "-qw", `net.ipv4.ip_local_port_range=${range}`]);
    for (const random of [0, 5000, 0xffffffff]) {
      using held = reserveFreePorts({ open: openStream, addresses: [SCANNER], count: 16, silent: () => true, random });
      assert(held !== undefined && held.first >= from && held.first + 15 <= to, `${range}: ${held?.first}`);
    }
  }
});

labTest("source ports: the kernel answers for those that are not silent, and for no other", [], async () => {
  await using lab = await pairLab();
  let silent, loud;
  {
    using _inside = enterNetns(lab.name("scanner"));
    silent = reserveFreePorts({
      open: openStream,
      addresses: [SCANNER],
      count: 2,
      silent: (address) => address === SCANNER,
      random: 1,
    })!;
    loud = reserveFreePorts({ open: openStream, addresses: [SCANNER], count: 2, silent: () => false, random: 1 })!;
  }
  using _silent = silent;
  using _loud = loud;
  using _inside = enterNetns(lab.name("peer"));
  using raw = openRawIp({ interfaceName: undefined });
  using receiver = new PlainReceiver({
    filter: replyFilter([withPorts(PROTOCOL_TCP, { first: 7000, count: 2 })]),
    interfaceIndex: 0,
  });
  const destination = pinInet4(SCANNER, 0);
  const ports = [silent.first, silent.first + 1, loud.first, loud.first + 1];
  for (const port of ports) {
    for (const flags of [TCP_SYN, TCP_SYN | TCP_ACK]) {
      const packet = pinBytes(buildTcp({
        source: PEER,
        destination: SCANNER,
        sourcePort: flags === TCP_SYN ? 7000 : 7001,
        destinationPort: port,
        seq: 5,
        ack: flags === TCP_SYN ? 0 : 1000,
        flags,
        options: mssOption(1460),
      }));
      assertEquals(sendTo(raw, packet, 0, packet.bytes.length, destination), packet.bytes.length);
      keepAlive(packet);
    }
  }
  const log = new PacketLog();
  // Replies come in the order of the packets: those to the ports that are not silent come last.
  await until(() => {
    receiver.drain(log, 100, 0);
    return log.packets.length >= 4;
  });
  // The kernel answers each SYN and each SYN-ACK to a port without a listener, with a RST.
  const answers = log.packets.map((packet) => {
    const view = viewOf(packet);
    return `${view.getUint16(20)} ${view.getUint16(22)} ${(view.getUint8(33) & TCP_RST) !== 0 ? "RST" : "?"}`;
  });
  assertEquals(
    answers.toSorted(),
    [loud.first, loud.first + 1].flatMap((port) => [`${port} 7000 RST`, `${port} 7001 RST`]).toSorted(),
  );
});

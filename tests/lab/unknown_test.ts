/** ICMP errors about unknown destinations, from a router and in the name of the destination itself. */
import { assertEquals } from "@std/assert";
import { IPV4 } from "../support/families.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

const [TARGET, ROUTER] = [IPV4.address(1, 2), IPV4.address(1, 3)];

/**
 * Refuses SYNs to port 106 by code 6 from the address that they were sent to, as tinc does, and those to ports 6, 7 and 15 by the code of that
 * number from the router's; ends with its standard input.
 */
const REFUSES = `import socket, struct, sys, threading
wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
senders = {}
for address in ("${TARGET}", "${ROUTER}"):
    senders[address] = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    senders[address].bind((address, 0))
def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
def serve():
    while True:
        packet, origin = wire.recvfrom(2000)
        port = int.from_bytes(packet[22:24], "big")
        if origin[2] == 4 or packet[9] != 6 or packet[33] & 0x3f != 2 or port not in (6, 7, 15, 106): continue
        body = packet[:28]
        message = struct.pack("!BBHI", 3, port % 100, 0, 0) + body
        message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
        senders["${TARGET}" if port > 100 else "${ROUTER}"].sendto(message, (socket.inet_ntoa(packet[12:16]), 0))
threading.Thread(target=serve, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()`;

for (const technique of ["-sS", "-sT"]) {
  labTest(
    `lab: ${technique}: an error about an unknown host counts, unless it comes from that host`,
    ["python3"],
    async () => {
      await using lab = await Lab.create({
        spaces: {
          scanner: {},
          target: { local: [`${ROUTER}/32`], chains: [chain("input", [rule.drop("6,7,15,106")])] },
        },
        links: [{ between: ["scanner", "target"], addresses: ["10.64.1.1/24", "10.64.1.2/24"] }],
      });
      await lab.serve("target", ["python3", "-c", REFUSES]);
      const { ports, summary } = await runSynscan(lab, "scanner", [technique, "-p", "6,7,15,106", TARGET]);
      assertEquals(
        ports.map(({ port, state, reason }) => `${port} ${state} ${reason}`).toSorted(),
        [
          "106 filtered no-response",
          "15 filtered admin-prohibited",
          "6 filtered net-unreach",
          "7 filtered host-unreach",
        ],
      );
      assertEquals(summary.undecided, 0);
    },
  );
}

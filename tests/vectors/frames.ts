/**
 * Golden packets: whole Ethernet frames, and what tshark 4.0.17 reads in them (its checksum checks all passed).
 *
 * The captured ones come from Linux 6.18: dumpcap on one of two veth pairs between three network namespaces (client
 * 192.0.2.1, router 192.0.2.2, server 198.51.100.7) with checksum offload and segmentation offload off, while Python's
 * sockets connected to open, closed, rejected (`nft reject with icmp type ...`) and unreachable places.
 *
 * @module
 */

/** A frame and what it says. Addresses are text, so that the table does not lean on the code it tests. */
interface FrameVector {
  readonly name: string;
  readonly hex: string;
  /** The offset of the IP header in the frame. */
  readonly payloadOffset: number;
  readonly ip: {
    readonly headerLen: number;
    readonly tos: number;
    readonly totalLen: number;
    readonly id: number;
    readonly dontFragment: boolean;
    readonly ttl: number;
    readonly protocol: number;
    readonly checksum: number;
    readonly source: string;
    readonly destination: string;
  };
  readonly tcp?: {
    readonly sourcePort: number;
    readonly destinationPort: number;
    readonly seq: number;
    readonly ack: number;
    readonly headerLen: number;
    readonly flags: number;
    readonly window: number;
    readonly checksum: number;
    readonly urgent: number;
    readonly mss: number;
  };
  readonly icmp?: { readonly type: number; readonly code: number; readonly checksum: number };
  readonly quoted?: { readonly source: string; readonly destination: string; readonly protocol: number };
}

type Ip = FrameVector["ip"];
type Tcp = NonNullable<FrameVector["tcp"]>;

/** Returns the fields of an IPv4 header, given in the order of the header. */
function ip(
  headerLen: number,
  tos: number,
  totalLen: number,
  id: number,
  dontFragment: boolean,
  ttl: number,
  protocol: number,
  checksum: number,
  source: string,
  destination: string,
): Ip {
  return { headerLen, tos, totalLen, id, dontFragment, ttl, protocol, checksum, source, destination };
}

/** Returns the fields of a TCP header, given in the order of the header; the MSS is an option. */
function tcp(
  sourcePort: number,
  destinationPort: number,
  seq: number,
  ack: number,
  headerLen: number,
  flags: number,
  window: number,
  checksum: number,
  urgent: number,
  mss: number,
): Tcp {
  return { sourcePort, destinationPort, seq, ack, headerLen, flags, window, checksum, urgent, mss };
}

const QUOTED_TCP = { source: "192.0.2.1", destination: "198.51.100.7", protocol: 6 };

/** Frames as the kernel sent them. */
const CAPTURED_FRAMES: readonly Omit<FrameVector, "payloadOffset">[] = [
  {
    name: "SYN of connect(2)",
    hex: `
      02000000570202000000570108004500003c5bc640004006f2b9c0000201c6336407ee4800168d43334500000000a002
      faf0a0a90000020405b40402080a8f388206000000000103030a
    `,
    ip: ip(20, 0, 60, 23494, true, 64, 6, 0xf2b9, "192.0.2.1", "198.51.100.7"),
    tcp: tcp(61000, 22, 2369991493, 0, 40, 0x02, 64240, 0xa0a9, 0, 1460),
  },
  {
    name: "SYN-ACK of a listener",
    hex: `
      02000000570102000000570208004500003c000040003f064f80c6336407c00002010016ee48475190b88d433346a012
      fe88ed640000020405b40402080a2b35ac5c8f3882060103030a
    `,
    ip: ip(20, 0, 60, 0, true, 63, 6, 0x4f80, "198.51.100.7", "192.0.2.1"),
    tcp: tcp(22, 61000, 1196527800, 2369991494, 40, 0x12, 65160, 0xed64, 0, 1460),
  },
  {
    name: "segment with terminal escapes as data",
    hex: `
      020000005701020000005702080045000040342f40003f061b4dc6336407c00002010016ee48475190b98d4333468018
      0040271a00000101080a2b35ac5d8f38820668656c6c6f0d0a1b5b324a21
    `,
    ip: ip(20, 0, 64, 13359, true, 63, 6, 0x1b4d, "198.51.100.7", "192.0.2.1"),
    tcp: tcp(22, 61000, 1196527801, 2369991494, 32, 0x18, 64, 0x271a, 0, 0),
  },
  {
    name: "FIN of close(2)",
    hex: `
      0200000057020200000057010800450000345bc940004006f2bec0000201c6336407ee4800168d433346475190c58011
      003f1a6f00000101080a8f3882072b35ac5d
    `,
    ip: ip(20, 0, 52, 23497, true, 64, 6, 0xf2be, "192.0.2.1", "198.51.100.7"),
    tcp: tcp(61000, 22, 2369991494, 1196527813, 32, 0x11, 63, 0x1a6f, 0, 0),
  },
  {
    name: "RST of a closed port",
    hex: `
      020000005701020000005702080045000028000040003f064f94c6336407c00002010017ee4900000000d7feac085014
      0000512c0000
    `,
    ip: ip(20, 0, 40, 0, true, 63, 6, 0x4f94, "198.51.100.7", "192.0.2.1"),
    tcp: tcp(23, 61001, 0, 3623791624, 20, 0x14, 0, 0x512c, 0, 0),
  },
  {
    name: "UDP datagram",
    hex: `
      02000000570202000000570108004500001cc8c84000401185ccc0000201c6336407ee700035000824fc
    `,
    ip: ip(20, 0, 28, 51400, true, 64, 17, 0x85cc, "192.0.2.1", "198.51.100.7"),
  },
  {
    name: "ICMP network prohibited (nftables)",
    hex: `
      020000005701020000005702080045c000580c7b00004001e966c0000202c00002010309e961000000004500003cc388
      40003f068bf7c0000201c6336407ee5203f1bbfa154e00000000a002faf0e2690000020405b40402080a529b683e0000
      00000103030a
    `,
    ip: ip(20, 192, 88, 3195, false, 64, 1, 0xe966, "192.0.2.2", "192.0.2.1"),
    icmp: { type: 3, code: 9, checksum: 0xe961 },
    quoted: QUOTED_TCP,
  },
  {
    name: "ICMP host prohibited (nftables)",
    hex: `
      020000005701020000005702080045c000580c7c00004001e965c0000202c0000201030ae960000000004500003c70eb
      40003f06de94c0000201c6336407ee5303f2fff333fa00000000a002faf04f030000020405b40402080af326f8710000
      00000103030a
    `,
    ip: ip(20, 192, 88, 3196, false, 64, 1, 0xe965, "192.0.2.2", "192.0.2.1"),
    icmp: { type: 3, code: 10, checksum: 0xe960 },
    quoted: QUOTED_TCP,
  },
  {
    name: "ICMP administratively prohibited (nftables)",
    hex: `
      020000005701020000005702080045c000580c7d00004001e964c0000202c0000201030de95d000000004500003c2b0c
      40003f062474c0000201c6336407ee5403f5caa7ffdc00000000a002faf0d2210000020405b40402080a4fd3820c0000
      00000103030a
    `,
    ip: ip(20, 192, 88, 3197, false, 64, 1, 0xe964, "192.0.2.2", "192.0.2.1"),
    icmp: { type: 3, code: 13, checksum: 0xe95d },
    quoted: QUOTED_TCP,
  },
  {
    name: "ICMP port unreachable for TCP (nftables)",
    hex: `
      020000005701020000005702080045c000580c7e00004001e963c0000202c00002010303e967000000004500003c965c
      40003f06b923c0000201c6336407ee5503eb2d9c3ea800000000a002faf029390000020405b40402080ae31af5f60000
      00000103030a
    `,
    ip: ip(20, 192, 88, 3198, false, 64, 1, 0xe963, "192.0.2.2", "192.0.2.1"),
    icmp: { type: 3, code: 3, checksum: 0xe967 },
    quoted: QUOTED_TCP,
  },
  {
    name: "ICMP protocol unreachable (nftables)",
    hex: `
      020000005701020000005702080045c000580c7f00004001e962c0000202c00002010302e968000000004500003c22da
      40003f062ca6c0000201c6336407ee5603ea7e9d495500000000a002faf012e40000020405b40402080ae64aad6d0000
      00000103030a
    `,
    ip: ip(20, 192, 88, 3199, false, 64, 1, 0xe962, "192.0.2.2", "192.0.2.1"),
    icmp: { type: 3, code: 2, checksum: 0xe968 },
    quoted: QUOTED_TCP,
  },
  {
    name: "ICMP host unreachable of a router",
    hex: `
      020000005701020000005702080045c000580da700004001e83ac0000202c00002010301e9c5000000004500003cc4a5
      40003f068a7ec0000201c6336463ee5d0019259374f700000000a002faf0c57a0000020405b40402080a095d089b0000
      00000103030a
    `,
    ip: ip(20, 192, 88, 3495, false, 64, 1, 0xe83a, "192.0.2.2", "192.0.2.1"),
    icmp: { type: 3, code: 1, checksum: 0xe9c5 },
    quoted: { source: "192.0.2.1", destination: "198.51.100.99", protocol: 6 },
  },
  {
    name: "ICMP port unreachable for UDP",
    hex: `
      020000005701020000005702080045c00038e41600003f01aab2c6336407c00002010303e952000000004500001cc8c8
      40003f1186ccc0000201c6336407ee700035000824fc
    `,
    ip: ip(20, 192, 56, 58390, false, 63, 1, 0xaab2, "198.51.100.7", "192.0.2.1"),
    icmp: { type: 3, code: 3, checksum: 0xe952 },
    quoted: { source: "192.0.2.1", destination: "198.51.100.7", protocol: 17 },
  },
  {
    name: "ICMP time exceeded of a router",
    hex: `
      020000005701020000005702080045c000580c8000004001e961c0000202c00002010b00e16a000000004500003c13cb
      4000010679b5c0000201c6336407ee5c001810899b8b00000000a002faf0d5050000020405b40402080a910960370000
      00000103030a
    `,
    ip: ip(20, 192, 88, 3200, false, 64, 1, 0xe961, "192.0.2.2", "192.0.2.1"),
    icmp: { type: 11, code: 0, checksum: 0xe16a },
    quoted: QUOTED_TCP,
  },
  {
    name: "SYN with IP options (record route)",
    hex: `
      02000000570202000000570108004900004c72cc40004006c6d2c0000201c6336407070f08c000020100000000000000
      0000ee71001c8ec95dfd00000000a002faf080250000020405b40402080a86737ee2000000000103030a
    `,
    ip: ip(36, 0, 76, 29388, true, 64, 6, 0xc6d2, "192.0.2.1", "198.51.100.7"),
    tcp: tcp(61041, 28, 2395561469, 0, 40, 0x02, 64240, 0x8025, 0, 1460),
  },
  {
    name: "RST with IP options (record route)",
    hex: `
      020000005701020000005702080049000038000040003f06c15ec6336407c0000201070f10c0000201c6336402c63364
      0700001cee71000000008ec95dfe50140000e83e0000
    `,
    ip: ip(36, 0, 56, 0, true, 63, 6, 0xc15e, "198.51.100.7", "192.0.2.1"),
    tcp: tcp(28, 61041, 0, 2395561470, 20, 0x14, 0, 0xe83e, 0, 0),
  },
];

/** The first captured SYN with VLAN tags put in front of its EtherType. */
const TAGGED_FRAMES: readonly FrameVector[] = [
  ["SYN in a VLAN (802.1Q)", "81000005"],
  ["SYN in two VLANs (QinQ)", "88a8000781000005"],
].map(([name, tags]) => {
  const [syn] = CAPTURED_FRAMES;
  const hex = syn!.hex.replace("0800", `${tags}0800`);
  return { ...syn!, name: name!, hex, payloadOffset: 14 + tags!.length / 2 };
});

/** All of them. */
export const FRAMES: readonly FrameVector[] = [
  ...CAPTURED_FRAMES.map((frame) => ({ ...frame, payloadOffset: 14 })),
  ...TAGGED_FRAMES,
];

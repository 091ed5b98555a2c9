/**
 * Golden packets of IPv6 behind their Ethernet headers, as Linux 6.18 sent them on a veth pair between 2001:db8::1 (hardware address
 * 02:00:5e:10:00:01) and 2001:db8::7 (02:00:5e:10:00:02), checksum offload off. tshark 4.0.17 finds every checksum right.
 *
 * @module
 */

const CLIENT = "20010db8000000000000000000000001";
const SERVER = "20010db8000000000000000000000007";

/** The solicitation for 2001:db8::7. */
export const SOLICITATION =
  `6000000000203aff${CLIENT}ff0200000000000000000001ff0000078700be0c00000000${SERVER}010102005e100001`;
/** Its advertisement. */
export const ADVERTISEMENT = `6000000000203aff${SERVER}${CLIENT}88002c5760000000${SERVER}020102005e100002`;
/** A SYN to port 80. */
export const SYN6 =
  `600c96b300280640${CLIENT}${SERVER}b1860050bdae8e6e00000000a002fd207b470000020405a00402080aa813ce27000000000103030a`;
/** The RST of that port. */
export const RST6 = `600aa1f200140640${SERVER}${CLIENT}0050b18600000000bdae8e6f5014000056620000`;
const REJECTED_SYN =
  `6001f6ba00280640${CLIENT}${SERVER}be5e00512355d1b600000000a002fd20ba380000020405a00402080a21b35fcf000000000103030a`;
/** The error of a packet filter about a SYN to port 81: administratively prohibited. */
export const PROHIBITED6 = `60047d8a00583a40${SERVER}${CLIENT}010145fc00000000${REJECTED_SYN}`;
/** The error of a UDP port that is closed. */
export const PORT_UNREACHABLE6 =
  `600c362100403a40${SERVER}${CLIENT}0104cb66000000006008666900101140${CLIENT}${SERVER}a1ed0009001031893132333435363738`;
/** An echo request of 8 bytes, and its reply. */
export const ECHO_REQUEST6 = `6004c21400103a40${CLIENT}${SERVER}8000a45bee4800016162636465666768`;
export const ECHO_REPLY6 = `6009d9e200103a40${SERVER}${CLIENT}8100a35bee4800016162636465666768`;

/** Every one of them, by name. */
export const FRAMES6: Readonly<Record<string, string>> = {
  solicitation: SOLICITATION,
  advertisement: ADVERTISEMENT,
  SYN: SYN6,
  RST: RST6,
  "administratively prohibited": PROHIBITED6,
  "port unreachable": PORT_UNREACHABLE6,
  "echo request": ECHO_REQUEST6,
  "echo reply": ECHO_REPLY6,
};

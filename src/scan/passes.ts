/**
 * The passes of a scan. A scan is a list of passes that each worker runs in order over its own share; no worker waits for another.
 * Each pass is one run of the engine with a driver of its technique; rate, deadline, progress, counts and checkpoint are of the whole.
 *
 * The space of a pass is a pure function of the options and of the results of earlier passes (`PassSpaces` in `pass_spaces.ts`).
 * Passes of ports all have the space of the options. A pass of the protocol `host` belongs before them: what it finds absent is cut
 * from their spaces.
 *
 * @module
 */

import { canOpenRaw } from "../../ffi/credentials.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { sourceTexts } from "../base/source_texts.ts";
import { HOST, type Pass, passesNamed, passesOf, passName } from "../result/pass.ts";
import { socketPingPorts } from "../technique/ping.ts";
import {
  canUseSockets,
  ICMP_ERRORS,
  isOfErrors,
  isPacketTechnique,
  isPing,
  namesTechnique,
  protocolOfTechnique,
  sendsSyn,
  techniquesIn,
} from "../technique/techniques.ts";
import type { DiscoveryPlan } from "./discovery.ts";
import type { ScanOptions } from "./options.ts";

/** The choice of techniques in the options. */
type Choice = Pick<
  ScanOptions,
  "technique" | "scanFlags" | "synOptions" | "transport" | "onPacket" | "sourceIp" | "defeatIcmpRateLimit"
>;

/** Returns true if the user wants these techniques and no others. */
export function isChosen({ technique, scanFlags }: Choice): boolean {
  return namesTechnique(technique) || scanFlags !== undefined;
}

/**
 * Checks that techniques can be combined in one scan, and have the options that are given.
 *
 * @throws {UsageError} If they exclude each other.
 */
function checkTogether(techniques: readonly string[], options: Choice): void {
  const { synOptions, scanFlags } = options;
  const packets = techniques.filter((name) => isPacketTechnique(name) && protocolOfTechnique(name) === "tcp");
  const [kernel] = techniques.filter((name) => !isPacketTechnique(name));
  if (kernel !== undefined && packets.length > 0) {
    throw new UsageError(
      `Cannot scan by ${
        packets[0]
      } and ${kernel} at once: both probe TCP ports, the one by packets and the other by the kernel. ` +
        "Scan once with each",
    );
  }
  if (techniques.length > 1 && scanFlags !== undefined) {
    throw new UsageError(
      `Cannot scan by ${
        techniques.join(" and ")
      } with flags of your own: they are those of one probe. Name one technique`,
    );
  }
  const [only] = techniques;
  if (scanFlags !== undefined && only !== undefined && protocolOfTechnique(only) !== "tcp") {
    throw new UsageError(`Cannot scan by ${only} with TCP flags: its probes have none. Leave one of them out`);
  }
  if (options.defeatIcmpRateLimit === true && !techniques.some((name) => protocolOfTechnique(name) === "udp")) {
    throw new UsageError(
      "Cannot pass over limits of ICMP errors (--defeat-icmp-ratelimit) without a UDP scan: they delay no other. " +
        "Add -sU, or leave it out",
    );
  }
  if (kernel === undefined && synOptions !== undefined && !techniques.some((name) => sendsSyn(name, scanFlags))) {
    throw new UsageError(
      `Cannot send the TCP options of ${synOptions} without a SYN that has them. Leave out the options, or scan by SYN`,
    );
  }
  const [lost] = kernel !== undefined && isChosen(options) ? packetOptions(options) : [];
  if (lost !== undefined) {
    throw new UsageError(`Cannot scan by ${kernel} with ${lost}: the kernel sends its packets. Leave one of them out`);
  }
}

/** Returns those of the options, as text, that only techniques which send packets have. */
export function packetOptions({ scanFlags, synOptions, transport, onPacket, sourceIp }: Choice): string[] {
  return [
    ...scanFlags === undefined ? [] : ["TCP flags of its own"],
    ...synOptions === undefined ? [] : ["TCP options of its own"],
    ...transport === undefined || transport === "auto" ? [] : ["a transport of its own"],
    ...onPacket === undefined ? [] : ["packets to be seen"],
    ...sourceTexts(sourceIp).length < 2 ? [] : ["several addresses to send from"],
  ];
}

/**
 * Returns the passes that the user wants, or else those of the best technique that is allowed.
 *
 * @throws {UsageError} If techniques exclude each other.
 * @throws {CannotScanError} If raw sockets are not allowed and the user wants them.
 */
export function planPasses(options: Choice): Pass[] {
  const passes = passesWanted(options);
  if (canOpenRaw() || !sendPackets(passes)) return passes;
  const { transport = "auto" } = options;
  if (transport === "auto" && passes.every(({ technique }) => canUseSockets(technique))) return passes;
  throw new CannotScanError(
    "Cannot open raw sockets: CAP_NET_RAW is missing. Use sudo, or give the compiled program the right " +
      "(sudo setcap cap_net_raw,cap_net_admin=ep synscan), or scan with -sT",
  );
}

/**
 * Returns the passes that a scan would have: those wanted, whether raw sockets are allowed or not, or else those of the best technique
 * that is allowed.
 *
 * @throws {UsageError} If techniques exclude each other.
 */
export function passesWanted(options: Choice): Pass[] {
  const techniques = techniquesIn(options.technique, canOpenRaw() || isChosen(options));
  checkTogether(techniques, options);
  return passesOf(techniques, protocolOf);
}

/** Returns the passes of a scan: those over hosts first, and those over ports behind them. */
export function withDiscovery(discovery: DiscoveryPlan | undefined, passes: readonly Pass[]): Pass[] {
  return passesOf([...discovery?.passes ?? [], ...passes.map(passName)], protocolOf);
}

/** Returns a pass of each technique that sends packets for each address family that has hosts. */
export function ofFamilies(passes: readonly Pass[], families: readonly (4 | 6)[]): Pass[] {
  const names = passes.flatMap((pass) =>
    sendsPackets(pass)
      ? families.map((family) => passName({ ...pass, family: family === 6 ? 6 : undefined }))
      : passName(pass)
  );
  return passesOf(names, protocolOf);
}

/** Returns the passes with one for the hosts that routers report as absent: that of pings, or else one more. */
export function withAbsent(passes: readonly Pass[]): Pass[] {
  return absentPassOf(passes) === undefined
    ? passesOf([...passes.map(passName), ICMP_ERRORS], protocolOf)
    : [...passes];
}

/** Returns the passes without the one that only has results. */
export function passesThatRun(passes: readonly Pass[]): Pass[] {
  return passes.filter(({ technique }) => !isOfErrors(technique));
}

/** Returns the pass in whose results the hosts are that routers report as absent; undefined if there is none. */
export function absentPassOf(passes: readonly Pass[]): Pass | undefined {
  return passes.find(({ technique }) => isOfErrors(technique) || isPing(technique));
}

/** Returns true if the scan itself sends packets, in some passes at least. */
export function sendPackets(passes: readonly Pass[]): boolean {
  return passes.some(sendsPackets);
}

/** Returns true if the scan itself sends the packets of a pass; false if the kernel does, through sockets. */
export function sendsPackets({ technique }: Pick<Pass, "technique">): boolean {
  return isPacketTechnique(technique);
}

/** Returns the passes of a scan by the name of all its techniques together. */
export function passesIn(technique: string): Pass[] {
  return passesNamed(technique, protocolOf);
}

/** Returns the protocol of the ports that a technique probes. */
function protocolOf(technique: string): string {
  if (isOfErrors(technique) || socketPingPorts(technique) !== undefined) return HOST;
  return protocolOfTechnique(technique);
}

/**
 * The passes of a scan. A scan is a list of passes that each worker runs in order over its own share; no worker waits for another.
 * Each pass is one run of the engine with a driver of its technique; rate, deadline, progress, counts and checkpoint are of the whole.
 *
 * The space of a pass is a pure function of the options and of the results of earlier passes (`ProbeSpaces` in `worker_run.ts`).
 * Passes of ports all have the space of the options. A pass of the protocol `host` belongs before them: what it finds absent is cut
 * from their spaces.
 *
 * @module
 */

import { canOpenRaw } from "../../ffi/credentials.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { type Pass, passesNamed, passesOf } from "../result/pass.ts";
import { AUTO, CONNECT, packetTechnique, TECHNIQUES } from "../technique/techniques.ts";
import type { ScanOptions } from "./options.ts";

/** The choice of techniques in the options. */
type Choice = Pick<ScanOptions, "technique" | "scanFlags">;

/** Returns true if the user wants these techniques and no others. */
export function isChosen({ technique = AUTO, scanFlags }: Choice): boolean {
  return technique !== AUTO || scanFlags !== undefined;
}

/**
 * Returns the techniques that the options name, each once and in the order of their passes: that of {@linkcode TECHNIQUES}, whose
 * first shows open ports, by which others are judged.
 */
function techniquesOf({ technique = AUTO }: Choice): string[] {
  const [usual = CONNECT, ...others] = TECHNIQUES.map(({ name }) => name);
  const wanted = new Set([technique].flat().map((name) => name === AUTO ? usual : name));
  return [usual, ...others, CONNECT].filter((name) => wanted.has(name));
}

/**
 * Checks that techniques can be combined in one scan.
 *
 * @throws {UsageError} If they exclude each other.
 */
function checkTogether(techniques: readonly string[], { scanFlags }: Choice): void {
  if (techniques.length < 2) return;
  const packets = techniques.filter((name) => name !== CONNECT);
  if (packets.length < techniques.length) {
    throw new UsageError(
      `Cannot scan by ${
        packets[0]
      } and ${CONNECT} at once: both probe TCP ports, the one by packets and the other by the kernel. ` +
        "Scan once with each",
    );
  }
  if (scanFlags !== undefined) {
    throw new UsageError(
      `Cannot scan by ${
        techniques.join(" and ")
      } with flags of your own: they are those of one probe. Name one technique`,
    );
  }
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
  const techniques = isChosen(options) || canOpenRaw() ? techniquesOf(options) : [CONNECT];
  checkTogether(techniques, options);
  return passesOf(techniques, protocolOf);
}

/** Returns true if the scan itself sends packets; false if the kernel connects. */
export function sendPackets(passes: readonly Pass[]): boolean {
  return passes.some(({ technique }) => packetTechnique(technique) !== undefined);
}

/** Returns the passes of a scan by the name of all its techniques together. */
export function passesIn(technique: string): Pass[] {
  return passesNamed(technique, protocolOf);
}

/** Returns the protocol of the ports that a technique probes. */
function protocolOf(technique: string): string {
  return packetTechnique(technique)?.protocol ?? "tcp";
}

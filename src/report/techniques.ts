/**
 * The results of several techniques, for formats with room for one state of a port: nmap itself runs one technique per protocol.
 *
 * @module
 */
import { passesNamed } from "../result/pass.ts";
import { weightOf } from "../result/rank.ts";
import { reasonCode } from "../result/reasons.ts";
import type { PortGroup, PortRow } from "./host_report.ts";

/** The rows of one port: the one whose state is shown, and those of all techniques if there are several. */
export interface PortOfTechniques {
  readonly shown: PortRow;
  readonly all: readonly PortRow[];
}

/**
 * Groups the rows of a host by port. The shown state is that of the strongest reason (SYN-ACK over RST over ICMP error over silence),
 * and of equal ones that of the first technique.
 */
export function portsOf(rows: readonly PortRow[], several: boolean): PortOfTechniques[] {
  if (!several) return rows.map((shown) => ({ shown, all: [] }));
  const ports = Map.groupBy(rows, ({ proto, port }) => `${port}/${proto}`);
  return Array.from(ports.values(), (all) => ({
    shown: all.reduce((best, row) => strength(row) > strength(best) ? row : best),
    all,
  }));
}

function strength({ state, reason }: PortRow): number {
  return state === "undecided" ? -1 : weightOf(reasonCode(reason));
}

/** Returns the groups of the first technique of a scan, and those of the others. */
export function groupsOf(
  groups: readonly PortGroup[],
  technique: string,
): { readonly first: readonly PortGroup[]; readonly others: ReadonlyMap<string, readonly PortGroup[]> } {
  const [main] = passesNamed(technique);
  const { first = [], rest = [] } = Object.groupBy(
    groups,
    (group) => group.technique === main?.technique ? "first" : "rest",
  );
  return { first, others: Map.groupBy(rest, (group) => group.technique) };
}

/** Returns groups as text: `995 open|filtered (no-response)`. */
export function groupsText(groups: readonly PortGroup[]): string {
  return groups.map(({ state, reason, count }) => `${count} ${state} (${reason})`).join(", ");
}

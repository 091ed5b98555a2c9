/**
 * `synscan resume FILE`: resumes a scan from a checkpoint.
 *
 * @module
 */
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../checkpoint/checkpoint.ts";
import { checkpointBytes, openJournal, replaceCheckpoint } from "../../checkpoint/file.ts";
import { Journal } from "../../checkpoint/journal.ts";
import { UsageError } from "../../base/errors.ts";
import type { ScanSnapshot } from "../../scan/snapshot.ts";
import type { ScanOptions } from "../../scan/options.ts";
import { passesOverPorts } from "../../result/pass.ts";
import { passesIn } from "../../scan/passes.ts";
import { quote } from "../../base/quote.ts";
import type { Given } from "../args/command_line.ts";
import { flagNamed } from "../args/flags.ts";
import { currentFolder } from "../files.ts";
import { checkpointError, type Resumed, withCheckpoint } from "../checkpoint_writer.ts";
import { whyNot } from "../why_not.ts";
import { parseCommandLine } from "../args/parse.ts";
import type { Scanner } from "../scanner.ts";
import { Session } from "./scan.ts";
import { noRightTo } from "../permissions.ts";
import type { System } from "../system.ts";

const EXCLUDE_PORTS = "--exclude-ports";
const EXCLUSIONS: ReadonlySet<string> = new Set(["--exclude", "--exclude-file", EXCLUDE_PORTS]);

/**
 * Resumes a scan; resolves to the exit status. `given` are flags that replace those of the scan.
 *
 * @throws {UsageError} If the file is not a checkpoint, or the scan cannot be resumed.
 * @throws {CannotScanError} If the file may not be read, or another process uses it.
 */
export async function resume(path: string, given: readonly Given[], scanner: Scanner, system: System): Promise<number> {
  const opened = openCheckpoint("Cannot resume from", path, system);
  using journal = opened.journal;
  const added = withAbsolutePaths(given, system);
  enter(opened.checkpoint.folder, system);
  const kindOf = ({ name }: Given) => EXCLUSIONS.has(name) ? "exclusions" : "others";
  const { exclusions = [], others = [] } = Object.groupBy(added, kindOf);
  const checkpoint = await withExclusions(opened, exclusions);
  const line = parseCommandLine(
    { subcommand: undefined, given: withAdded(checkpoint.given, others), operands: checkpoint.operands },
    [],
    { typedAtMs: checkpoint.startedAtMs },
  );
  if (checkpoint.technique !== null) {
    const overPorts = passesOverPorts(passesIn(checkpoint.technique));
    if (overPorts.length > 0) line.scan.technique = overPorts.map(({ technique }) => technique);
  }
  const kept = checkpoint.rest as ScanSnapshot | null;
  const rest = kept === null ? undefined : { ...kept, done: { ...kept.done, shapes: journal.shapes } };
  if (line.packetTrace) refuseTrace(checkpoint.technique ?? line.scan.technique, rest?.parts.length ?? 1);
  if (checkpoint.sourceIp !== null) line.scan.sourceIp = checkpoint.sourceIp;
  const resumed = { checkpoint, rest, journal, path: opened.path };
  return await new Session(checkpoint.args, line, scanner, system, resumed).run();
}

/** Returns the checkpoint with more exclusions, which are written before any probe is sent, for the next resumption. */
async function withExclusions({ path, checkpoint }: Opened, added: readonly Given[]): Promise<Checkpoint> {
  if (added.length === 0) return checkpoint;
  const changed = { ...checkpoint, given: withAdded(checkpoint.given, added) };
  try {
    await replaceCheckpoint(path.file, writeCheckpoint(changed));
  } catch (error) {
    throw checkpointError(`Cannot keep the exclusions in ${quote(path.shown)}`, path.shown, error);
  }
  return changed;
}

/** Returns the flags with absolute paths of files. */
function withAbsolutePaths(given: readonly Given[], system: System): Given[] {
  const folder = currentFolder(system);
  return given.map((each) => {
    const isPath = flagNamed(each.name).takes === "FILE" && each.value !== "-" && !each.value.startsWith("/");
    return isPath && folder !== null ? { ...each, value: `${folder}/${each.value}` } : each;
  });
}

/** Merges flags into those of the scan: exclusions add up, other flags replace those given before, and -v also replaces -q. */
function withAdded(before: readonly Given[], added: readonly Given[]): Given[] {
  const names = new Set(added.map(({ name }) => name));
  if (names.has("--verbose")) names.add("--quiet");
  const kept = before.filter(({ name }) => flagNamed(name).repeats === true || !names.has(name));
  const excludedPorts = before.find(({ name }) => name === EXCLUDE_PORTS)?.value;
  const merged = added.map((each) =>
    each.name === EXCLUDE_PORTS && excludedPorts !== undefined
      ? { ...each, value: `${excludedPorts},${each.value}` }
      : each
  );
  return [...kept, ...merged];
}

/** A checkpoint with its journal, which is open and locked. */
export type Opened = Omit<Resumed, "rest">;

/** Refuses --packet-trace if the scan cannot show packets: a resumed scan keeps its technique and workers. */
function refuseTrace(technique: ScanOptions["technique"], workers: number): void {
  const why = technique === "connect"
    ? "the scan is by connect(2), and the kernel does not show its packets"
    : workers > 1
    ? `the scan is divided among ${workers} workers, and packets are traced by one alone`
    : undefined;
  if (why !== undefined) throw new UsageError(`Cannot show packets: ${why}. Leave out --packet-trace`);
}

/** Opens a checkpoint; `what` begins the message of an error. */
export function openCheckpoint(what: string, path: string, system: System): Opened {
  const folder = currentFolder(system);
  const file = path.startsWith("/") || folder === null ? path : `${folder}/${path}`;
  const names = { file, shown: path };
  return withCheckpoint(what, names, system, () => {
    system.laterUser([file]);
    return system.asLaterUser(() => {
      readCheckpoint(checkpointBytes(file));
      using undo = new DisposableStack();
      const journalFile = undo.use(openJournal(file));
      // Another process may have replaced it before the lock was ours.
      const checkpoint = readCheckpoint(checkpointBytes(file));
      const journal = Journal.open(journalFile, checkpoint.journal);
      undo.move();
      return { checkpoint, journal, path: names };
    });
  });
}

/** Enters the directory in which the scan began, for relative paths. */
function enter(folder: string | null, system: System): void {
  const current = currentFolder(system);
  if (folder === null || folder === current) return;
  if (current === null) throw noRightTo("Cannot resume: that", "read");
  try {
    Deno.chdir(folder);
  } catch (error) {
    const where = `${quote(folder)}, where the scan was started`;
    throw new UsageError(`Cannot resume in ${where}: ${whyNot(error)}. Start the scan again`);
  }
}

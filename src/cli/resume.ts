/**
 * `synscan resume FILE`: goes on with a scan that was kept in a checkpoint.
 *
 * @module
 */
import { readCheckpoint } from "../checkpoint/checkpoint.ts";
import { CheckpointFile } from "../checkpoint/file.ts";
import { FindingsLog } from "../checkpoint/findings.ts";
import { CannotScanError, UsageError } from "../errors.ts";
import type { ScanOptions } from "../options.ts";
import { quote } from "../targets/quote.ts";
import type { Given } from "./command_line.ts";
import { flagNamed } from "./flags.ts";
import { findingsFrom, HostLists } from "./findings.ts";
import { currentFolder, inWords, mayKeep, restFrom, type Resumed } from "./keeper.ts";
import { whyNot } from "./output.ts";
import { parseCommandLine } from "./parse.ts";
import type { Scanner } from "./scanner.ts";
import { Session } from "./session.ts";
import type { World } from "./world.ts";

/**
 * Goes on with a scan; resolves to the exit status. `given` are flags that take the place of those that the scan had.
 *
 * @throws {UsageError} if the file is no checkpoint, or the scan cannot be gone on with.
 * @throws {CannotScanError} if it may not be read, or someone else is at it.
 */
export async function resume(path: string, given: readonly Given[], scanner: Scanner, world: World): Promise<number> {
  if (!mayKeep(path, world)) {
    throw new CannotScanError(
      `Cannot go on with ${quote(path)}: that needs the right to read and write files. Add --allow-read and ` +
        "--allow-write to deno run",
    );
  }
  const { file, checkpoint, log, findings } = await open(path, world);
  using _file = file;
  enter(checkpoint.folder, world);
  const typed = new Set(given.map(({ name }) => name));
  const kept = checkpoint.given.filter(({ name }) => flagNamed(name).repeats === true || !typed.has(name));
  const line = parseCommandLine(
    {
      subcommand: undefined,
      given: [...kept, ...given],
      operands: checkpoint.operands,
    },
    [],
    { typedAtMs: checkpoint.startedAtMs },
  );
  if (checkpoint.technique !== null) line.scan.technique = checkpoint.technique;
  const lists = new HostLists();
  for (const piece of findings) lists.learn(piece.lists);
  const rest = checkpoint.rest === null ? undefined : restFrom(checkpoint.rest, lists);
  if (line.packetTrace) refuseTrace(line.scan.technique, rest?.parts.length ?? 1);
  if (checkpoint.sourceIp !== null) line.scan.sourceIp = checkpoint.sourceIp;
  const resumed = { checkpoint, rest, file, log, findings, lists, shownPath: path };
  return await new Session(checkpoint.args, line, scanner, world, resumed).run();
}

type Opened = Pick<Resumed, "file" | "checkpoint" | "log" | "findings">;

/** A scan that is gone on with is divided as it was, and asks as it did. */
function refuseTrace(technique: ScanOptions["technique"], workers: number): void {
  const why = technique === "connect"
    ? "the scan is by connect(2), and the kernel does not show its packets"
    : workers > 1
    ? `the scan is divided among ${workers} workers, and packets are traced by one alone`
    : undefined;
  if (why !== undefined) throw new UsageError(`Cannot show packets: ${why}. Go on without --packet-trace`);
}

async function open(path: string, world: World): Promise<Opened> {
  const folder = currentFolder(world);
  let file: CheckpointFile | undefined;
  try {
    const whole = path.startsWith("/") || folder === null ? path : `${folder}/${path}`;
    world.laterUser([whole]);
    const opened = world.asLaterUser(() => CheckpointFile.open(whole));
    file = opened.file;
    const checkpoint = await readCheckpoint(opened.bytes);
    const { log, pieces } = await FindingsLog.read(checkpoint.findings, file);
    return { file, checkpoint, log, findings: findingsFrom(pieces) };
  } catch (error) {
    file?.[Symbol.dispose]();
    throw inWords(`Cannot go on with ${quote(path)}`, path, error);
  }
}

/** Makes paths mean what they meant when the scan began. */
function enter(folder: string | null, world: World): void {
  const current = currentFolder(world);
  if (folder === null || folder === current) return;
  if (current === null) {
    throw new CannotScanError("Cannot go on: that needs the right to read files. Add --allow-read to deno run");
  }
  try {
    Deno.chdir(folder);
  } catch (error) {
    throw new UsageError(`Cannot go on in ${quote(folder)}, where the scan began: ${whyNot(error)}. Begin it anew`);
  }
}

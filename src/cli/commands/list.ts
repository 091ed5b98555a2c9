/**
 * `-sL`: lists the hosts that a scan would probe, with their names.
 *
 * @module
 */
import { LIST_FORMATS, type ListHead } from "../../report/list.ts";
import type { HostList } from "../../scan/api.ts";
import { printable } from "../../base/text.ts";
import type { CommandLine } from "../args/command_line.ts";
import { END_SIGNALS, ENDING, EXIT, SIGNAL_STATUS } from "../exit.ts";
import { FileCheck } from "../files.ts";
import { scanOptions } from "../inputs.ts";
import { outputsOf } from "../output_choice.ts";
import type { Scanner } from "../scanner.ts";
import { fileSink, type Sink, stdoutSink } from "../sinks.ts";
import type { EndSignal, System } from "../system.ts";
import { VERSION } from "../version.ts";

/** Characters that are written together. */
const PIECE = 1 << 16;

/** Lists hosts, in every format that was asked for. */
export async function listScan(
  args: readonly string[],
  line: CommandLine,
  scanner: Scanner,
  system: System,
): Promise<number> {
  const files = new FileCheck(line, system);
  files.before();
  const startedAtMs = line.typedAtMs;
  const beganMs = performance.now();
  const options = await scanOptions(line, scanner, system);
  using opened = new DisposableStack();
  const reports = outputsOf(line).flatMap(({ format: name, path, flag }) => {
    const format = LIST_FORMATS[name];
    // Of the reports of -oA, HTML is no such format.
    if (format === undefined) return [];
    const sink: Sink = opened.use(path === "-" ? stdoutSink(system) : fileSink(path, flag, system, { files }));
    return [{ format, sink, isForPeople: name === "table" }];
  });
  const discard = () => {
    for (const { sink } of reports) sink.discard();
  };
  const abort = new AbortController();
  let signal: EndSignal | undefined;
  let hasBegun = false;
  using _signals = system.onSignal(END_SIGNALS, (each) => {
    if (signal !== undefined || each === "SIGQUIT") {
      if (!hasBegun) discard();
      system.exit(SIGNAL_STATUS[each]);
    }
    signal = each;
    if (each === "SIGINT") system.writeStderr(`${ENDING}\n`);
    abort.abort();
  });
  let list: HostList;
  try {
    list = await scanner.listHosts(options, { signal: abort.signal });
  } catch (error) {
    discard();
    if (signal !== undefined) return SIGNAL_STATUS[signal];
    throw error;
  }
  hasBegun = true;
  const atLookups = signal;
  for (const warning of list.warnings) system.writeStderr(`${printable(warning)}\n`);
  const { hosts, warnings } = list;
  const head = (): ListHead => ({
    ...{ args, startedAtMs, version: VERSION, hosts, warnings, isComplete: list.isComplete && signal === undefined },
    ended: signal === undefined ? list.ended : "interrupted",
  });
  for (const { format, sink, isForPeople } of reports) {
    let text = format.start(head(), line.verbosity);
    for (const host of list.entries()) {
      text += format.host(host);
      if (text.length < PIECE) continue;
      await sink.add(text, "");
      text = "";
      // Signals come with the event loop.
      await new Promise((resolve) => setTimeout(resolve));
      // A signal before that ended the lookups of names; one while hosts are written ends their list.
      if (signal !== atLookups) break;
    }
    const endedAtMs = startedAtMs + Math.round(performance.now() - beganMs);
    await sink.add(text + (line.quiet && isForPeople ? "" : format.end(head(), endedAtMs)), "");
    sink.finish();
  }
  if (signal !== undefined) return SIGNAL_STATUS[signal];
  return list.isComplete ? EXIT.done : EXIT.untrusted;
}

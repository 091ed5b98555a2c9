/**
 * The rules of the language check: standard names of the field instead of private ones, and docstrings that begin with an
 * imperative or a noun phrase. Ordinary English words that are private names only in some places (rest, live, part, check,
 * evidence) are not in the lists.
 *
 * @module
 */

/** Identifiers and file names that have a standard name. */
const IDENTIFIERS: Readonly<Record<string, string>> = {
  Breath: "EventLoopYielder",
  breathe: "yieldToEventLoop",
  isAwaited: "hasWaitingConsumer",
  Crew: "WorkerPool",
  runCrew: "runPool",
  PartTask: "WorkerTask",
  PartReport: "WorkerReport",
  PartRest: "RemainingWork",
  PartMoment: "WorkerSnapshot",
  Wishes: "ControlState",
  obey: "applyControl",
  goOn: "resume",
  Questions: "ProbeSource",
  askAgain: "retransmit",
  ScanRest: "ScanSnapshot",
  Untaken: "Undelivered",
  toAskAgain: "toRetransmit",
  SAW_SYN: "ReplyKind",
  SAW_SYN_ACK: "SYN_ACK",
  SAW_RST: "RESET",
  EVIDENCE: "ReplyKind",
  EvidenceSink: "ReplySink",
  VerdictSink: "ResultSink",
  VerdictGate: "(pause and emit)",
  VerdictRows: "ResultColumns",
  withhold: "pause",
  lent: "cursor",
  LentResult: "ResultCursor",
  lentBatches: "batches",
  PassingResult: "ResultCursor",
  copyOf: "toResult",
  isLikePrevious: "(count columns)",
  areAlike: "(count columns)",
  askPulse: "sendLivenessProbe",
  pulsePort: "livenessPort",
  accompany: "addLivenessProbes",
  Canaries: "ControlPorts",
  canary: "control port",
  Responders: "LivenessTargets",
  EVERYBODY: "GLOBAL",
  PacedHost: "HostLimiter",
  LossBelief: "LossEstimate",
  allLost: "probabilityAllLost",
  PacketLane: "EthernetSender",
  FastLane: "EthernetSender",
  LaneStretch: "EthernetRange",
  Reach: "RoutePlan",
  findReach: "findRoutePlan",
  RouteWishes: "RouteConstraints",
  HeldPorts: "ReservedPorts",
  Keeper: "CheckpointWriter",
  denoWorld: "denoSystem",
  complain: "reportError",
  HostBook: "HostAggregator",
  BookReport: "AggregateReport",
  Settler: "Compactor",
  SimWeather: "NetworkConditions",
  OctetText: "Utf8Buffer",
};

/** Phrases that have a plain form. */
const PHRASES: Readonly<Record<string, string>> = {
  "gone on with": "resumed",
  "goes on with": "resumes",
  "for want of": "because ... is missing",
  "all the same": "nevertheless",
  "octets": "bytes",
  "octet": "byte",
  "nobody": "no one, or the actor",
  "whoever": "the caller, the user",
  "who scans": "if you scan",
  "hangs up": "closes",
  "hung up": "closed",
  "is asked again": "is retransmitted",
  "asked again": "retransmitted",
  "verdict": "result",
  "verdicts": "results",
  "canary": "control port",
  "canaries": "control ports",
  "packet lane": "Ethernet sender",
  "pulses": "liveness probes",
  "paced host": "rate-limited host",
  "host book": "host aggregator",
  "in words": "as text",
  "house": "project",
  "weather": "network conditions",
};

/** Words that no docstring begins with. */
const QUESTION = /^(What|Who|Whether|How|Where|Which|Whose)\b/;

/** One place that breaks a rule. */
export interface Fault {
  readonly at: string;
  readonly text: string;
}

/** Returns what breaks the rules in one source file. */
export function faultsIn(path: string, source: string): Fault[] {
  const faults: Fault[] = [];
  const names = new Set(Object.keys(IDENTIFIERS));
  for (const [number, line] of source.split("\n").entries()) {
    const at = `${path}:${number + 1}`;
    for (const [name] of line.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)) {
      if (names.has(name)) faults.push({ at, text: `${name}: say ${IDENTIFIERS[name]}` });
    }
    faults.push(...phrasesIn(at, line));
  }
  for (const [, doc = ""] of source.matchAll(/\/\*\*\s*\*?\s*([^\n]*)/g)) {
    const first = doc.replace(/\*\/\s*$/, "").trim();
    if (QUESTION.test(first)) faults.push({ at: path, text: `docstring begins with a question word: ${first}` });
  }
  return faults;
}

/** Returns the private phrases of one line of prose or code. */
export function phrasesIn(at: string, line: string): Fault[] {
  // "nobody" is also the name of a Unix user.
  const lower = line.toLowerCase().replaceAll(/"nobody"|user nobody/g, "");
  return Object.entries(PHRASES)
    .filter(([phrase]) => lower.includes(phrase) && new RegExp(`\\b${phrase}\\b`).test(lower))
    .map(([phrase, instead]) => ({ at, text: `"${phrase}": say "${instead}"` }));
}

/**
 * The policies of one engine, which use each other and the shared tables through one object.
 *
 * @module
 */

import { stateIn } from "../result/outcome.ts";
import { reasonCode } from "../result/reasons.ts";
import { CLOSED } from "../result/states.ts";
import { type EngineParts, EngineState } from "./engine_state.ts";
import { AbsentHosts } from "./absent_hosts.ts";
import { Blocks } from "./blocks.ts";
import { HostLimiters } from "./host_limiters.ts";
import type { IcmpErrors, IcmpLimiters } from "./icmp_limiters.ts";
import { Liveness } from "./liveness.ts";
import { LivenessTargets } from "./liveness_targets.ts";
import { LocalDrops } from "./local_drops.ts";
import { LossAccount } from "./loss_account.ts";
import { ProbeSender } from "./probe_sender.ts";
import { MatchedReplies } from "./matched_replies.ts";
import { Proxies } from "./proxies.ts";
import { Refill } from "./refill.ts";
import { RefusalChecks } from "./refusal_checks.ts";
import { Replies } from "./replies.ts";
import { Results } from "./results.ts";
import { RetransmitPolicy } from "./retransmit.ts";
import { SendErrors } from "./send_errors.ts";
import { SilencePolicy } from "./silence_policy.ts";
import { StraySegments } from "./strays.ts";
import { Unresolved } from "./unresolved.ts";

/** The parts of an engine. */
export interface PolicyParts extends EngineParts {
  /** The class of the limits of ICMP errors, which only an engine needs whose ports are closed by such errors (UDP). */
  readonly icmpLimiters?: typeof IcmpLimiters | undefined;
}

const PORT_UNREACH = reasonCode("port-unreach");

/**
 * Returns what takes the place of limits where ICMP errors show no port to be closed.
 *
 * @throws {TypeError} If they do.
 */
function noLimits({ driver }: EngineState): IcmpErrors {
  if (stateIn(driver.outcomes, PORT_UNREACH) === CLOSED) {
    throw new TypeError("Cannot judge silence: an engine whose ports are closed by ICMP errors needs their limits");
  }
  return NO_LIMITS;
}

const NO_LIMITS: IcmpErrors = {
  isOn: false,
  queued: 0,
  nextAt: Infinity,
  expectedWrong: 0,
  get firstErrors(): never {
    throw new TypeError("Cannot wait for errors: they show no port to be closed");
  },
  get witness(): never {
    throw new TypeError("Cannot spend tokens on liveness probes: there are none");
  },
  onFirst: () => {},
  onError: () => {},
  onSilence: () => true,
  awaitsToken: () => false,
  lossOf: () => undefined,
  isPaced: () => false,
  enqueue: () => {},
  isWaiting: () => false,
  release: () => {},
  service: () => 0,
  onUndecided: () => {},
  report: () => [],
};

/** The shared state of an engine, and its policies by name. */
export class Policies extends EngineState {
  readonly targets = new LivenessTargets();
  readonly limiters: HostLimiters = new HostLimiters(this);
  readonly icmp: IcmpErrors;
  readonly loss: LossAccount = new LossAccount(this);
  readonly retransmit: RetransmitPolicy = new RetransmitPolicy(this);
  readonly sendErrors: SendErrors = new SendErrors(this);
  readonly sender: ProbeSender = new ProbeSender(this);
  readonly liveness: Liveness = new Liveness(this);
  readonly results: Results = new Results(this);
  readonly proxies: Proxies = new Proxies(this);
  readonly blocks: Blocks = new Blocks(this);
  readonly strays: StraySegments = new StraySegments(this);
  readonly unresolved: Unresolved = new Unresolved(this);
  readonly checks: RefusalChecks = new RefusalChecks(this);
  readonly refill: Refill = new Refill(this);
  readonly localDrops: LocalDrops = new LocalDrops(this);
  readonly absent: AbsentHosts = new AbsentHosts(this);
  readonly silence: SilencePolicy = new SilencePolicy(this);
  readonly matched: MatchedReplies = new MatchedReplies(this);
  readonly replies: Replies = new Replies(this);

  constructor(parts: PolicyParts) {
    super(parts);
    const { icmpLimiters: Limiters } = parts;
    this.icmp = Limiters === undefined ? noLimits(this) : new Limiters(this);
    this.checks.restore();
  }
}

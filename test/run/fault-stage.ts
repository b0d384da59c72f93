import type { RunningCluster } from "../../src/cluster/cluster.ts";
import type { Member } from "../../src/cluster/member.ts";
import type { ActiveFault, Fault, FaultContext, Finding } from "../../src/faults/fault.ts";
import type { ObservedLeadership } from "../../src/observe/leadership.ts";
import type { PlannedFault } from "../../src/plan/plan.ts";
import { seededRandom } from "../../src/random.ts";
import type { FaultEvent, RunEvent } from "../../src/recording/events.ts";
import { liveFault, type FaultStage } from "../../src/run/fault-life.ts";
import { ManualClock } from "../observe/manual-clock.ts";

function member(number: number): Member {
  return {
    name: `etcd-${number}`,
    number,
    id: String(number),
    directUrl: "http://127.0.0.1:1",
    clientUrl: "http://127.0.0.1:1",
    state: async () => ({ kind: "running" }),
    onLog: () => undefined,
    onChange: () => undefined,
  };
}

/** Three members in name only: what a fault of a test does to them is the test's own. */
const cluster: RunningCluster = {
  runtime: "local",
  members: [1, 2, 3].map(member),
  links: {
    all: () => [],
    between: () => {
      throw new Error("there are no links here");
    },
  },
  etcd: { version: "3.5.0", source: "a test" },
  toxiproxy: { version: "2.12.0", source: "a test" },
  breakdown: [],
  [Symbol.asyncDispose]: async () => undefined,
};

export const holds = (sinceMs: number): Finding => ({ sinceMs, proofs: [{ source: "a test", text: "it was seen", holds: true }] });
export const doubts = (sinceMs: number): Finding => ({ sinceMs, proofs: [{ source: "a test", text: "it was not seen", holds: false }] });

/** What a fault of a test does; what is left out goes well. */
export interface Deed extends Partial<ActiveFault> {
  readonly inject?: (context: FaultContext) => Promise<void>;
}

/** Plays one fault by a clock that the test moves on. */
export class Stage {
  readonly clock = new ManualClock();
  readonly events: RunEvent[] = [];
  readonly abort = new AbortController();
  readonly targets: string[][] = [];
  /** `within isolated/1-partition 4000`, `done isolated/1-partition` */
  readonly limits: string[] = [];
  heals = 0;
  leadership: ObservedLeadership = { leader: "etcd-2", term: 3 };
  #done = false;

  fault({ inject, effect, heal, healed }: Deed = {}, target: Fault["target"] = "leader"): Fault {
    return {
      kind: "partition",
      title: `partition ${target}`,
      target,
      needs: [],
      etcds: [],
    spare: false,
      unfit: () => undefined,
      inject: async (context) => {
        this.targets.push(context.targets.map(({ name }) => name));
        await inject?.(context);
        return {
          effect: effect ?? (async () => holds(this.clock.nowMs())),
          heal: async () => {
            this.heals += 1;
            await heal?.();
          },
          healed: healed ?? (async () => holds(this.clock.nowMs())),
        };
      },
    };
  }

  /** Injected at 1 s and healed at 5 s, on a timeline that starts at 100 ms of the clock. */
  planned(fault: Fault, follows = false): PlannedFault {
    return { id: `isolated/1-${fault.kind}`, phase: "isolated", title: fault.title, injectAtMs: 1_000, healAtMs: 5_000, fault, follows };
  }

  get stage(): FaultStage {
    return {
      cluster,
      clock: this.clock,
      timelineStartMs: 100,
      random: seededRandom(1, "fault"),
      leadership: () => this.leadership,
      record: (event) => void this.events.push(event),
      signal: this.abort.signal,
      limits: {
        within: (name, limitMs) => void this.limits.push(`within ${name} ${limitMs}`),
        done: (name) => void this.limits.push(`done ${name}`),
      },
      healingLimitMs: 60_000,
    };
  }

  /** Begins the fault's life; it goes on as the clock does. */
  begin(fault: Fault, { follows = false } = {}): void {
    void liveFault(this.planned(fault, follows), this.stage).then(() => (this.#done = true));
  }

  get done(): boolean {
    return this.#done;
  }

  /** `requested 1100`, `effective 1100`, … */
  get story(): string[] {
    return this.events.flatMap((event) => (event.type === "fault" ? [`${event.state} ${event.atMs}`] : []));
  }

  one(state: FaultEvent["state"]): FaultEvent | undefined {
    return this.events.find((event): event is FaultEvent => event.type === "fault" && event.state === state);
  }
}

import type { Clock } from "../../src/clock.ts";
import type { Member } from "../../src/cluster/member.ts";
import type { ActiveFault, FaultKind } from "../../src/faults/fault.ts";
import { clusterDouble } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";

interface Circumstances {
  readonly options?: object;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/** Injects a fault into doubles. */
export function hurt(kind: FaultKind, targets: readonly Member[], { options = {}, clock = new HastyClock(), signal = new AbortController().signal }: Circumstances = {}): Promise<ActiveFault> {
  return kind.bind({ target: "all", ...options }).inject({ cluster: clusterDouble(targets), targets, clock, signal });
}

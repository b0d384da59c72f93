import type { Operation } from "../recording/operation.ts";
import type { WatchResponse } from "../recording/watch.ts";
import type { Finding } from "./finding.ts";
import { checkAgreement } from "./watch/agreement.ts";
import { checkCancellation } from "./watch/cancellations.ts";
import { Changes } from "./watch/changes.ts";
import { Coverage } from "./watch/coverage.ts";
import { checkGaps } from "./watch/gaps.ts";
import { guarantees, type Guarantee } from "./watch/guarantees.ts";
import { Lists } from "./watch/lists.ts";
import { checkOrder } from "./watch/order.ts";
import { checkStates } from "./watch/states.ts";
import { streamsOf } from "./watch/streams.ts";
import { Violations, type Shown } from "./watch/violations.ts";

export interface Watched {
  /** What came back to all watchers, each one's in the order in which it came. */
  readonly responses: readonly WatchResponse[];
  /** Its acknowledged writes must have been told. */
  readonly history: readonly Operation[];
  /** The highest revision that was compacted meanwhile; 0: none. */
  readonly compactedTo: number;
}

/**
 * Whether watches kept what etcd promises, each guarantee by its name. A watch is held against its own order, against
 * what all watches together were told, and against the acknowledged writes: so a gap shows where at least one
 * other knows of the change. It takes time in proportion to the changes told.
 */
export function checkWatch({ responses, history, compactedTo }: Watched, chosen: readonly Guarantee[] = guarantees): Finding<Shown> {
  const streams = streamsOf(responses);
  if (streams.length === 0) return { kind: "unknown", because: "nobody watched", checked: 0, of: 0 };
  const changes = new Changes(streams, history);
  const violations = new Violations();
  for (const stream of streams) {
    checkOrder(stream, violations);
    checkGaps(stream, changes, violations);
    checkCancellation(stream, violations);
  }
  checkAgreement(changes, violations);
  const coverage = new Coverage(streams);
  const lists = new Lists(responses);
  lists.check(changes, coverage, history, violations);
  checkStates(changes, coverage, lists, compactedTo, violations);
  const violated = guarantees.filter((each) => chosen.includes(each)).map((each) => violations.of(each));
  return violated.find((each) => each !== undefined) ?? { kind: "ok", checked: toldCount(responses) };
}

function toldCount(responses: readonly WatchResponse[]): number {
  return responses.reduce((count, response) => count + (response.kind === "events" ? response.events.length : 0), 0);
}

import { isKind, type Operation, type OperationOf } from "../../recording/operation.ts";
import { lastRenewal, leaseLives } from "../leases/life.ts";

/** A client that was given a lock. Times are nanoseconds on the run's clock. */
export interface Hold {
  readonly lock: string;
  readonly acquired: OperationOf<"lock-acquire">;
  readonly token: number;
  /** A revision at which its key was the first. */
  readonly revision: number;
  readonly fromNs: number;
  /**
   * Until it asked to release the lock, or could not be sure of its lease any more: its end follows from the grant and the
   * keep-alives that were answered, so that etcd cannot have let it expire before.
   */
  readonly sureUntilNs: number;
}

/** All that a history, in order of invocation, tells of who held which lock; a lock's holds in order of their revisions. */
export function holdsOf(history: readonly Operation[]): ReadonlyMap<string, readonly Hold[]> {
  const lives = leaseLives(history);
  const ends = new Map<number, Operation[]>();
  for (const operation of history) {
    if (operation.op !== "lock-release" && operation.op !== "lease-revoke") continue;
    const known = ends.get(operation.lease);
    if (known === undefined) ends.set(operation.lease, [operation]);
    else known.push(operation);
  }
  const holds = new Map<string, Hold[]>();
  for (const acquired of history.filter(isKind("lock-acquire"))) {
    const { lock, lease, outcome, token, revision = 0, returnNs } = acquired;
    if (outcome !== "ok" || typeof token !== "number") continue;
    const life = lives.get(lease);
    const aliveUntilNs = (life && lastRenewal(life))?.untilNs ?? 0;
    // Whoever asks to release it may have lost it from then on, whatever is answered; without an answer it may happen later.
    const given = ends.get(lease)?.find((end) => (end.outcome === "info" || end.returnNs >= acquired.invokeNs) && (end.op !== "lock-release" || end.lock === lock));
    const hold: Hold = { lock, acquired, token, revision, fromNs: returnNs, sureUntilNs: Math.min(aliveUntilNs, given?.invokeNs ?? Infinity) };
    const known = holds.get(lock);
    if (known === undefined) holds.set(lock, [hold]);
    else known.push(hold);
  }
  for (const list of holds.values()) list.sort((a, b) => a.revision - b.revision || a.token - b.token);
  return holds;
}

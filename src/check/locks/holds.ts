import { isKind, type Operation, type OperationOf } from "../../recording/operation.ts";
import { leaseLives } from "../leases/life.ts";

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
  const acquisitions = history.filter(isKind("lock-acquire")).filter(({ outcome, token }) => outcome === "ok" && typeof token === "number");
  // Most leases of clients that contend for a lock never come to hold it.
  const leases = new Set(acquisitions.map(({ lease }) => lease));
  const ofHolders = history.filter((operation) => "lease" in operation && operation.lease !== undefined && leases.has(operation.lease));
  const lives = leaseLives(ofHolders);
  const ends = endsOf(ofHolders);
  const holds = new Map<string, Hold[]>();
  for (const acquired of acquisitions) {
    const { lock, lease, token, revision = 0, returnNs } = acquired;
    if (typeof token !== "number") continue;
    const aliveUntilNs = lives.get(lease)?.lastRenewal?.untilNs ?? 0;
    const givenNs = Math.min(...[`${lease}`, `${lease} ${lock}`].map((name) => ends.get(name)?.beganFor(acquired) ?? Infinity));
    const hold: Hold = { lock, acquired, token, revision, fromNs: returnNs, sureUntilNs: Math.min(aliveUntilNs, givenNs) };
    const known = holds.get(lock);
    if (known === undefined) holds.set(lock, [hold]);
    else known.push(hold);
  }
  for (const list of holds.values()) list.sort((a, b) => a.revision - b.revision || a.token - b.token);
  return holds;
}

/** Revocations by their lease, releases by their lease and lock. */
function endsOf(history: readonly Operation[]): ReadonlyMap<string, Ends> {
  const ends = new Map<string, Ends>();
  for (const operation of history) {
    if (operation.op !== "lock-release" && operation.op !== "lease-revoke") continue;
    const name = operation.op === "lock-release" ? `${operation.lease} ${operation.lock}` : `${operation.lease}`;
    const known = ends.get(name) ?? new Ends();
    ends.set(name, known);
    known.add(operation);
  }
  return ends;
}

/**
 * What ends holds, in order of invocation. Whoever asks to release a lock may have lost it from then on, whatever is answered;
 * without an answer it may happen later.
 */
class Ends {
  readonly #all: Operation[] = [];
  /** Those before it had returned before the last acquisition that was asked about, and so before all later ones. */
  #next = 0;

  add(operation: Operation): void {
    this.#all.push(operation);
  }

  /** When the first began that may end the hold of an acquisition; these are to be asked about in order of invocation. */
  beganFor({ invokeNs }: Operation): number {
    for (let end = this.#all[this.#next]; end !== undefined; end = this.#all[(this.#next += 1)]) {
      if (end.outcome === "info" || end.returnNs >= invokeNs) return end.invokeNs;
    }
    return Infinity;
  }
}

import { isKind, type Operation } from "../../recording/operation.ts";

/** How a history's clients came to their locks. */
export interface Fairness {
  readonly acquisitions: number;
  /** Those after which another client held the same lock next. */
  readonly handovers: number;
  /** Clients that asked for a lock. */
  readonly clients: number;
  /** Acquisitions of the client with the fewest, and with the most. */
  readonly fewest: number;
  readonly most: number;
  readonly longestWaitNs: number;
  /** Those who left the queue without the lock. */
  readonly gaveUp: number;
}

/** Counts acquisitions and waits; that some wait longer than others breaks no promise. */
export function fairnessOf(history: readonly Operation[]): Fairness {
  const asked = history.filter(isKind("lock-acquire"));
  const acquired = asked.filter(({ outcome, token }) => outcome === "ok" && typeof token === "number");
  const byClient = new Map(asked.map(({ client }) => [client, 0]));
  const last = new Map<string, number>();
  let handovers = 0;
  for (const { lock, client } of acquired.toSorted((a, b) => (a.revision ?? 0) - (b.revision ?? 0))) {
    byClient.set(client, (byClient.get(client) ?? 0) + 1);
    if (last.has(lock) && last.get(lock) !== client) handovers += 1;
    last.set(lock, client);
  }
  const counts = [...byClient.values()];
  return {
    acquisitions: acquired.length,
    handovers,
    clients: counts.length,
    fewest: counts.length === 0 ? 0 : Math.min(...counts),
    most: Math.max(0, ...counts),
    longestWaitNs: acquired.reduce((longest, { invokeNs, returnNs }) => Math.max(longest, returnNs - invokeNs), 0),
    gaveUp: asked.filter(({ token }) => token === null).length,
  };
}

import type { Operation } from "../../recording/operation.ts";

/** An answer from which it is certain that a lease was alive, and for how long. */
export interface Renewal {
  readonly operation: Operation;
  /** The lease cannot end before: it was renewed at or after the invocation, for so long. Nanoseconds on the run's clock. */
  readonly untilNs: number;
}

/** What a history tells of one lease. */
export interface LeaseLife {
  readonly lease: number;
  /** In order of invocation. */
  readonly renewals: Renewal[];
  /** Grants and keep-alives that were done or may have been done. */
  readonly possible: { readonly operation: Operation; readonly ttlNs: number }[];
  /** Those that were done or may have been done. */
  readonly revocations: Operation[];
}

/** The lives of all leases that are granted in a history, which is in order of invocation. */
export function leaseLives(history: readonly Operation[]): ReadonlyMap<number, LeaseLife> {
  const lives = new Map<number, LeaseLife>();
  for (const operation of history) {
    if (operation.op === "lease-grant" && !lives.has(operation.lease)) lives.set(operation.lease, { lease: operation.lease, renewals: [], possible: [], revocations: [] });
  }
  for (const operation of history) {
    const life = "lease" in operation && operation.lease !== undefined ? lives.get(operation.lease) : undefined;
    if (life !== undefined && operation.outcome !== "fail") add(life, operation);
  }
  return lives;
}

function add(life: LeaseLife, operation: Operation): void {
  switch (operation.op) {
    case "lease-grant":
      return renew(life, operation, operation.grantedTtlS, operation.ttlS);
    case "lease-keep-alive":
      return renew(life, operation, operation.remainingS, longestNs(life) / 1e9);
    case "lease-revoke":
      life.revocations.push(operation);
      return;
    default:
  }
}

function renew(life: LeaseLife, operation: Operation, answeredS: number | undefined, otherwiseS: number): void {
  const seconds = operation.outcome === "ok" ? (answeredS ?? 0) : otherwiseS;
  if (seconds <= 0) return;
  life.possible.push({ operation, ttlNs: seconds * 1e9 });
  if (operation.outcome === "ok") life.renewals.push({ operation, untilNs: operation.invokeNs + seconds * 1e9 });
}

function longestNs({ possible }: LeaseLife): number {
  return Math.max(0, ...possible.map(({ ttlNs }) => ttlNs));
}

/** The renewal that proves the longest life; a lease does not come back, so that it is alive all the time until then. */
export function lastRenewal({ renewals }: LeaseLife): Renewal | undefined {
  return renewals.reduce<Renewal | undefined>((last, each) => (last === undefined || each.untilNs > last.untilNs ? each : last), undefined);
}

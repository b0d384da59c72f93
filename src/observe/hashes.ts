import { waitFor, type Clock } from "../clock.ts";
import { hashKv } from "../cluster/hash-kv.ts";
import type { Member } from "../cluster/member.ts";
import { messageOf } from "../errors.ts";
import type { HashSample, StatusSample } from "../recording/samples.ts";

export interface HashObserver {
  readonly members: readonly Pick<Member, "name" | "directUrl">[];
  /** The last of each member, as far as there is any: they go on being asked meanwhile. */
  readonly statuses: () => readonly StatusSample[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly record: (sample: HashSample) => void;
  /** Asks one member: `hashKv`, but in tests. */
  readonly ask?: typeof hashKv;
}

type Status = Extract<StatusSample, { ok: true }>;

/** A little longer than the usual bound of `convergence`, whose violation has to be seen. */
const settleLimitMs = 6_000;
/** What still changes, such as keys of leases that end, leaves a moment in which all are alike. */
const alikeLimitMs = 2_000;
const againAfterMs = 50;

/**
 * Asks all members for the hash of their stores at one revision, once they have come to one or have had time enough
 * to: at the lowest that any of them tells, so that who lags is compared too. Where they are in different states, asks
 * again for a while; the last answers are recorded. Nothing is thrown, and nothing recorded once the signal is aborted.
 */
export async function recordHashes({ members, statuses, clock, signal, record, ask = hashKv }: HashObserver): Promise<void> {
  const sinceMs = clock.nowMs();
  const fresh = (): Status[] => statuses().filter((sample): sample is Status => sample.ok && sample.atMs > sinceMs);
  const settled = (): true | undefined => (areSettled(fresh(), members.length) ? true : undefined);
  let last: readonly HashSample[] = [];
  const alike = async (): Promise<true | undefined> => {
    const told = fresh();
    if (told.length === 0) return undefined;
    const atRevision = Math.min(...told.map(({ revision }) => revision));
    last = await Promise.all(members.map((member) => sampleOf(member, atRevision, clock, ask)));
    return areAlike(last) ? true : undefined;
  };
  try {
    await waitFor(clock, settled, { limitMs: settleLimitMs, everyMs: againAfterMs, signal });
    await waitFor(clock, alike, { limitMs: alikeLimitMs, everyMs: againAfterMs, signal });
  } catch {
    // Only the signal's abortion comes here, and the run is over then.
    return;
  }
  last.forEach(record);
}

/** All have told of the same state. */
function areSettled(told: readonly Status[], memberCount: number): boolean {
  const [first] = told;
  return told.length === memberCount && told.every(({ revision, appliedIndex }) => revision === first?.revision && appliedIndex === first.appliedIndex);
}

/** All have answered, or never will, and in the same state: asking again would tell nothing more. */
function areAlike(samples: readonly HashSample[]): boolean {
  const states = samples.flatMap((sample) => (sample.ok ? [`${sample.revision} ${sample.compactRevision}`] : []));
  return new Set(states).size <= 1 && samples.every((sample) => sample.ok || sample.learner === true);
}

async function sampleOf({ name, directUrl }: Pick<Member, "name" | "directUrl">, atRevision: number, clock: Clock, ask: typeof hashKv): Promise<HashSample> {
  const told = await ask(directUrl, atRevision).catch((thrown: unknown) => ({ error: messageOf(thrown) }));
  const common = { kind: "hash", atMs: clock.nowMs(), member: name, atRevision } as const;
  if (!("error" in told)) return { ...common, ok: true, ...told };
  return { ...common, ok: false, error: told.error, ...(/not supported for learner/.test(told.error) ? { learner: true } : {}) };
}

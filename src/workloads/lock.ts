import { z } from "zod";
import type { Random } from "../random.ts";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { leaseClientShape, leaseLoadOf, leaseOf } from "./client-options.ts";
import { following, type Course, type Steps } from "./course.ts";
import { defineWorkload } from "./workload.ts";

const options = z
  .strictObject({
    ...leaseClientShape,
    timeout: leaseClientShape.timeout.prefault("5s"),
    locks: z.number().int().min(1).max(100).default(3).meta({ description: "Locks that the clients contend for." }),
    hold: durationOption("How long a client holds a lock at most, from 100ms to 1m, if etcd answers at once.").refine((ms) => ms >= 100 && ms <= 60_000, { error: "must be from 100ms to 1m" }).prefault("1s"),
    wait: durationOption("How long a client waits in the queue for a lock; less than the time-out, and than the time to live.").prefault("1s"),
    fenced: z.boolean().default(true).meta({ description: "Whether writes under a lock are done only while the lock's key of that holder is there, by its create revision. Without that a holder whose lease has expired may overwrite what the next one wrote." }),
  })
  .refine(({ wait, timeout, ttl }) => wait < timeout && wait < ttl, { path: ["wait"], error: "must be shorter than the time-out and than the time to live" });

const pageMax = 1_000;

/** Clients that contend for locks over leases, write what these guard, and release them. */
export const lock = defineWorkload({
  kind: "lock",
  summary: "Clients contend for locks over leases and write under them, with or without fencing.",
  options,
  bind(given) {
    const { ttl: ttlMs, locks, hold: holdMs, wait: waitMs, fenced, "think-time": thinkMs } = given;
    const plan: Plan = { ttlS: ttlMs / 1_000, locks, waitMs, fenced, stepsMax: Math.ceil(holdMs / thinkMs) };
    return {
      ...leaseLoadOf("lock", given, `${locks} ${locks === 1 ? "lock" : "locks"} over leases of ${formatDuration(ttlMs)}, ${fenced ? "fenced" : "unfenced"} writes`),
      operations: ["lease-grant", "lock-acquire", "guarded-write", "lease-keep-alive", "lock-release", "lease-revoke"],
      finalRange: { key: "guarded/", end: "guarded0", limit: pageMax },
      ...following((client, random) => holds(client, random, plan)),
    };
  },
});

/** As etcd's own clients have it: a lease is renewed when a third of its time is over. */
const renewalsPerTtl = 3;

interface Plan {
  readonly ttlS: number;
  readonly locks: number;
  readonly waitMs: number;
  readonly fenced: boolean;
  /** Requests while a lock is held. */
  readonly stepsMax: number;
}

/** One lock after the other, each with a lease of its own. */
function* holds(client: number, random: Random, plan: Plan): Course {
  for (let count = 1; ; count += 1) {
    const lease = leaseOf("lock", client, count);
    const granted = yield { op: "lease-grant", lease, ttlS: plan.ttlS };
    if (granted.outcome !== "ok") continue;
    const name = `l${random.int(0, plan.locks - 1)}`;
    const acquired = yield { op: "lock-acquire", lock: name, lease, waitMs: plan.waitMs };
    if (acquired.op === "lock-acquire" && typeof acquired.token === "number") {
      yield* work(name, lease, acquired.token, random.int(1, plan.stepsMax), plan);
      yield { op: "lock-release", lock: name, lease };
    }
    yield { op: "lease-revoke", lease };
  }
}

/**
 * Writes under a lock and renews its lease in between, as long as nothing says that the lock is lost. That a keep-alive got
 * no answer does not say so: the holder goes on then, and only a fence can tell.
 */
function* work(name: string, lease: number, token: number, steps: number, { fenced, ttlS }: Plan): Steps {
  // The wait may have used up much of the lease, so that a keep-alive comes first.
  let dueNs = 0;
  let nowNs = 0;
  for (let step = 0; step < steps; step += 1) {
    const ended = yield nowNs >= dueNs ? { op: "lease-keep-alive", lease } : { op: "guarded-write", lock: name, lease, token, value: `${token}-${step}`, fenced };
    nowNs = ended.returnNs;
    if (ended.op === "lease-keep-alive") dueNs = ended.invokeNs + (ttlS / renewalsPerTtl) * 1e9;
    if ((ended.op === "lease-keep-alive" && ended.remainingS === 0) || (ended.op === "guarded-write" && ended.written === false)) return;
  }
}

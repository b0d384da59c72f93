import { z } from "zod";
import type { Random } from "../random.ts";
import type { Request } from "../recording/operation.ts";
import { formatDuration } from "../units/duration.ts";
import { leaseClientShape, leaseLoadOf, leaseOf } from "./client-options.ts";
import { following, type Course, type Steps } from "./course.ts";
import { defineWorkload } from "./workload.ts";

const options = z.strictObject({
  ...leaseClientShape,
  timeout: leaseClientShape.timeout.prefault("1s"),
  "keys-per-lease": z.number().int().min(1).max(100).default(2).meta({ description: "Keys that are attached to each lease." }),
});

/** What becomes of a lease: kept alive for a while and left then, revoked, or left to expire at once. */
const fates = ["kept", "revoked", "left"] as const;
const pageMax = 1_000;

/** Leases that are kept alive, revoked or left, and reads of the keys attached to them. */
export const lease = defineWorkload({
  kind: "lease",
  summary: "Leases that are kept alive, revoked or left to expire, with keys attached that are read.",
  options,
  bind(given) {
    const { ttl: ttlMs, "keys-per-lease": keys, "think-time": thinkMs } = given;
    const plan: Plan = { ttlS: ttlMs / 1_000, keys, stepsPerTtl: Math.ceil(ttlMs / thinkMs) };
    return {
      ...leaseLoadOf("lease", given, `leases of ${formatDuration(ttlMs)} with ${keys} ${keys === 1 ? "key" : "keys"} each`),
      operations: ["lease-grant", "put", "get", "lease-keep-alive", "lease-time-to-live", "lease-revoke"],
      finalRange: { key: "leased/", end: "leased0", limit: pageMax },
      ...following((client, random) => leases(client, random, plan)),
    };
  },
});

interface Plan {
  readonly ttlS: number;
  readonly keys: number;
  /** So many requests a client has in a lease's time, if etcd answers at once. */
  readonly stepsPerTtl: number;
}

/** One lease after the other. */
function* leases(client: number, random: Random, plan: Plan): Course {
  for (let count = 1; ; count += 1) {
    const number = leaseOf("lease", client, count);
    const granted = yield { op: "lease-grant", lease: number, ttlS: plan.ttlS };
    if (granted.outcome !== "ok") continue;
    const keys = Array.from({ length: plan.keys }, (_, index) => `leased/${number}/${index}`);
    for (const key of keys) yield { op: "put", key, value: `${number}`, lease: number };
    const fate = random.pick(fates);
    if (fate !== "left") yield* keep(number, keys, random, random.int(1, 3 * plan.stepsPerTtl));
    if (fate === "revoked") yield { op: "lease-revoke", lease: number };
    yield* watchEnd(number, keys, random);
  }
}

/** Keeps a lease alive and looks at its keys in turn, until it is told that there is no such lease. */
function* keep(number: number, keys: readonly string[], random: Random, steps: number): Steps {
  for (let step = 0; step < steps; step += 1) {
    const ended = yield step % 3 === 0 ? { op: "lease-keep-alive", lease: number } : look(number, keys, random);
    if (ended.op === "lease-keep-alive" && ended.remainingS === 0) return;
  }
}

/** Looks until a key is seen to be gone; then at all of them. */
function* watchEnd(number: number, keys: readonly string[], random: Random): Steps {
  for (;;) {
    const ended = yield look(number, keys, random);
    if (ended.op === "get" && ended.value === null) break;
  }
  for (const key of keys) yield { op: "get", key };
}

function look(number: number, keys: readonly string[], random: Random): Request {
  return random.int(0, 9) === 0 ? { op: "lease-time-to-live", lease: number } : { op: "get", key: random.pick(keys) };
}

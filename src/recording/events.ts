import { z } from "zod";

const atMs = z.number();

/** One thing that proves, or fails to prove, that a fault bit or healed. */
export const proofSchema = z.strictObject({
  /** Where it was read: `peer bytes`, `toxics`, `container state`, `process state`, … */
  source: z.string(),
  /** What was read, as a sentence with its figures. */
  text: z.string(),
  holds: z.boolean(),
});
export type Proof = z.infer<typeof proofSchema>;

const faultBase = {
  type: z.literal("fault"),
  atMs,
  /** `<phase>/<index>-<kind>`, unique in the run. */
  fault: z.string(),
  kind: z.string(),
};

/** A line of `events.jsonl`: what the harness did and saw, in order. */
export const runEventSchema = z.union([
  z.strictObject({ type: z.literal("phase"), atMs, phase: z.string(), state: z.enum(["started", "ended"]) }),
  z.strictObject({
    ...faultBase,
    state: z.literal("requested"),
    phase: z.string(),
    /** What the scenario says: `partition leader (blocking)`. */
    title: z.string(),
    /** The members it hits, as resolved now. */
    targets: z.array(z.string()),
    /** Why those: `etcd-2 is the leader at term 3`. */
    because: z.string(),
  }),
  z.strictObject({ ...faultBase, state: z.literal("effective"), proofs: z.array(proofSchema) }),
  z.strictObject({ ...faultBase, state: z.literal("ineffective"), proofs: z.array(proofSchema) }),
  z.strictObject({ ...faultBase, state: z.literal("healing") }),
  z.strictObject({ ...faultBase, state: z.literal("healed"), proofs: z.array(proofSchema) }),
  z.strictObject({ ...faultBase, state: z.literal("unhealed"), proofs: z.array(proofSchema) }),
  /** Injecting, proving or healing threw. */
  z.strictObject({ ...faultBase, state: z.literal("failed"), error: z.string() }),
  z.strictObject({
    type: z.literal("member"),
    atMs,
    member: z.string(),
    state: z.enum(["started", "ready", "paused", "resumed", "killed", "exited", "stopped", "replaced"]),
    /** How it ended, or for one that was replaced the raft id it has now. */
    detail: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal("workload"),
    atMs,
    state: z.enum(["started", "stopped", "failed"]),
    detail: z.string().optional(),
    /** Once stopped: by how much the generator itself was too late at worst, which is part of the latencies. */
    timerLateMaxMs: z.number().optional(),
  }),
  /**
   * Requests that were due and given up since the clients were all waiting: at which member and when, to a tenth of a second, and
   * where there are several workloads the first and the last of the clients of theirs.
   */
  z.strictObject({ type: z.literal("missed"), atMs, requests: z.array(z.strictObject({ member: z.string(), atMs, count: z.number().int().min(1), clients: z.tuple([z.number().int(), z.number().int()]).optional() })) }),
  /** The wall clock (ms since 1970) at `atMs`; log lines are mapped by the last one before them. */
  z.strictObject({ type: z.literal("clock"), atMs, wallMs: z.number() }),
  z.strictObject({ type: z.literal("note"), atMs, level: z.enum(["info", "warning"]), text: z.string() }),
  z.strictObject({ type: z.literal("interrupted"), atMs, signal: z.string() }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;
export type FaultEvent = Extract<RunEvent, { type: "fault" }>;
export type MemberEvent = Extract<RunEvent, { type: "member" }>;

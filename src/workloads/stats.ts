import { z } from "zod";

/** How often statistics come; each covers so long. */
export const statsEveryMs = 250;

export const missedBinMs = 100;

const count = z.number().int().min(0);

/** What a workload did since it was last asked: four times a second, for those who watch. */
export const workloadStatsSchema = z.strictObject({
  ok: count,
  fail: count,
  info: count,
  /** Operations of an open loop that were due, and given up since all clients were held up for too long. */
  missed: count,
  /** The same by the member that would have been asked, when it was due, in bins of `missedBinMs`, and the first and the last client of its workload where there are several. */
  missedAt: z.array(z.strictObject({ member: z.string(), atMs: z.number(), count: count.min(1), clients: z.tuple([count, count]).optional() })),
  /** Latency of the `ok` ones from their intended start; null: there were none. */
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  /** The operations of each workload, where there are several. */
  kinds: z.array(z.strictObject({ kind: z.string(), ok: count, fail: count, info: count })).optional(),
  /** Now. */
  opsInFlight: count,
  /** By how much the most belated client is behind its schedule, now. */
  behindMs: z.number().min(0),
});
export type WorkloadStats = z.infer<typeof workloadStatsSchema>;

/** What a workload did from beginning to end. */
export const workloadSummarySchema = z.strictObject({
  ok: count,
  fail: count,
  info: count,
  missed: count,
  /** The longest that this machine woke the generator too late; it is part of the latencies. */
  timerLateMaxMs: z.number().min(0),
  /** Members through which the keys could not all be read at the end. */
  unread: z.array(z.string()),
  /** Members whose watcher was not told everything up to the end. */
  unwatched: z.array(z.string()),
  /** Processor time of the load process since it began the load. */
  cpuMs: z.number().min(0),
});
export type WorkloadSummary = z.infer<typeof workloadSummarySchema>;

import { z } from "zod";

/** Keys that one watcher watches. */
export const watchRangeSchema = z.strictObject({
  key: z.string(),
  /** All keys from `key` on that are less than this, `\0` for all; absent: `key` alone. */
  end: z.string().exactOptional(),
});
export type WatchRange = z.infer<typeof watchRangeSchema>;

/** How a scenario's watchers are to watch: what the load process is sent. */
export const watchSpecSchema = z.strictObject({
  /** Through which members: all of them, or one by its name. */
  endpoints: z.string(),
  /** One watcher through each of the members for each of these. */
  ranges: z.array(watchRangeSchema).min(1),
  fromRevision: z.number().int().min(1),
  /** Whether a watcher lists its keys first, and watches from the revision behind the list's, instead of `fromRevision`. */
  listFirst: z.boolean(),
  /** Whether each change is to come with the key as it was before. */
  prevKv: z.boolean(),
  /** How often a watcher asks how far it has come. */
  progressEveryMs: z.number().positive(),
  /** How often a watcher begins all over again; absent: never, as long as nothing is in the way. */
  restartEveryMs: z.number().positive().optional(),
});
export type WatchSpec = z.infer<typeof watchSpecSchema>;

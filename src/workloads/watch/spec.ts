import { z } from "zod";

/** How a scenario's watchers are to watch: what the load process is sent. */
export const watchSpecSchema = z.strictObject({
  /** Through which members, one watcher for each: all of them, or one by its name. */
  endpoints: z.string(),
  key: z.string(),
  /** All keys from `key` on that are less than this, `\0` for all; absent: `key` alone. */
  end: z.string().optional(),
  fromRevision: z.number().int().min(1),
  /** Whether each change is to come with the key as it was before. */
  prevKv: z.boolean(),
  /** How often a watcher asks how far it has come. */
  progressEveryMs: z.number().positive(),
});
export type WatchSpec = z.infer<typeof watchSpecSchema>;

import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import type { WatchSpec } from "../workloads/watch/spec.ts";

const progressMinMs = 10;
const progressMaxMs = 60_000;

const keyText = z.string().regex(/^[\x20-\x7e]{1,200}$/, { error: "must be 1 to 200 printable ASCII characters" });

/** What may stand beside a workload, so that somebody watches what it does. */
export const watchSchema = z
  .strictObject({
    endpoints: z
      .union([z.literal("all"), z.string().regex(/^etcd-[1-9]$/)])
      .default("all")
      .meta({ description: "Through which members: a watcher for each, or for one by its name." }),
    prefix: keyText.optional().meta({ description: "Watches the keys that begin so. Default: all keys." }),
    key: keyText.optional().meta({ description: "Watches this key alone." }),
    "from-revision": z.number().int().min(1).default(2).meta({ description: "From which revision on; an empty store has revision 1, so that 2 is everything." }),
    "prev-kv": z.boolean().default(true).meta({ description: "Whether each change comes with the key as it was before." }),
    "progress-every": durationOption("How often a watcher asks how far it has come, from 10ms to 1m.")
      .refine((ms) => ms >= progressMinMs && ms <= progressMaxMs, { error: "must be from 10ms to 1m" })
      .prefault("100ms"),
  })
  .refine(({ prefix, key }) => prefix === undefined || key === undefined, { path: ["key"], error: "cannot stand beside a prefix: a watch is of one key or of a prefix" });

/** What the load process is to do. */
export function watchSpecOf({ endpoints, prefix, key, "from-revision": fromRevision, "prev-kv": prevKv, "progress-every": progressEveryMs }: z.output<typeof watchSchema>): WatchSpec {
  return { endpoints, ...rangeOf(prefix, key), fromRevision, prevKv, progressEveryMs };
}

/** `watched through all members, keys k…`. */
export function watchTitle({ endpoints, prefix, key }: z.output<typeof watchSchema>): string {
  const keys = key === undefined ? (prefix === undefined ? "" : `, keys ${prefix}…`) : `, key ${key}`;
  return `watched through ${endpoints === "all" ? "all members" : endpoints}${keys}`;
}

/** etcd's way to say all keys is the range from `\0` to `\0`. */
function rangeOf(prefix: string | undefined, key: string | undefined): Pick<WatchSpec, "key" | "end"> {
  if (key !== undefined) return { key };
  if (prefix === undefined) return { key: "\0", end: "\0" };
  const last = prefix.length - 1;
  return { key: prefix, end: prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1) };
}

import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import type { WatchRange, WatchSpec } from "../workloads/watch/spec.ts";

const progressMinMs = 10;
const progressMaxMs = 60_000;
const restartMinMs = 100;
const restartMaxMs = 3_600_000;
const firstRevision = 2;

/** Each takes a connection through each member. */
const rangesMax = 20;

const keyText = z.string().regex(/^[\x20-\x7e]{1,200}$/, { error: "must be 1 to 200 printable ASCII characters" });

/** What may stand beside a workload, so that somebody watches what it does. */
export const watchSchema = z
  .strictObject({
    endpoints: z
      .union([z.literal("all"), z.string().regex(/^etcd-[1-9]$/)])
      .default("all")
      .meta({ description: "Through which members: watchers for each, or for one by its name." }),
    prefix: z
      .union([keyText, z.array(keyText).min(1).max(rangesMax)])
      .optional()
      .meta({ description: "Watches the keys that begin so; for each of a list by a watcher of its own. Default: all keys, where there is no `keys` either." }),
    keys: z.array(keyText).min(1).max(rangesMax).optional().meta({ description: "Watches each of these keys by a watcher of its own, beside those of prefixes." }),
    "from-revision": z.number().int().min(1).optional().meta({ description: `From which revision on. Default: ${firstRevision}, which is everything, since an empty store has revision 1.` }),
    "list-first": z.boolean().default(false).meta({ description: "Whether a watcher lists its keys and watches from the revision behind the list on, and does so again after a compaction, as an informer of Kubernetes does." }),
    "prev-kv": z.boolean().default(true).meta({ description: "Whether each change comes with the key as it was before." }),
    "progress-every": durationOption("How often a watcher asks how far it has come, from 10ms to 1m.")
      .refine((ms) => ms >= progressMinMs && ms <= progressMaxMs, { error: "must be from 10ms to 1m" })
      .prefault("100ms"),
    "restart-every": durationOption("How often a watcher gives its watch up and begins again where it began at first, from 100ms to 1h. Default: never. Where that has been compacted meanwhile, etcd refuses it and tells where to begin.")
      .refine((ms) => ms >= restartMinMs && ms <= restartMaxMs, { error: "must be from 100ms to 1h" })
      .optional(),
  })
  .refine((given) => !given["list-first"] || given["from-revision"] === undefined, { path: ["from-revision"], error: "does not go with list-first, where the list says from which revision on" });

type Watch = z.output<typeof watchSchema>;

/** What the load process is to do. */
export function watchSpecOf(watch: Watch): WatchSpec {
  const { endpoints, "from-revision": fromRevision = firstRevision, "list-first": listFirst, "prev-kv": prevKv, "progress-every": progressEveryMs, "restart-every": restartEveryMs } = watch;
  return { endpoints, ranges: rangesOf(watch), fromRevision, listFirst, prevKv, progressEveryMs, ...(restartEveryMs === undefined ? {} : { restartEveryMs }) };
}

/** `watched through all members, keys k… and k1, listed first`. */
export function watchTitle({ endpoints, prefix, keys = [], "list-first": listFirst, "restart-every": restartEveryMs }: Watch): string {
  const what = [...listOf(prefix).map((each) => `${each}…`), ...keys];
  const which = what.length === 0 ? "" : `, ${prefix === undefined && keys.length === 1 ? "key" : "keys"} ${what.join(" and ")}`;
  const again = restartEveryMs === undefined ? "" : `, from the beginning every ${formatDuration(restartEveryMs)}`;
  return `watched through ${endpoints === "all" ? "all members" : endpoints}${which}${listFirst ? ", listed first" : ""}${again}`;
}

/** etcd's way to say all keys is the range from `\0` to `\0`. */
function rangesOf({ prefix, keys }: Watch): WatchRange[] {
  if (prefix === undefined && keys === undefined) return [{ key: "\0", end: "\0" }];
  return [...listOf(prefix).map(beginningWith), ...(keys ?? []).map((key) => ({ key }))];
}

function listOf(prefix: Watch["prefix"]): readonly string[] {
  return typeof prefix === "string" ? [prefix] : (prefix ?? []);
}

function beginningWith(prefix: string): WatchRange {
  const last = prefix.length - 1;
  return { key: prefix, end: prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1) };
}

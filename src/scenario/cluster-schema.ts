import { z } from "zod";
import { HarnessError } from "../errors.ts";
import { parseEtcdRequest } from "../etcd/request.ts";

const flagName = /^[a-z][a-z0-9-]*$/;
/** What a runtime decides: names, folders, addresses, how members find each other, and the log that the harness reads. */
const ownedByRuntime = /^(?:name|data-dir|wal-dir|config-file|logger|log-outputs?|log-format|(?:experimental-)?enable-log-rotation|listen-.*urls|advertise-.*|initial-(?:cluster|advertise).*|discovery.*)$/;

const flagNameSchema = z
  .string()
  .regex(flagName, { error: ({ input }) => flagNameTrouble(String(input)) })
  .refine((name) => !ownedByRuntime.test(name), { error: "is set by the runtime and cannot be chosen here" })
  .meta({ not: { pattern: ownedByRuntime.source } });

/** Whatever etcd's command line takes, by name. A number is passed on as it was written. */
const flagsSchema = z
  .record(flagNameSchema, z.union([z.string(), z.number(), z.boolean()]))
  .meta({ description: "etcd flags for every member, by name without dashes: `heartbeat-interval: 100`. Addresses, names, folders and the log's format are the runtime's." });

const etcdSchema = z
  .union([z.string(), z.number()])
  .transform(String)
  .superRefine((text, context) => {
    try {
      parseEtcdRequest(text);
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      context.addIssue({ code: "custom", message: error.message, params: { hint: error.hint } });
    }
  })
  .meta({ description: "Which etcd: a series (3.5), a version (3.5.30), image:… or the path of a binary. Default 3.5." });

export const clusterSchema = z.strictObject({
  members: z.literal([1, 3, 5, 7]).default(3).meta({ description: "How many members: 1, 3, 5 or 7. Default 3." }),
  etcd: etcdSchema.prefault("3.5"),
  flags: flagsSchema.default({}),
});

/** Places whose numbers are to stay as they were written: the version 3.10 is not 3.1. */
export function isVerbatim(path: readonly PropertyKey[]): boolean {
  return path[0] === "cluster" && (path[1] === "etcd" || path[1] === "flags");
}

function flagNameTrouble(name: string): string {
  if (name.startsWith("-")) return "is written without the dashes in front";
  if (name.includes("_")) return "is written with dashes, not underscores";
  return "does not look like a flag's name, such as heartbeat-interval";
}

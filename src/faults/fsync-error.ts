import { z } from "zod";
import { errorOption, failDisk, failureTitle, hangOption } from "./disk-failure.ts";
import { filesOption } from "./disk-rules.ts";
import { defineFault } from "./fault.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema, error: errorOption, files: filesOption, after: hangOption });

/** The disk takes what is written and cannot make it durable. */
export const fsyncError = defineFault({
  kind: "fsync-error",
  summary: "The target's disk fails its syncs, on which etcd ends; healing starts it again with its data.",
  glyph: "⊗",
  options,
  needs: ["disk", "restart"],
  title: (given) => `fsync error ${failureTitle(given)}`,
  inject: (context, { error, files, after: afterMs }) => failDisk(context, { call: "sync", error, files, afterMs }),
});

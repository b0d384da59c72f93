import { z } from "zod";
import { errorOption, failDisk } from "./disk-failure.ts";
import { fileNames, filesOption } from "./disk-rules.ts";
import { defineFault } from "./fault.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema, error: errorOption, files: filesOption });

/** The disk takes what is written and cannot make it durable. */
export const fsyncError = defineFault({
  kind: "fsync-error",
  summary: "The target's disk fails its syncs, on which etcd ends; healing starts it again with its data.",
  glyph: "⊗",
  options,
  needs: ["disk", "restart"],
  title: ({ target, error, files }) => `fsync error ${error} on ${target}${files === "both" ? "" : `, ${fileNames[files]} only`}`,
  inject: (context, { error, files }) => failDisk(context, { call: "sync", error, files }),
});

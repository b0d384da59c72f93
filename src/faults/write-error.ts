import { z } from "zod";
import { errorOption, failDisk, failureTitle, hangOption } from "./disk-failure.ts";
import { filesOption } from "./disk-rules.ts";
import { defineFault } from "./fault.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema, error: errorOption, files: filesOption, after: hangOption });

/** The disk takes nothing any more: an error before anything is written, as of a broken or a full one. */
export const writeError = defineFault({
  kind: "write-error",
  summary: "The target's disk fails its writes, on which etcd ends; healing starts it again with its data.",
  glyph: "⊠",
  options,
  needs: ["diskWrites", "restart"],
  title: (given) => `write error ${failureTitle(given)}`,
  inject: (context, { error, files, after: afterMs }) => failDisk(context, { call: "write", error, files, afterMs }),
});

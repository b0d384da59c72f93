import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HarnessError, messageOf } from "../../errors.ts";
import { nightlySchema, type Nightly } from "../../nightly/nightly.ts";
import type { Shard } from "../../nightly/shard.ts";
import { renderNightlyJunit } from "../../report/nightly/junit.ts";
import { renderNightlyHtml } from "../../report/nightly/page.tsx";
import { renderNightlySummary } from "../../report/nightly/summary.ts";

/** What the files of a nightly begin with. Shards have names of their own, so that they can be put into one folder. */
export function nightlyName(shard: Shard | undefined): string {
  return shard === undefined ? "nightly" : `nightly-${shard.index}-of-${shard.of}`;
}

/** Writes what there is to read of a nightly beside the runs; an earlier one of that name is gone then, its runs are not. */
export async function writeNightly(out: string, name: string, nightly: Nightly): Promise<void> {
  const texts = {
    json: `${JSON.stringify(nightly, undefined, 2)}\n`,
    "junit.xml": renderNightlyJunit(nightly),
    md: renderNightlySummary(nightly),
    html: renderNightlyHtml(nightly),
  };
  for (const [extension, text] of Object.entries(texts)) await writeFile(join(out, `${name}.${extension}`), text);
}

/**
 * The last nightly of a folder of runs.
 * @throws HarnessError `usage` where there is none that can be read
 */
export async function readNightly(out: string, name: string): Promise<Nightly> {
  const path = join(out, `${name}.json`);
  const hint = "Run a nightly into that folder first, or choose another by --out.";
  const raw: unknown = await readFile(path, "utf8").then(JSON.parse).catch((cause: unknown) => {
    throw new HarnessError("usage", `--last-failed: ${path} cannot be read: ${messageOf(cause)}`, { hint, cause });
  });
  const { data, error } = nightlySchema.safeParse(raw);
  if (data === undefined) throw new HarnessError("usage", `--last-failed: ${path} is not what a nightly writes`, { hint, cause: error });
  return data;
}

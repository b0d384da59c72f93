import { benchAppend } from "./check-append.ts";
import { benchLinearizable } from "./check-linearizable.ts";
import { benchRevisions } from "./check-revisions.ts";
import { benchWatch } from "./check-watch.ts";

/** All checkers, by CPU time. */
export async function benchCheck(): Promise<void> {
  await benchRevisions();
  benchWatch();
  benchAppend();
  await benchLinearizable();
}

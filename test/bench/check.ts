import { benchAppend } from "./check-append.ts";
import { benchLinearizable } from "./check-linearizable.ts";
import { benchRevisions } from "./check-revisions.ts";

/** All checkers. */
export async function benchCheck(): Promise<void> {
  await benchRevisions();
  benchAppend();
  await benchLinearizable();
}

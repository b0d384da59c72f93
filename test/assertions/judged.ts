import { z } from "zod";

import type { Verdict } from "../../assertions/verdict.ts";
import { assertionKinds } from "../../assertions/index.ts";
import type { RecordingBuilder } from "../recordings/builder.ts";

/** The verdict of an assertion with options as a scenario's author writes them. */
export function judged(kind: string, options: object, run: Pick<RecordingBuilder, "build">): Verdict {
  return kindNamed(kind).bind(options).judge(run.build());
}

export function titleOf(kind: string, options: object): string {
  return kindNamed(kind).bind(options).title;
}

/** What is wrong with options, as `path: message`; empty where they fit. */
export function problemsOf(kind: string, options: object): string[] {
  const error = z.safeParse(kindNamed(kind).options, options).error;
  return (error?.issues ?? []).map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
}

function kindNamed(kind: string) {
  const found = assertionKinds.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no assertion ${kind}`);
  return found;
}

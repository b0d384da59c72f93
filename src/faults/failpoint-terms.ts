import { z } from "zod";
import type { FailpointTerms } from "../cluster/failpoints.ts";

/** All failpoints are behind one lock, which a sleep holds. */
const sleepMaxMs = 1_000;

const pattern = /^(?:(?<count>[1-9]\d{0,5})\*|(?<percent>\d{1,3}(?:\.\d+)?)%)?(?<verb>sleep|panic|return)(?<value>\((?:"[^"\\;=]*"|-?\d{1,9}|true|false|)\))?$/;

/** One term in gofail's words, read. */
export interface FailpointAction {
  readonly verb: "sleep" | "panic" | "return";
  /** As it was written. */
  readonly text: string;
  /** With its value in parentheses, and without a count or percentage. */
  readonly term: string;
  /** How often at most. */
  readonly count: number | undefined;
  /** As it was written: `25%`. */
  readonly share: string;
}

export const actionOption = z
  .string()
  .transform((text, context): FailpointAction => {
    const problem = whyNot(text);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    return read(text);
  })
  .meta({
    description: `What it does each time it is come by, in gofail's words: sleep(100) for 100 ms (${sleepMaxMs} at most), panic, return("an error"); 3*sleep(100) does it three times, 1%panic each time with that chance.`,
  });

function read(text: string): FailpointAction {
  const { count, percent, verb, value = "" } = pattern.exec(text)?.groups ?? {};
  return {
    verb: verb === "sleep" || verb === "panic" ? verb : "return",
    text,
    // Without parentheses gofail takes a return for none at all where another term follows.
    term: `${verb ?? ""}${value === "" && verb === "return" ? "()" : value}`,
    count: count === undefined ? undefined : Number(count),
    share: percent === undefined ? "" : `${percent}%`,
  };
}

function whyNot(text: string): string | undefined {
  if (!pattern.test(text)) return 'must be one term of gofail, such as sleep(100), panic, return("an error") or 3*sleep(100)';
  const { verb, term, share } = read(text);
  if (verb === "panic") return undefined;
  if (share !== "") return "a share of the times is for panic alone: of anything else nothing would show which times it was done";
  const [, milliseconds] = /^sleep\((\d+)\)$/.exec(term) ?? [];
  if (verb === "sleep" && (milliseconds === undefined || Number(milliseconds) < 1 || Number(milliseconds) > sleepMaxMs)) {
    return `sleep takes a whole number of milliseconds, from 1 to ${sleepMaxMs}: all failpoints of a member wait while one sleeps`;
  }
  return undefined;
}

/** How long it sleeps each time. */
export function sleepMsOf({ term }: FailpointAction): number {
  return Number(/^sleep\((\d+)\)$/.exec(term)?.[1] ?? 0);
}

/**
 * What a failpoint is told. It does what is asked, and then once says in the log that it was
 * come by again: gofail takes terms in their order, so that this shows that the first was done.
 * A panic shows itself, and names the failpoint.
 */
export function termsOf({ verb, term, count, share }: FailpointAction, name: string): FailpointTerms {
  if (verb === "panic") return `${share}${count === undefined ? "" : `${count}*`}${term === "panic" ? `panic("${name}")` : term}`;
  const first = `1*${term}->1*print`;
  if (count === undefined) return `${first}->${term}`;
  return count === 1 ? first : `${first}->${count - 1}*${term}`;
}

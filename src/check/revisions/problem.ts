import { requestText } from "../../recording/operation-text.ts";
import type { Violated } from "../finding.ts";
import type { Timed } from "./real-time.ts";

/** What is wrong, before it is known which operation it is found at. */
export interface Problem {
  readonly rule: string;
  /** Begins with the operation that it is found at. */
  readonly sentence: string;
  /** Keys of which something else would have to be true. */
  readonly keys: readonly string[];
  /** The others that it takes to show it. */
  readonly others: readonly (Timed | undefined)[];
  readonly expected?: string;
  readonly seen?: string;
}

/** The finding for a problem that an operation has. */
export function violatedAt(illegal: Timed, { rule, sentence, others, expected, seen }: Problem): Violated {
  const shown = [...new Set([illegal, ...others].flatMap((timed) => (timed === undefined ? [] : [timed.operation])))];
  const legal = others.find((timed) => timed !== undefined)?.operation;
  return {
    kind: "violated",
    rule,
    sentence,
    operations: shown.sort((a, b) => a.invokeNs - b.invokeNs),
    illegal: illegal.operation,
    ...(legal === undefined ? {} : { legal }),
    ...(expected === undefined ? {} : { expected }),
    ...(seen === undefined ? {} : { seen }),
  };
}

/** `put k7 = 3-12 by process 3 on etcd-1`. */
export function named({ operation }: Timed): string {
  return `${requestText(operation)} by process ${operation.process} on ${operation.member}`;
}

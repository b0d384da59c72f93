import type { Edn } from "./edn.ts";
import { Keyword } from "./edn.ts";
import type { Place } from "./position.ts";

/** One line of a history in which beginnings and ends of operations are told apart. */
export interface HistoryEvent {
  readonly process: number;
  readonly type: "invoke" | "ok" | "fail" | "info";
  /** `read`, `write`, `cas`, … */
  readonly f: string;
  readonly key: Edn | undefined;
  readonly value: Edn;
  readonly at: Place;
}

/** As it is shown in messages and told apart as a key. */
export function ednText(value: Edn): string {
  if (value instanceof Keyword) return `:${value.name}`;
  if (value instanceof Map) return `{${[...value].map(([key, each]) => `${key} ${ednText(each)}`).join(", ")}}`;
  if (Array.isArray(value)) return `[${value.map(ednText).join(" ")}]`;
  return value === null ? "nil" : typeof value === "string" ? JSON.stringify(value) : String(value);
}

import { wholePattern, type FieldCheck, type FieldTest } from "../log-match.ts";
import type { FieldAsked, LogLines } from "./syntax.ts";

/** What lines have to pass, as the kind `log` has it. */
export function testsOf({ message, fields }: LogLines): FieldTest[] {
  const first: FieldTest[] = message === undefined ? [] : [{ field: "msg", check: message.type === "text" ? { is: "containing", text: message.text } : { is: "found", pattern: new RegExp(message.text) } }];
  return [...first, ...fields.map((asked) => ({ field: asked.field, check: checkOf(asked) }))];
}

function checkOf(asked: FieldAsked): FieldCheck {
  switch (asked.sign) {
    case "=":
      return { is: "equal", text: asked.value };
    case "!=":
      return { is: "not equal", text: asked.value };
    case "=~":
      return { is: "whole", pattern: wholePattern(asked.value) };
    case "!~":
      return { is: "not whole", pattern: wholePattern(asked.value) };
    default:
      return asked.unit === "duration" ? { is: asked.sign, bound: asked.bound / 1_000, unit: "time" } : { is: asked.sign, bound: asked.bound, unit: "number" };
  }
}

type Options = Readonly<Record<string, unknown>>;

/** The same as an author writes it under `match`; undefined where one field is asked for the same thing twice. */
export function matchOf({ message, fields }: LogLines): string | Options | undefined {
  if (message?.type === "pattern" && fields.length === 0) return message.text;
  const match = new Map<string, Options | string>();
  if (message !== undefined) match.set("msg", message.type === "pattern" ? message.text : { contains: message.text });
  for (const asked of fields) {
    const before = match.get(asked.field) ?? {};
    const key = "value" in asked ? optionOf[asked.sign] : boundOptionOf[asked.sign];
    if (typeof before === "string" || Object.hasOwn(before, key)) return undefined;
    match.set(asked.field, { ...before, [key]: "value" in asked ? asked.value : asked.unit === "duration" ? `${asked.bound}ms` : asked.bound });
  }
  return Object.fromEntries(match);
}

const optionOf = { "=": "equals", "!=": "not", "=~": "matches", "!~": "not-matches" } as const;
const boundOptionOf = { "<": "below", "<=": "at-most", ">": "above", ">=": "at-least" } as const;

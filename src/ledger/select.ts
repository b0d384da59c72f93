import { HarnessError } from "../errors.ts";
import type { Entry } from "./entry.ts";

/** What runs can be chosen by: what an entry has to be. A version or a commit may be told by its beginning. */
const conditions: Readonly<Record<string, (entry: Entry, wanted: string) => boolean>> = {
  scenario: ({ scenario }, wanted) => scenario === wanted,
  etcd: ({ etcd }, wanted) => etcd.version === wanted || etcd.version.startsWith(`${wanted}.`),
  runtime: ({ runtime }, wanted) => runtime === wanted,
  commit: ({ harness }, wanted) => wanted !== "" && (harness.commit?.startsWith(wanted) === true || (harness.commit !== undefined && wanted.startsWith(harness.commit))),
  outcome: ({ outcome }, wanted) => outcome === wanted,
  seed: ({ seed }, wanted) => String(seed) === wanted,
  since: ({ startedAt }, wanted) => startedAt >= wanted,
  before: ({ startedAt }, wanted) => startedAt < wanted,
};

const conditionNames = Object.keys(conditions);
const hint = `Conditions are ${conditionNames.map((name) => `${name}=…`).join(", ")}, and @last-N or @first-N, with commas between them: scenario=partition,etcd=3.5,@last-10.`;

/** Chooses runs from a history. */
export type Selection = (entries: readonly Entry[]) => Entry[];

/** Whether a text chooses from a history, and does not name folders. */
export function isSelector(text: string): boolean {
  return text.split(",").some((part) => part.startsWith("@") || conditionNames.some((name) => part.startsWith(`${name}=`)));
}

/**
 * Reads `scenario=partition,etcd=3.4,@last-10`: all conditions have to hold, and of those runs the last ten are taken.
 *
 * @throws HarnessError `usage` for what is no condition
 */
export function parseSelector(text: string): Selection {
  const parts = text.split(",").map((part) => part.trim());
  const cuts = parts.filter((part) => part.startsWith("@")).map((part) => cutOf(part, text));
  const filters = parts.filter((part) => !part.startsWith("@")).map((part) => filterOf(part, text));
  return (entries) => cuts.reduce((left, cut) => cut(left), entries.filter((entry) => filters.every((filter) => filter(entry))));
}

function filterOf(part: string, text: string): (entry: Entry) => boolean {
  const [, name = "", wanted = ""] = /^([a-z]+)=(.*)$/.exec(part) ?? [];
  const condition = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
  if (condition === undefined || wanted === "") throw new HarnessError("usage", `"${part}" in ${text} is no condition on runs`, { hint });
  return (entry) => condition(entry, wanted);
}

function cutOf(part: string, text: string): (entries: Entry[]) => Entry[] {
  const [, end, many] = /^@(last|first)-([1-9]\d{0,6})$/.exec(part) ?? [];
  if (end === undefined) throw new HarnessError("usage", `"${part}" in ${text} is neither @last-N nor @first-N`, { hint });
  return (entries) => (end === "last" ? entries.slice(-Number(many)) : entries.slice(0, Number(many)));
}

import { elementsOf, listText } from "../../../src/recording/list-value.ts";
import type { Operation, OperationOf } from "../../../src/recording/operation.ts";
import type { TxnPartAnswer } from "../../../src/recording/operations/txn.ts";
import type { Random } from "../../../src/random.ts";

/** Changes something in a history; undefined where there is nothing to change. It may still be correct afterwards. */
export type Mutation = (history: readonly Operation[], random: Random) => Operation[] | undefined;

/** What moves in time is a process of its own, as a process never does two things at once. */
const ownProcess = 999;

/** Each puts one thing wrong that a broken store could do. */
export const mutations: Readonly<Record<string, Mutation>> = {
  "read of another state": (history, random) => changedRead(history, random, (key, value) => one(random, valuesOf(history, key).filter((other) => other !== value))),
  "read of a list without its last element": (history, random) => changedRead(history, random, (_, value) => (value === null ? undefined : listOrNull(elementsOf(value).slice(0, -1)))),
  "read of a list in another order": (history, random) => changedRead(history, random, (_, value) => (value === null ? undefined : listText([...elementsOf(value)].reverse()))),
  "read of an element from nowhere": (history, random) => changedRead(history, random, (_, value) => listText([...elementsOf(value ?? "[]"), "zzzzz"])),
  "aborted read": (history, random) => {
    const info = one(random, history.filter(({ outcome }) => outcome === "info"));
    return info && replace(history, info, { ...info, outcome: "fail" });
  },
  "append that was not done": (history, random) => {
    const info = one(random, txns(history).filter(({ outcome, success }) => outcome === "info" && success.some(({ op }) => op === "put")));
    if (info === undefined) return undefined;
    const { error, ...rest } = info;
    const responses = info.success.map((part): TxnPartAnswer => (part.op === "put" ? { op: "put" } : { op: "get", value: one(random, valuesOf(history, part.key)) ?? null }));
    return replace(history, info, { ...rest, outcome: "ok", succeeded: true, responses, revision: 1_000 });
  },
  "compare that held all the same": (history, random) => {
    const refused = one(random, txns(history).filter(({ outcome, succeeded, success }) => outcome === "ok" && succeeded === false && success.every(({ op }) => op === "put")));
    return refused && replace(history, refused, { ...refused, succeeded: true, responses: refused.success.map(() => ({ op: "put" })) });
  },
  "operation that began later": (history, random) => {
    const each = one(random, history.filter(({ outcome }) => outcome === "ok"));
    const laterNs = random.int(1, 10);
    return each && replace(history, each, { ...each, process: ownProcess, invokeNs: each.invokeNs + laterNs, returnNs: each.returnNs + laterNs });
  },
  "operation that ended before": (history, random) => {
    const each = one(random, history.filter(({ outcome, final }) => outcome === "ok" && final !== true));
    const earlierNs = random.int(1, 10);
    return each && replace(history, each, { ...each, process: ownProcess, invokeNs: each.invokeNs - earlierNs, returnNs: each.returnNs - earlierNs });
  },
  "list that is gone at the end": (history, random) => {
    const last = one(random, history.filter((each): each is OperationOf<"range"> => each.op === "range"));
    const gone = one(random, last?.kvs ?? []);
    return last && gone && replace(history, last, { ...last, kvs: (last.kvs ?? []).filter((kv) => kv !== gone) });
  },
};

function txns(history: readonly Operation[]): OperationOf<"txn">[] {
  return history.filter((each): each is OperationOf<"txn"> => each.op === "txn");
}

function valuesOf(history: readonly Operation[], key: string): (string | null)[] {
  return [...new Set([null, ...txns(history).flatMap(({ success, failure }) => [...success, ...failure]).flatMap((part) => (part.op === "put" && part.key === key ? [part.value] : []))])];
}

function listOrNull(elements: readonly string[]): string | null {
  return elements.length === 0 ? null : listText(elements);
}

/** Some get of a transaction is answered otherwise; `change` tells how, or undefined where it cannot. */
function changedRead(history: readonly Operation[], random: Random, change: (key: string, value: string | null) => string | null | undefined): Operation[] | undefined {
  const txn = one(random, txns(history).filter(({ outcome, responses = [] }) => outcome === "ok" && responses.some(({ op }) => op === "get")));
  if (txn === undefined) return undefined;
  const { responses = [], succeeded, success, failure } = txn;
  const parts = succeeded === true ? success : failure;
  const index = one(random, [...responses.keys()].filter((place) => responses[place]?.op === "get"));
  const [part, answer] = [parts[index ?? 0], responses[index ?? 0]];
  if (part?.op !== "get" || answer?.op !== "get") return undefined;
  const value = change(part.key, answer.value);
  return value === undefined ? undefined : replace(history, txn, { ...txn, responses: responses.map((each) => (each === answer ? { op: "get", value } : each)) });
}

function replace(history: readonly Operation[], old: Operation, by: Operation): Operation[] {
  return history.map((each) => (each === old ? by : each)).sort((a, b) => a.invokeNs - b.invokeNs);
}

function one<T>(random: Random, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : random.pick(items);
}

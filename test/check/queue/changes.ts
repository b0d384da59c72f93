import { isKind, type Operation, type OperationOf } from "../../../src/recording/operation.ts";
import type { Random } from "../../../src/random.ts";
import type { Wrong } from "../made-up-histories.ts";
import { oneOf, replaced } from "../change.ts";

type Range = OperationOf<"range">;
type Txn = OperationOf<"txn">;

const laterByNs = 1e6;

/** Each makes a correct history of a queue wrong, whatever else is in it. */
export const wrongs: Readonly<Record<string, Wrong>> = {
  "item that is in no look at the end": { change: (history, random) => withoutItem(history, oneOf(random, atEnd(history).flatMap(({ kvs = [] }) => kvs.map(({ key }) => key)))), rules: /^lost item$/ },
  "look that misses an item which nobody had taken by then": { change: missedItem, rules: /^(lost item|out of order)$/ },
  "item that two were given": {
    change: (history, random) => {
      const taken = oneOf(random, takes(history));
      const late = history.reduce((latest, { returnNs, revision = 0 }) => ({ ns: Math.max(latest.ns, returnNs), revision: Math.max(latest.revision, revision) }), { ns: 0, revision: 0 });
      return taken && [...history, { ...taken, process: 999_999, invokeNs: late.ns + laterByNs, returnNs: late.ns + 2 * laterByNs, revision: late.revision + 1 }];
    },
    rules: /^handed out twice$/,
  },
  "item that nobody put in": {
    change: (history, random) => {
      const look = oneOf(random, ranges(history));
      return look && replaced(history, look, { ...look, kvs: [...(look.kvs ?? []), { key: "queue/zz", value: "zz", modRevision: 2, createRevision: 2, version: 1 }] });
    },
    rules: /^item from nowhere$/,
  },
  "item whose enqueue had failed": {
    change: (history, random) => {
      const seen = new Set(ranges(history).flatMap(({ kvs = [] }) => kvs.map(({ key }) => key)));
      const put = oneOf(random, history.filter(isKind("put")).filter(({ key, outcome }) => outcome === "ok" && seen.has(key)));
      if (put === undefined) return undefined;
      const { revision: _, ...rest } = put;
      return replaced(history, put, { ...rest, outcome: "fail" });
    },
    rules: /^item from nowhere$/,
  },
  "item that is there after it was taken": {
    change: (history, random) => {
      const taken = oneOf(random, takes(history));
      const part = taken?.success[0];
      if (taken === undefined || part?.op !== "delete") return undefined;
      const look = oneOf(random, ranges(history).filter(({ revision = 0 }) => revision > (taken.revision ?? 0)));
      const known = ranges(history).flatMap(({ kvs = [] }) => kvs).find(({ key }) => key === part.key);
      return look && known && replaced(history, look, { ...look, kvs: [...(look.kvs ?? []), known] });
    },
    rules: /^item came back$/,
  },
  "second item that is handed out before the first": {
    change: (history, random) => {
      const inOrder = takes(history).sort((a, b) => (a.revision ?? 0) - (b.revision ?? 0));
      const place = random.int(0, Math.max(0, inOrder.length - 2));
      const [first, second] = [inOrder[place], inOrder[place + 1]];
      if (first === undefined || second === undefined || !wasThere(history, second, first.revision ?? 0)) return undefined;
      return replaced(replaced(history, first, asTaken(first, second)), second, asTaken(second, first));
    },
    rules: /^(out of order|lost item|item came back|item from nowhere)$/,
  },
  "answer from before what others had been told": {
    change: (history, random) => {
      const look = oneOf(random, ranges(history).filter((each) => each.final !== true && (each.revision ?? 0) > 2 && history.some(({ returnNs, revision = 0 }) => returnNs < each.invokeNs && revision >= (each.revision ?? 0))));
      return look && replaced(history, look, { ...look, kvs: [], revision: 1 });
    },
    rules: /^(revision went back|item from nowhere)$/,
  },
};

function ranges(history: readonly Operation[]): Range[] {
  return history.filter(isKind("range")).filter(({ outcome }) => outcome === "ok");
}

function atEnd(history: readonly Operation[]): Range[] {
  return ranges(history).filter(({ final }) => final === true);
}

function takes(history: readonly Operation[]): Txn[] {
  return history.filter(isKind("txn")).filter(({ outcome, succeeded }) => outcome === "ok" && succeeded === true);
}

function mayHaveTaken(history: readonly Operation[], key: string): Operation[] {
  return history.filter(isKind("txn")).filter(({ outcome, success: [part] }) => outcome === "info" && part?.op === "delete" && part.key === key);
}

/** Only of those that were put in for certain and that nobody may have taken without knowing it. */
function withoutItem(history: readonly Operation[], key: string | undefined): Operation[] | undefined {
  if (key === undefined || mayHaveTaken(history, key).length > 0 || !history.some((each) => each.op === "put" && each.outcome === "ok" && each.key === key)) return undefined;
  return history.map((each) => (each.op === "range" && each.final === true ? { ...each, kvs: (each.kvs ?? []).filter((kv) => kv.key !== key) } : each));
}

function missedItem(history: readonly Operation[], random: Random): Operation[] | undefined {
  const look = oneOf(random, ranges(history).filter(({ kvs = [] }) => kvs.length > 0));
  const missed = oneOf(random, look?.kvs ?? []);
  if (look === undefined || missed === undefined || mayHaveTaken(history, missed.key).length > 0) return undefined;
  return replaced(history, look, { ...look, kvs: (look.kvs ?? []).filter((kv) => kv !== missed) });
}

function asTaken({ compares: _, success: __, ...rest }: Txn, { compares, success }: Txn): Txn {
  return { ...rest, compares, success };
}

function wasThere(history: readonly Operation[], { compares: [guard], success: [part] }: Txn, revision: number): boolean {
  if (part?.op !== "delete" || mayHaveTaken(history, part.key).length > 0) return false;
  return guard?.target === "mod" && guard.to < revision;
}

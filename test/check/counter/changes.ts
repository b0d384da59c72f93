import { isKind, type Operation, type OperationOf } from "../../../src/recording/operation.ts";
import type { Wrong } from "../made-up-histories.ts";
import { oneOf, replaced } from "../change.ts";

type Get = OperationOf<"get">;
type Txn = OperationOf<"txn">;

/** Each makes a correct history of counters wrong, whatever else is in it. */
export const wrongs: Readonly<Record<string, Wrong>> = {
  "read that does not know of an acknowledged increment": {
    change: (history, random) => {
      const read = oneOf(random, gets(history).filter((each) => addedTo(history, each.key).some(({ revision = Infinity }) => revision <= (each.revision ?? 0))));
      return read && replaced(history, read, { ...read, ...before(history, read) });
    },
    rules: /^lost increment$/,
  },
  "read of more than there can have been": {
    change: (history, random) => {
      const read = oneOf(random, gets(history));
      return read && replaced(history, read, { ...read, value: String(history.length), version: history.length });
    },
    rules: /^increment from nowhere$/,
  },
  "value that is no number": {
    change: (history, random) => {
      const read = oneOf(random, gets(history).filter(({ value }) => typeof value === "string"));
      return read && replaced(history, read, { ...read, value: "many" });
    },
    rules: /^value from nowhere$/,
  },
  "guard that held all the same": {
    change: (history, random) => {
      const refused = oneOf(random, txns(history).filter((each) => each.outcome === "ok" && each.succeeded === false && addedTo(history, keyOf(each)).some((other) => guardOf(other) === guardOf(each))));
      const late = history.reduce((latest, { revision = 0 }) => Math.max(latest, revision), 0);
      return refused && replaced(history, refused, { ...refused, succeeded: true, responses: [{ op: "put" }], revision: late + 1 });
    },
    rules: /^lost increment$/,
  },
  "increment that is gone at the end": {
    change: (history, random) => {
      const key = oneOf(random, [...new Set(txns(history).map(keyOf))].filter((each) => addedTo(history, each).length > 0));
      return key === undefined ? undefined : history.map((each) => (each.op === "range" && each.final === true ? { ...each, kvs: (each.kvs ?? []).filter((kv) => kv.key !== key) } : each));
    },
    rules: /^lost increment$/,
  },
  "answer from before what others had been told": {
    change: (history, random) => {
      const read = oneOf(random, gets(history).filter((each) => each.value !== null && history.some(({ returnNs, revision = 0 }) => returnNs < each.invokeNs && revision >= (each.revision ?? 0) && revision > 1)));
      return read && replaced(history, read, { ...withoutKey(read), revision: 1 });
    },
    rules: /^revision went back$/,
  },
  "increment that was written over": {
    change: (history, random) => {
      const read = oneOf(random, gets(history).filter(({ version = 0 }) => version > 0));
      return read && replaced(history, read, { ...read, version: (read.version ?? 0) + 1 });
    },
    rules: /^lost increment$/,
  },
};

function gets(history: readonly Operation[]): Get[] {
  return history.filter(isKind("get")).filter(({ outcome }) => outcome === "ok");
}

function txns(history: readonly Operation[]): Txn[] {
  return history.filter(isKind("txn"));
}

function keyOf({ success: [part] }: Txn): string {
  return part?.op === "put" ? part.key : "";
}

function guardOf({ compares: [guard] }: Txn): number {
  return guard?.target === "mod" ? guard.to : -1;
}

function addedTo(history: readonly Operation[], key: string): Txn[] {
  return txns(history).filter((each) => each.outcome === "ok" && each.succeeded === true && keyOf(each) === key).sort((a, b) => (a.revision ?? 0) - (b.revision ?? 0));
}

/** The counter as it was before the last increment that the read must know. */
function before(history: readonly Operation[], { key, revision = 0, createRevision }: Get): Pick<Get, "value" | "modRevision" | "createRevision" | "version"> {
  const known = addedTo(history, key).filter((each) => (each.revision ?? Infinity) <= revision);
  const last = known.at(-1);
  const guard = last === undefined ? 0 : guardOf(last);
  const part = last?.success[0];
  const count = part?.op === "put" ? Number(part.value) - 1 : 0;
  return guard === 0 ? { value: null } : { value: `${count}`, modRevision: guard, createRevision: createRevision ?? guard, version: count };
}

function withoutKey({ modRevision: _, createRevision: __, version: ___, ...rest }: Get): Get {
  return { ...rest, value: null };
}

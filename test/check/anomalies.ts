import type { Random } from "../../src/random.ts";
import { isKind, type Operation, type OperationOf } from "../../src/recording/operation.ts";

/** Changes something in a history; undefined where there is nothing to change. It may still be correct afterwards. */
export type Anomaly = (history: readonly Operation[], random: Random) => Operation[] | undefined;

type Found = Pick<OperationOf<"get">, "value" | "modRevision" | "createRevision" | "version">;

const isOk = ({ outcome }: Operation): boolean => outcome === "ok";
const isFound = (get: OperationOf<"get">): boolean => isOk(get) && typeof get.value === "string";

/** Each puts one thing wrong that a broken store could do. */
export const anomalies: Readonly<Record<string, Anomaly>> = {
  "stale read": (history, random) => {
    const gets = history.filter(isKind("get")).filter(isOk);
    const get = one(random, gets);
    const other = one(random, gets.filter(({ key, modRevision }) => key === get?.key && modRevision !== get.modRevision));
    return get && other && replace(history, get, { ...without(get), ...contentOf(other) });
  },
  "read of an older revision": (history, random) => {
    const get = one(random, history.filter(isKind("get")).filter(isOk));
    const other = one(random, history.filter(isKind("get")).filter((each) => isOk(each) && each.key === get?.key && each.serializable === get.serializable && each.atRevision === get.atRevision));
    return get && other && replace(history, get, { ...without(get), ...contentOf(other), ...(other.revision === undefined ? {} : { revision: other.revision }) });
  },
  "lost write": (history, random) => {
    const put = one(random, history.filter(isKind("put")).filter(({ outcome }) => outcome !== "ok"));
    if (put === undefined) return undefined;
    const { error, ...rest } = put;
    return replace(history, put, { ...rest, outcome: "ok", revision: random.int(2, highest(history) + 1) });
  },
  "dirty read": (history, random) => {
    const info = one(random, history.filter(({ outcome }) => outcome === "info"));
    return info && replace(history, info, { ...info, outcome: "fail" });
  },
  "duplicate revision": (history, random) => {
    const put = one(random, history.filter(isKind("put")).filter(isOk));
    return put && replace(history, put, { ...put, revision: random.int(2, highest(history)) });
  },
  "split brain": (history, random) => {
    const [one1, other] = [one(random, history.filter(isKind("put")).filter(isOk)), one(random, history.filter(isKind("put")).filter(isOk))];
    return one1 && other && one1 !== other && one1.revision !== undefined && other.revision !== undefined
      ? replace(replace(history, one1, { ...one1, revision: other.revision }), other, { ...other, revision: one1.revision })
      : undefined;
  },
  "value from nowhere": (history, random) => {
    const get = one(random, history.filter(isKind("get")).filter(isFound));
    return get && replace(history, get, { ...get, value: `v${random.int(0, history.length)}` });
  },
  "wrong version": (history, random) => {
    const get = one(random, history.filter(isKind("get")).filter(isFound));
    return get && replace(history, get, { ...get, version: (get.version ?? 0) + random.pick([-1, 1]) });
  },
  "wrong creation": (history, random) => {
    const get = one(random, history.filter(isKind("get")).filter(isFound));
    return get && replace(history, get, { ...get, createRevision: random.int(2, Math.max(2, get.modRevision ?? 2)) });
  },
  "key that is gone": (history, random) => {
    const get = one(random, history.filter(isKind("get")).filter(isFound));
    return get && replace(history, get, { ...without(get), value: null });
  },
  "hole in a range": (history, random) => {
    const range = one(random, history.filter(isKind("range")).filter(({ kvs = [] }) => kvs.length > 0));
    if (range?.kvs === undefined) return undefined;
    const hole = random.int(0, range.kvs.length - 1);
    return replace(history, range, { ...range, kvs: range.kvs.filter((_, index) => index !== hole), count: (range.count ?? 0) - 1 });
  },
  "wrong count of deletes": (history, random) => {
    const deletion = one(random, history.filter(isKind("delete")).filter(isOk));
    return deletion && replace(history, deletion, { ...deletion, deleted: Math.max(0, (deletion.deleted ?? 0) + random.pick([-1, 1])) });
  },
  "lost update": (history, random) => {
    const swap = one(random, history.filter(isKind("txn")).filter(({ succeeded, compares }) => succeeded === true && compares[0]?.target === "mod"));
    if (swap?.compares[0]?.target !== "mod") return undefined;
    return replace(history, swap, { ...swap, compares: [{ ...swap.compares[0], to: random.int(0, highest(history)) }] });
  },
  "compare that held": (history, random) => {
    const swap = one(random, history.filter(isKind("txn")).filter(({ succeeded, compares }) => succeeded === false && compares[0]?.target === "mod"));
    const answer = swap?.responses?.[0];
    if (swap?.compares[0]?.target !== "mod" || answer?.op !== "get") return undefined;
    return replace(history, swap, { ...swap, compares: [{ ...swap.compares[0], to: answer.modRevision ?? 0 }] });
  },
  "answered before it was asked": (history, random) => {
    const [a, b] = [one(random, history), one(random, history)];
    if (a === undefined || b === undefined || a === b) return undefined;
    const { invokeNs, returnNs, intendedNs } = a;
    const swapped = replace(history, b, { ...b, invokeNs, returnNs, intendedNs });
    return replace(swapped, a, { ...a, invokeNs: b.invokeNs, returnNs: b.returnNs, intendedNs: b.intendedNs });
  },
  "compacted and read": (history, random) => {
    const get = one(random, history.filter(isKind("get")).filter((each) => isOk(each) && each.atRevision !== undefined));
    return get && replace(history, get, { ...get, atRevision: random.int(1, highest(history)) });
  },
};

function one<T>(random: Random, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : random.pick(items);
}

function replace(history: readonly Operation[], old: Operation, by: Operation): Operation[] {
  return history.map((each) => (each === old ? by : each)).sort((a, b) => a.invokeNs - b.invokeNs);
}

function highest(history: readonly Operation[]): number {
  return Math.max(2, ...history.map(({ revision = 0 }) => revision));
}

function without({ value, modRevision, createRevision, version, ...rest }: OperationOf<"get">): Omit<OperationOf<"get">, keyof Found> {
  return rest;
}

function contentOf({ value, modRevision, createRevision, version }: OperationOf<"get">): Found {
  return Object.fromEntries(Object.entries({ value, modRevision, createRevision, version }).filter(([, each]) => each !== undefined));
}

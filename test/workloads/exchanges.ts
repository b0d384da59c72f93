import type { Request } from "../../src/recording/operation.ts";

/** A request, and what a new etcd adds to it as its answer, or the end of its text where it fails. */
export interface Exchange {
  readonly request: Request;
  readonly answer: object | string;
}

const found = (value: string, modRevision: number, createRevision: number, version: number): object => ({ value, modRevision, createRevision, version });
const listed = (key: string, value: string, modRevision: number, createRevision: number, version: number): object => ({ key, ...found(value, modRevision, createRevision, version) });

/** Every kind of request in turn, to be asked of a member that has nothing yet. */
export const exchanges: readonly Exchange[] = [
  { request: { op: "put", key: "a", value: "one" }, answer: { revision: 2 } },
  { request: { op: "put", key: "ä", value: "" }, answer: { revision: 3 } },
  { request: { op: "put", key: "a", value: "zwölf ✓" }, answer: { revision: 4 } },
  { request: { op: "get", key: "a" }, answer: { ...found("zwölf ✓", 4, 2, 2), revision: 4 } },
  { request: { op: "get", key: "a", serializable: true }, answer: { ...found("zwölf ✓", 4, 2, 2), revision: 4 } },
  { request: { op: "get", key: "a", atRevision: 2 }, answer: { ...found("one", 2, 2, 1), revision: 4 } },
  { request: { op: "get", key: "none" }, answer: { value: null, revision: 4 } },
  { request: { op: "range", key: "a", end: "\xff", limit: 1 }, answer: { kvs: [listed("a", "zwölf ✓", 4, 2, 2)], count: 2, revision: 4 } },
  { request: { op: "range", key: "a", end: "\xff" }, answer: { kvs: [listed("a", "zwölf ✓", 4, 2, 2), listed("ä", "", 3, 3, 1)], count: 2, revision: 4 } },
  { request: { op: "get", key: "a", atRevision: 99 }, answer: "OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision" },
  { request: { op: "put", key: "", value: "x" }, answer: "INVALID_ARGUMENT: etcdserver: key is not provided" },
  {
    request: {
      op: "txn",
      compares: [{ key: "a", target: "value", is: "=", to: "zwölf ✓" }, { key: "a", target: "version", is: ">", to: 1 }, { key: "a", target: "mod", is: "<", to: 5 }, { key: "none", target: "create", is: "=", to: 0 }, { key: "a", target: "create", is: "!=", to: 0 }],
      success: [{ op: "put", key: "b", value: "two" }, { op: "get", key: "b" }, { op: "range", key: "a", end: "c" }, { op: "delete", key: "ä" }, { op: "delete", key: "x", end: "y" }],
      failure: [],
    },
    answer: {
      succeeded: true,
      responses: [{ op: "put" }, { op: "get", ...found("two", 5, 5, 1) }, { op: "range", kvs: [listed("a", "zwölf ✓", 4, 2, 2), listed("b", "two", 5, 5, 1)], count: 2 }, { op: "delete", deleted: 1 }, { op: "delete", deleted: 0 }],
      revision: 5,
    },
  },
  {
    request: { op: "txn", compares: [{ key: "a", target: "mod", is: "=", to: 0 }], success: [{ op: "put", key: "a", value: "no" }], failure: [{ op: "get", key: "none" }] },
    answer: { succeeded: false, responses: [{ op: "get", value: null }], revision: 5 },
  },
  { request: { op: "delete", key: "none" }, answer: { deleted: 0, revision: 5 } },
  { request: { op: "delete", key: "a", end: "c" }, answer: { deleted: 2, revision: 6 } },
  { request: { op: "compact", atRevision: 4 }, answer: { revision: 6 } },
  { request: { op: "get", key: "a", atRevision: 2 }, answer: "OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted" },
  { request: { op: "lease-grant", lease: 2 ** 40, ttlS: 60 }, answer: { grantedTtlS: 60, revision: 6 } },
  { request: { op: "lease-grant", lease: 2 ** 40, ttlS: 60 }, answer: "FAILED_PRECONDITION: etcdserver: lease already exists" },
  { request: { op: "put", key: "leased", value: "v", lease: 2 ** 40 }, answer: { revision: 7 } },
  { request: { op: "put", key: "leased", value: "v", lease: 5 }, answer: "NOT_FOUND: etcdserver: requested lease not found" },
  { request: { op: "lease-keep-alive", lease: 2 ** 40 }, answer: { remainingS: 60, revision: 7 } },
  { request: { op: "lease-keep-alive", lease: 5 }, answer: { remainingS: 0, revision: 7 } },
  { request: { op: "lease-time-to-live", lease: 5 }, answer: { remainingS: -1, revision: 7 } },
  { request: { op: "lock-acquire", lock: "l", lease: 2 ** 40, waitMs: 100 }, answer: { token: 8, revision: 8 } },
  { request: { op: "guarded-write", lock: "l", lease: 2 ** 40, token: 8, value: "w", fenced: true }, answer: { written: true, revision: 9 } },
  { request: { op: "guarded-write", lock: "l", lease: 2 ** 40, token: 7, value: "w", fenced: true }, answer: { written: false, revision: 9 } },
  { request: { op: "guarded-write", lock: "l", lease: 2 ** 40, token: 7, value: "w", fenced: false }, answer: { written: true, revision: 10 } },
  { request: { op: "lease-grant", lease: 6, ttlS: 60 }, answer: { grantedTtlS: 60, revision: 10 } },
  { request: { op: "lock-acquire", lock: "l", lease: 6, waitMs: 1 }, answer: { token: null, revision: 12 } },
  { request: { op: "lock-release", lock: "l", lease: 2 ** 40 }, answer: { released: true, revision: 13 } },
  { request: { op: "lock-release", lock: "l", lease: 2 ** 40 }, answer: { released: false, revision: 13 } },
  { request: { op: "lease-revoke", lease: 2 ** 40 }, answer: { revision: 14 } },
  { request: { op: "lease-revoke", lease: 2 ** 40 }, answer: "NOT_FOUND: etcdserver: requested lease not found" },
];

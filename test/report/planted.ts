import { checkAppend } from "../../src/check/append.ts";
import { checks } from "../../src/check/checks.ts";
import { counterexampleOfRun, type Counterexample } from "../../src/check/counterexample.ts";
import type { Finding } from "../../src/check/finding.ts";
import { formats } from "../../src/check/import/formats.ts";
import { checkHashes } from "../../src/check/hash-kv.ts";
import { checkLeases } from "../../src/check/lease.ts";
import { checkLocks } from "../../src/check/lock.ts";
import { checkMonotonicStatus } from "../../src/check/monotonic-status.ts";
import { checkNoLostWrites } from "../../src/check/no-lost-writes.ts";
import { checkSerializable } from "../../src/check/serializable.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { checkWatch } from "../../src/check/watch.ts";
import type { Shown } from "../../src/check/watch/violations.ts";
import type { Results } from "../../src/judge/results.ts";
import type { Operation } from "../../src/recording/operation.ts";
import type { HashSample, StatusSample } from "../../src/recording/samples.ts";
import type { WatchEvent, WatchResponse } from "../../src/recording/watch.ts";
import { written } from "../check/append/written.ts";
import { once } from "../check/sketch.ts";
import { during } from "../check/timed-operation.ts";
import { sampleResults } from "./sample.ts";

type Span = readonly [fromS: number, toS: number];

const put = (client: number, span: Span, key: string, value: string, revision: number): Operation => during(client, span, { op: "put", key, value, revision });
const get = (client: number, span: Span, key: string, revision: number, found: object): Operation => during(client, span, { op: "get", key, revision, ...found });
const read = (client: number, span: Span, revision: number, found: object): Operation => during(client, span, { op: "get", key: "k1", serializable: true, revision, ...found });
const grant = (client: number, span: Span): Operation => during(client, span, { op: "lease-grant", lease: client, ttlS: 5, grantedTtlS: 5, revision: 1 });
const acquire = (client: number, span: Span, token: number): Operation => during(client, span, { op: "lock-acquire", lock: "l0", lease: client, waitMs: 1_000, token, revision: token });
const told = (watcher: number, atS: number, ...events: readonly WatchEvent[]): WatchResponse => ({ watcher, member: `etcd-${watcher + 1}`, atNs: atS * 1e9, kind: "events", revision: events.at(-1)?.modRevision ?? 0, events });
const began = (watcher: number, atS: number): WatchResponse => ({ watcher, member: `etcd-${watcher + 1}`, atNs: atS * 1e9, kind: "created", revision: 1, key: "k", end: "l", fromRevision: 2, prevKv: false });
const change = (key: string, modRevision: number): WatchEvent => ({ type: "put", key, value: `v${modRevision}`, modRevision, createRevision: modRevision, version: 1 });

/** Times in seconds, in which the lists' histories are in hundredths of a millisecond from 5 s on. */
function late(history: readonly Operation[]): Operation[] {
  return history.map((each, index) => ({ ...each, member: `etcd-${(index % 3) + 1}`, invokeNs: 6e9 + each.invokeNs * 2e5 + index * 1e6, returnNs: 6e9 + each.returnNs * 2e5 + index * 1e6 }));
}

function violated(finding: Finding | Finding<Shown> | Finding<HashSample> | Finding<StatusSample>): Counterexample {
  if (finding.kind !== "violated") throw new Error(`nothing is violated: ${JSON.stringify(finding)}`);
  return counterexampleOfRun(finding);
}

function imported(model: keyof typeof checks, text: string): Counterexample {
  const finding = checks[model](formats["jepsen-edn"](text, "history.edn"), "history.edn", { timeMs: 10_000, memoryBytes: 1e9, nowMs: () => 0 });
  if (finding.kind !== "violated") throw new Error("nothing is violated");
  return finding.counterexample;
}

const edn = (...events: readonly (readonly [process: number, type: string, f: string, value: string | number])[]): string => events.map(([process, type, f, value]) => `{:process ${process}, :type :${type}, :f :${f}, :value ${value}}\n`).join("");

/** One anomaly for each checker, as its counterexample; within the sample's time of the fault, where they are of a run. */
export const planted: Readonly<Record<string, () => Counterexample>> = {
  "stale read": () => violated(checkStrictSerializable([put(3, [6.012, 6.0143], "k7", "3-11", 39), put(4, [6.0141, 6.0166], "k7", "4-12", 40), get(5, [6.0181, 6.0192], "k7", 40, once("3-11", 39))])),
  "dirty read": () =>
    violated(checkStrictSerializable([during(1, [7.5, 7.502], { op: "put", key: "k1", value: "1-9", outcome: "fail", error: "etcdserver: no leader" }), get(2, [7.503, 7.504], "k1", 60, once("1-9", 60))])),
  "went back in time": () =>
    violated(checkSerializable([put(1, [6, 6.002], "k1", "a", 2), put(1, [6.1, 6.102], "k1", "b", 3), read(2, [6.2, 6.201], 3, { value: "b", modRevision: 3, createRevision: 2, version: 2 }), read(2, [6.4, 6.401], 2, once("a", 2))], () => false)),
  "lost write": () =>
    violated(checkNoLostWrites([put(3, [5.4, 5.404], "k7", "3-12", 40), during(1, [5.41, 6.41], { op: "put", key: "k8", value: "1-4", outcome: "info", error: "DEADLINE_EXCEEDED: no answer in time" }), during(0, [19.2, 19.206], { op: "range", key: "k", end: "l", kvs: [], count: 0, revision: 41, final: true })])),
  "cycle of writes": () => violated(checkAppend(late(written({ puts: { x: "1", y: "2 1" } }, { puts: { x: "1 2", y: "2" } })))),
  "cycle with real time": () => violated(checkAppend(late(written({ at: [0, 10], puts: { y: "3" } }, { at: [0, 30], reads: { y: "" }, puts: { x: "1" } }, { at: [20, 30], reads: { x: "" } })))),
  "lost append": () => violated(checkAppend(late(written({ at: [0, 10], puts: { x: "1" } }, { at: [20, 30], puts: { x: "1 2" } }, { at: [40, 50], reads: { x: "1" }, final: true })))),
  "change left out": () => violated(checkWatch({ responses: [began(0, 5.1), began(1, 5.1), told(0, 6.0, change("k1", 2)), told(1, 6.001, change("k1", 2)), told(0, 6.004, change("k2", 3)), told(0, 6.02, change("k3", 4)), told(1, 6.021, change("k3", 4))], history: [], compactedTo: 0 })),
  "revisions decrease": () => violated(checkWatch({ responses: [began(2, 5.1), told(2, 6, change("k1", 4)), told(2, 6.3, change("k2", 3))], history: [], compactedTo: 0 }, ["ordered"])),
  "write that watches tell otherwise": () => violated(checkWatch({ responses: [began(0, 5.1), told(0, 6.003, change("k1", 2))], history: [put(4, [6, 6.002], "k1", "other", 2)], compactedTo: 0 })),
  "stores that differ": () => violated(checkHashes([7, 7, 8].map((hash, index) => ({ kind: "hash", atMs: 19_400 + index * 3, member: `etcd-${index + 1}`, atRevision: 400, ok: true, hash, compactRevision: -1, revision: 400 })), ["etcd-1", "etcd-2", "etcd-3"])),
  "index that went back": () => violated(checkMonotonicStatus([90, 89].map((appliedIndex, index) => ({ kind: "status", atMs: 6_000 + 100 * index, member: "etcd-2", ok: true, leader: null, term: 2, revision: 40, raftIndex: 90, appliedIndex })), () => 0)),
  "two holders": () => violated(checkLocks([grant(1, [5.5, 5.502]), grant(2, [5.5, 5.503]), acquire(1, [5.6, 5.604], 50), acquire(2, [6.8, 7.1], 53)])),
  "write by an old holder": () => {
    const write = during(1, [12.1, 12.104], { op: "guarded-write", lock: "l0", lease: 1, token: 50, value: "v", fenced: false, written: true, revision: 60 });
    return violated(checkLocks([grant(1, [5.5, 5.502]), grant(2, [11.1, 11.103]), acquire(1, [5.6, 5.604], 50), acquire(2, [11.2, 11.3], 53), write]));
  },
  "lease that expired early": () => {
    const attach = during(0, [5.61, 5.612], { op: "put", key: "leased/0/0", value: "0", lease: 0, revision: 30 });
    return violated(checkLeases([grant(0, [5.6, 5.603]), attach, get(1, [8.2, 8.203], "leased/0/0", 31, { value: null })], { slackNs: 10e9 }));
  },
  "register of another tool": () => imported("register", edn([0, "invoke", "write", 1], [0, "ok", "write", 1], [1, "invoke", "write", 2], [2, "invoke", "read", "nil"], [1, "info", "write", 2], [2, "ok", "read", 2], [3, "invoke", "read", "nil"], [3, "ok", "read", 1])),
  "mutex of another tool": () => imported("mutex", edn([0, "invoke", "acquire", "nil"], [0, "ok", "acquire", "nil"], [1, "invoke", "acquire", "nil"], [1, "ok", "acquire", "nil"])),
};

/** Results in which each of these breaks an assertion. */
export function plantedResults(names: readonly string[] = Object.keys(planted), change: (counterexample: Counterexample) => Counterexample = (same) => same): Results {
  const assertions = names.map((name) => {
    const made = planted[name];
    if (made === undefined) throw new Error(`no ${name} is planted`);
    const counterexample = change(made());
    const evidence = counterexample.clock === "file" ? [] : counterexample.operations.map(({ invoke, return: returned, member, what }) => ({ kind: "operation", atMs: invoke / 1e6, endMs: (returned ?? invoke) / 1e6, ...(member === undefined ? {} : { member }), text: what }) as const);
    return { kind: "strict-serializable", title: name, verdict: { outcome: "fail", observed: `${counterexample.rule}, in 4,000 operations`, bound: "one order explains all", reason: counterexample.sentence, evidence, counterexample } } as const;
  });
  return { ...sampleResults(), outcome: "fail", sentence: `${assertions[0]?.title ?? ""}: ${assertions[0]?.verdict.reason ?? ""}`, assertions: [...assertions, ...sampleResults().assertions] };
}

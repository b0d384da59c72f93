import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { waitFor, type MonotonicClock } from "../../src/clock.ts";
import { decodeOperation } from "../../src/recording/decode.ts";
import { isKind, type Operation, type Outcome } from "../../src/recording/operation.ts";
import { kv } from "../../src/workloads/kv.ts";
import type { MemberEndpoint } from "../../src/workloads/load.ts";
import { startWorkload, type RunningWorkload } from "../../src/workloads/runner.ts";
import type { WatchSpec } from "../../src/workloads/watch/spec.ts";
import type { Workload, WorkloadKind } from "../../src/workloads/workload.ts";

/** A load process with what it has written so far. */
export interface RunningLoad extends AsyncDisposable {
  readonly workload: RunningWorkload;
  /** All whole lines of the history, each checked as a recording's reader checks it. */
  history(): Promise<Operation[]>;
  /** Waits until the history holds such an operation, invoked after now. */
  until(description: string, wanted: (operation: Operation) => boolean): Promise<Operation>;
}

/** What a load is, beside its options and endpoints: a `kv` workload without watchers unless told otherwise. */
export interface LoadKind {
  readonly kind?: WorkloadKind;
  readonly watch?: WatchSpec;
  /** Further workloads, whose clients are numbered before. */
  readonly beside?: readonly Workload[];
}

/** Starts the real load process on the endpoints. */
export async function startLoad(options: object, endpoints: readonly MemberEndpoint[], folder: string, clock: MonotonicClock, { kind = kv, watch, beside = [] }: LoadKind = {}): Promise<RunningLoad> {
  const historyPath = join(folder, "history.jsonl");
  const workload = await startWorkload({ workloads: { titles: [], parts: [...beside, kind.bind(options)], ...(watch === undefined ? {} : { watch }) }, seed: 7, runId: `test-${process.pid}`, originNs: clock.originNs, historyPath, watchesPath: join(folder, "watches.jsonl") });
  const history = async (): Promise<Operation[]> => {
    const text = await readFile(historyPath, "utf8");
    return text.slice(0, text.lastIndexOf("\n") + 1).split("\n").slice(0, -1).map(operationOf);
  };
  try {
    await workload.begin(endpoints);
  } catch (error) {
    await workload[Symbol.asyncDispose]();
    throw error;
  }
  return {
    workload,
    history,
    async until(description, wanted) {
      const fromNs = clock.nowMs() * 1e6;
      const found = await waitFor(clock, async () => (await history()).find((operation) => operation.invokeNs >= fromNs && wanted(operation)), { limitMs: 20_000, everyMs: 50 });
      if (found === undefined) throw new Error(`no operation that is ${description} within 20 s; the last: ${JSON.stringify((await history()).at(-1))}`);
      return found;
    },
    [Symbol.asyncDispose]: () => workload[Symbol.asyncDispose](),
  };
}

function operationOf(line: string): Operation {
  const operation = decodeOperation(JSON.parse(line));
  if (operation === undefined) throw new Error(`not an operation: ${line}`);
  return operation;
}

/** Those of the load, without the reads after its end. */
export function ofLoad(operations: readonly Operation[]): Operation[] {
  return operations.filter(({ final }) => final !== true);
}

/** What holds of any history of a `kv` workload on a store that keeps what it acknowledges. */
export function expectSoundHistory(operations: readonly Operation[]): void {
  const puts = operations.filter(isKind("put"));
  const written = new Map(puts.map((put) => [put.value, put]));
  expect(written.size, "values are written once").to.equal(puts.length);
  for (const get of operations.filter(isKind("get"))) {
    if (get.outcome !== "ok" || typeof get.value !== "string") continue;
    const put = written.get(get.value);
    expect(put, `a put wrote what ${JSON.stringify(get)} read`).to.include({ key: get.key });
    expect(put?.outcome, "what was read was not refused").to.not.equal("fail");
    if (put?.outcome === "ok") expect(get.modRevision).to.equal(put.revision);
    expect(get.revision).to.be.at.least(get.modRevision ?? Infinity);
    expect(get.modRevision).to.be.at.least(get.createRevision ?? Infinity);
  }
  expectSequentialProcesses(operations);
}

/** The store saw every acknowledged write, no refused one, and none twice. */
export function expectWritesAsRecorded(operations: readonly Operation[], stored: readonly string[]): void {
  const puts = operations.filter(isKind("put"));
  const valuesOf = (outcome: Outcome): Set<string> => new Set(puts.filter((put) => put.outcome === outcome).map(({ value }) => value));
  const seen = new Set(stored);
  expect(seen.size, "no value was written twice").to.equal(stored.length);
  expect([...valuesOf("ok")].filter((value) => !seen.has(value)), "acknowledged and not stored").to.deep.equal([]);
  expect([...valuesOf("fail")].filter((value) => seen.has(value)), "refused and stored").to.deep.equal([]);
}

/** No process has two operations at once, and none goes on after an unknown outcome. */
export function expectSequentialProcesses(operations: readonly Operation[]): void {
  const last = new Map<number, Operation>();
  for (const operation of operations) {
    const before = last.get(operation.process);
    expect(before?.outcome, `process ${operation.process} after an unknown outcome`).to.not.equal("info");
    expect(operation.invokeNs).to.be.at.least(before?.returnNs ?? 0);
    expect(operation.intendedNs).to.be.at.most(operation.invokeNs);
    last.set(operation.process, operation);
  }
  const returns = operations.map(({ returnNs }) => returnNs);
  expect(returns, "in order of return").to.deep.equal(returns.toSorted((a, b) => a - b));
}

import { on } from "node:events";
import { MonotonicClock } from "../clock.ts";
import { HarnessError, messageOf } from "../errors.ts";
import { LineWriter } from "../recording/jsonl.ts";
import { workloadKinds } from "./index.ts";
import { Load } from "./load.ts";
import { orderSchema, type Order, type Report } from "./messages.ts";
import { statsEveryMs } from "./stats.ts";
import type { Workload } from "./workload.ts";

/*
 * The load process: a process of its own, so that neither the harness's work nor the load's disturbs the
 * other's timing. Started by runner.ts; it ends when the harness lets go of it or is gone.
 */

const writers: LineWriter[] = [];

process.once("disconnect", () => void exit());
// The harness may have gone while the libraries were loaded.
if (!process.connected) process.exit();
process.once("uncaughtException", (error) => void fail(error));

async function exit(): Promise<void> {
  await flush();
  process.exit();
}

async function fail(error: unknown): Promise<void> {
  const code = error instanceof HarnessError && (error.code === "cluster" || error.code === "recording") ? error.code : "internal";
  const message = code === "internal" && error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  await flush();
  report({ type: "failed", code, message }, () => process.exit(1));
}

async function flush(): Promise<void> {
  await Promise.all(writers.map((writer) => writer.flush()));
}

/** When the harness is gone there is nobody to tell, and `disconnect` ends the process. */
function report(message: Report, onSent: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, undefined, onSent);
}

async function work(orders: AsyncIterator<unknown[]>): Promise<void> {
  const begin = await next(orders);
  if (begin.type !== "begin") throw new Error(`the load process was told to ${begin.type} before it began`);
  const history = openWriter(begin.historyPath);
  const watches = begin.watch && openWriter(begin.watch.path);
  const load = await Load.begin({
    workloads: begin.workloads.map(workloadOf),
    watch: begin.watch?.spec,
    seed: begin.seed,
    endpoints: begin.endpoints,
    clock: new MonotonicClock(BigInt(begin.originNs)),
    record: (operation) => history.line(JSON.stringify(operation)),
    recordWatch: (response) => watches?.line(JSON.stringify(response)),
  });
  report({ type: "begun" });
  const ticker = setInterval(() => report({ type: "stats", stats: load.stats() }), statsEveryMs);
  while ((await next(orders)).type !== "stop");
  clearInterval(ticker);
  const summary = await load.stop();
  report({ type: "stats", stats: load.stats() });
  await Promise.all(writers.map((writer) => writer.close()));
  report({ type: "stopped", summary });
}

function openWriter(path: string): LineWriter {
  const unwritable = (cause: unknown): HarnessError => new HarnessError("recording", `${path} cannot be written: ${messageOf(cause)}`, { cause });
  try {
    const writer = new LineWriter(path, (cause) => void fail(unwritable(cause)));
    writers.push(writer);
    return writer;
  } catch (cause) {
    throw unwritable(cause);
  }
}

async function next(orders: AsyncIterator<unknown[]>): Promise<Order> {
  const { value } = await orders.next();
  return orderSchema.parse(value?.[0]);
}

function workloadOf({ kind: name, options }: Extract<Order, { type: "begin" }>["workloads"][number]): Workload {
  const kind = workloadKinds.find(({ kind }) => kind === name);
  if (kind === undefined) throw new Error(`there is no workload ${name}`);
  return kind.bind(options);
}

await work(on(process, "message")).catch(fail);

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MonotonicClock } from "../../src/clock.ts";
import { nodeArguments } from "../../src/entry.ts";
import { messageOf } from "../../src/errors.ts";
import { runCommand } from "../../src/process.ts";
import { startLoad } from "../workloads/running-load.ts";
import { startSingleMember } from "../workloads/single-member.ts";
import { etcdBenchmark, type Speed } from "./etcd-benchmark.ts";
import { startProgram } from "./program.ts";
import { printTable } from "./table.ts";

const rounds = 3;
const clients = 100;
const durationMs = 5_000;
const clock = new MonotonicClock();

/** Someone who puts. */
interface Putter {
  readonly name: string;
  readonly measure: (url: string, folder: string) => Promise<Speed>;
}

const ownClient: Putter = { name: "our client alone", measure: (url) => clientsAlone("ours", url) };
const loadProcess: Putter = { name: "the load process, with its history", measure: theLoad };
const others: readonly Putter[] = ["node:http2", "etcd3"].map((kind) => ({ name: kind, measure: (url) => clientsAlone(kind, url) }));

/**
 * Puts in a closed loop: by the load process against a server that does nothing, and by it and by others on one member
 * that keeps its data in memory. A machine of few cores is shared between etcd and its client, so that the client's
 * processor time tells more than the puts do.
 */
export async function benchLoad(): Promise<void> {
  {
    await using server = await startProgram("noop-etcd.ts");
    const url = `http://127.0.0.1:${server.port}`;
    await compare(`puts by ${clients} clients on a server that does nothing: the limit of the generator, and not of etcd`, [ownClient, loadProcess], async (measure) => await measure(url));
    await compare("what that server could answer with a core of its own, so that it is not the limit", [{ name: "the server that does nothing", measure: () => serverAlone(server.pid, url) }], async (measure) => await measure(url));
  }
  const missing = await withMember(async (url) => await etcdBenchmark(url, clients).then(() => undefined, messageOf));
  if (missing !== undefined) process.stdout.write(`etcd's benchmark tool is left out: ${missing}\n`);
  const tool: Putter[] = missing === undefined ? [{ name: "etcd's benchmark tool", measure: (url) => etcdBenchmark(url, clients) }] : [];
  await compare(`puts by ${clients} clients on one member in ${memory}`, [...tool, ...others, ownClient, loadProcess], withMember);
}

/** Measures each in turn, round after round, each on what `on` gives it. */
async function compare(title: string, putters: readonly Putter[], on: (measure: (url: string) => Promise<Speed>) => Promise<Speed>): Promise<void> {
  const rows = putters.map((putter) => ({ ...putter, speeds: new Array<Speed>() }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { measure, speeds } of rows) {
      using folder = folderIn(tmpdir());
      speeds.push(await on((url) => measure(url, folder.path)));
    }
  }
  printTable(title, "a second", rows.map(({ name, speeds }) => ({ name, values: speeds.map(({ putsPerSecond }) => putsPerSecond) })));
  printTable("  processor time of its own for each", "µs", rows.map(({ name, speeds }) => ({ name, values: speeds.map(({ cpuUs }) => cpuUs) })), 1);
}

/** A member that has nothing yet, as it wants to be measured each time. */
async function withMember<T>(use: (url: string) => Promise<T>): Promise<T> {
  using folder = folderIn(memory);
  await using member = await startSingleMember(folder.path, clock);
  return await use(member.directUrl);
}

/** Where Linux keeps files in memory. */
const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

function folderIn(parent: string): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(parent, "etcd-chaos-bench-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The load process as a scenario starts it. */
async function theLoad(url: string, folder: string): Promise<Speed> {
  await using load = await startLoad({ clients, reads: 0, keys: 1_000 }, [{ member: "etcd-1", url }], folder, clock);
  const beganMs = clock.nowMs();
  await clock.sleep(durationMs);
  const tookMs = clock.nowMs() - beganMs;
  const { ok, cpuMs } = await load.workload.stop();
  return { putsPerSecond: (ok / tookMs) * 1e3, cpuUs: (cpuMs / ok) * 1e3 };
}

async function clientsAlone(kind: string, url: string): Promise<Speed> {
  const { puts, ms, cpuMs } = await putWith(kind, url);
  return { putsPerSecond: (puts / ms) * 1e3, cpuUs: (cpuMs / puts) * 1e3 };
}

async function serverAlone(pid: number, url: string): Promise<Speed> {
  const beforeMs = cpuMsOf(pid);
  const { putsInAll } = await putWith("ours", url);
  const cpuUs = ((cpuMsOf(pid) - beforeMs) / putsInAll) * 1e3;
  return { putsPerSecond: 1e6 / cpuUs, cpuUs };
}

/** What `put-clients.ts` prints. */
interface Puts {
  readonly puts: number;
  readonly ms: number;
  readonly cpuMs: number;
  /** Those before it was measured, too. */
  readonly putsInAll: number;
}

/** Clients in a process of their own with nothing around them. */
async function putWith(kind: string, url: string): Promise<Puts> {
  const { exitCode, stdout, stderr } = await runCommand(process.execPath, nodeArguments("../test/bench/put-clients.ts", kind, url, String(clients), String(durationMs)), { timeoutMs: 120_000 });
  if (exitCode !== 0) throw new Error(`clients of ${kind} ended with ${exitCode}: ${stderr.trim()}`);
  return JSON.parse(stdout);
}

const msPerTick = 10;

/** Processor time of a process so far, as Linux counts it. */
function cpuMsOf(pid: number): number {
  const [, user, system] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
  return (Number(user) + Number(system)) * msPerTick;
}

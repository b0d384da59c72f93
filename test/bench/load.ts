import { MonotonicClock } from "../../src/clock.ts";
import { messageOf } from "../../src/errors.ts";
import { runCommand } from "../../src/process.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { startLoad } from "../workloads/running-load.ts";
import { startSingleMember } from "../workloads/single-member.ts";
import { printTable, type Row } from "./table.ts";

const rounds = 3;
const clients = 50;
const loadMs = 5_000;
const benchmarkPuts = 20_000;

/** Puts by the load process in a closed loop on one member, against etcd's own benchmark tool where that is on the PATH. */
export async function benchLoad(): Promise<void> {
  const clock = new MonotonicClock();
  const ours: number[] = [];
  const theirs: number[] = [];
  let missing: string | undefined;
  for (let round = 0; round < rounds; round++) {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    ours.push(await putsPerSecond(folder.path, member.directUrl, clock));
    missing ??= await benchmarkPutsPerSecond(member.directUrl).then(
      (value) => void theirs.push(value),
      messageOf,
    );
  }
  if (missing !== undefined) process.stdout.write(`etcd's benchmark tool is left out: ${missing}\n`);
  const peer: Row[] = theirs.length === 0 ? [] : [{ name: "etcd's benchmark", values: theirs }];
  printTable(`puts by ${clients} clients in a closed loop on one member`, "a second", [...peer, { name: "the load process", values: ours }]);
}

async function putsPerSecond(folder: string, url: string, clock: MonotonicClock): Promise<number> {
  await using load = await startLoad({ clients, reads: 0, keys: 1_000 }, [{ member: "etcd-1", url }], folder, clock);
  const beganMs = clock.nowMs();
  await clock.sleep(loadMs);
  const { ok } = await load.workload.stop();
  return (ok / (clock.nowMs() - beganMs)) * 1_000;
}

async function benchmarkPutsPerSecond(url: string): Promise<number> {
  const args = [`--endpoints=${url}`, `--conns=${clients}`, `--clients=${clients}`, "put", "--key-size=8", "--val-size=16", `--total=${benchmarkPuts}`, "--key-space-size=1000"];
  const { exitCode, stdout, stderr } = await runCommand("benchmark", args, { timeoutMs: 120_000 });
  const [, perSecond] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
  if (exitCode !== 0 || perSecond === undefined) throw new Error(`benchmark ended with ${exitCode}: ${stderr.trim().split("\n").at(-1)}`);
  return Number(perSecond);
}

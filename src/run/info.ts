import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { cpus, hostname, release, totalmem } from "node:os";
import { runCommand } from "../process.ts";
import { fileURLToPath } from "node:url";
import type { RunningCluster } from "../cluster/cluster.ts";
import { describeRequest } from "../etcd/request.ts";
import type { RunInfo } from "../recording/run-info.ts";
import { placesOf, type Workloads } from "../workloads/workloads.ts";
import type { RunRequest } from "./run.ts";

/** What is known of a run before anything of it started. */
export function firstInfo({ runId, plan, replay, runtime, wanted, clock }: RunRequest): RunInfo {
  const { scenario, seed } = plan;
  return {
    format: 1,
    id: runId,
    scenario: scenario.name,
    description: scenario.description,
    ...(scenario.workload === undefined ? {} : { workload: scenario.workload.titles.join("; "), workloads: loadsOf(scenario.workload) }),
    seed,
    replay,
    startedAt: new Date(clock.wallMs() - clock.nowMs()).toISOString(),
    status: "running",
    runtime: { kind: runtime.kind, because: runtime.because },
    etcd: { version: "unknown", source: `the request for ${describeRequest(wanted.etcd)}, as no member ran yet` },
    etcdAsked: describeRequest(wanted.etcd),
    toxiproxy: { version: "unknown", source: `the request for ${wanted.toxiproxy.kind}, as it did not run yet` },
    flags: { ...scenario.cluster.flags },
    members: [],
    machine: machine(),
    harness: { version: "unknown" },
    breakdown: [],
  };
}

/** Each workload, and which clients of the history are its own. */
function loadsOf({ parts }: Workloads): RunInfo["workloads"] {
  const firsts = placesOf(parts).filter(({ client }) => client === 0);
  return firsts.map(({ workload: { kind, title, clients }, number: firstClient }) => ({ kind, title, firstClient, clients }));
}

/** What is known once the cluster runs. */
export async function knownOf(cluster: RunningCluster): Promise<Pick<RunInfo, "etcd" | "toxiproxy" | "members" | "harness">> {
  return {
    etcd: cluster.etcd,
    toxiproxy: cluster.toxiproxy,
    members: cluster.members.map(({ name, id }) => ({ name, id })),
    harness: await harness(),
  };
}

/** The members with the ids that they have now, which a replaced one has not had before; the same list where all have kept theirs. */
export function withIdsOf(members: RunningCluster["members"], known: RunInfo["members"]): RunInfo["members"] {
  const idOf = new Map(members.map(({ name, id }) => [name, id]));
  if (known.every(({ name, id }) => (idOf.get(name) ?? id) === id)) return known;
  return known.map((member) => {
    const { name, id: formerId, formerIds = [] } = member;
    const id = idOf.get(name) ?? formerId;
    return id === formerId ? member : { name, id, formerIds: [...formerIds, formerId] };
  });
}

const root = fileURLToPath(new URL("../..", import.meta.url));

function machine(): RunInfo["machine"] {
  const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
  return { platform: `${process.platform} ${process.arch}`, cpus: cpus().length, memoryBytes: totalmem(), node: process.version, kernel: release(), host };
}

async function harness(): Promise<RunInfo["harness"]> {
  const { version }: { version?: unknown } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  // Tags are left out: a commit is always told by its hash.
  const described = await runCommand("git", ["-C", root, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"], { timeoutMs: 2_000 }).catch(() => undefined);
  const [commit = "", dirty] = described?.exitCode === 0 ? described.stdout.trim().split("-") : [];
  return { version: String(version), ...(commit === "" ? {} : { commit }), ...(dirty === undefined ? {} : { dirty: true }) };
}

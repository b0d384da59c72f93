import { describeSource, type EtcdBinary } from "../etcd/binary.ts";
import type { EtcdEnvironment } from "../etcd/environment.ts";
import { whyNoFlags } from "../etcd/flags.ts";
import type { EtcdRequest } from "../etcd/request.ts";
import { hasFailpoints } from "../etcd/failpoint-support.ts";
import { resolveEtcd } from "../etcd/resolve.ts";
import { findRestoreProgram, type RestoreProgram } from "../etcd/restore-program.ts";
import type { Clock } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import { runCommand } from "../process.ts";
import type { ToxiproxyChoice } from "../toxiproxy/choice.ts";
import type { ClusterSpec, FlagValue, RunningCluster, RuntimeKind } from "./cluster.ts";
import type { Capability } from "./member.ts";
import { whyNoClockFaults } from "./clock/clock-shim.ts";
import { whyNoDiskFaults } from "./disk/disk-shim.ts";
import { whyNoSpans } from "./tracing.ts";
import { buildHint } from "./failpoints.ts";
import { findEngine, type Engine } from "./docker/engine.ts";
import { whyNoPacketFilters } from "./docker/network-namespace.ts";
import { startLocalCluster } from "./local/local-cluster.ts";
import { whyNoNamespaces } from "./local/namespace.ts";
import { whyNoOwnNetwork } from "./local/own-network.ts";
import { whyNoVolumes } from "./local/volume.ts";

export type RuntimeChoice = RuntimeKind | "auto";

/** What a runtime can be asked for, before it starts anything. */
export interface Runtime {
  readonly kind: RuntimeKind;
  /** Why this one: for the report. */
  readonly because: string;
  /** Why a member of it cannot do something; undefined where it can. */
  readonly lacks: Readonly<Record<Capability, string | undefined>>;
  /** Finds etcd and Toxiproxy; what may take long and may fail for want of a version happens here. */
  prepare(wanted: Wanted): Promise<PreparedRuntime>;
}

export interface Wanted {
  readonly etcd: EtcdRequest;
  /** Others that faults start members by, by their own word for it: `3.5`. */
  readonly alsoEtcd?: ReadonlyMap<string, EtcdRequest>;
  /** Members are to be `Restorable`. */
  readonly restores?: boolean;
  /** What every member is to be given beside the runtime's own. */
  readonly flags?: Readonly<Record<string, FlagValue>>;
  readonly toxiproxy: ToxiproxyChoice;
  readonly environment: EtcdEnvironment;
}

export interface PreparedRuntime {
  /** Of the etcd; undefined of an image before it runs. */
  readonly version?: string | undefined;
  /** What the reader should know of the choices, such as that no newer version could be looked for. */
  readonly notices: readonly string[];
  /** Why members of this very etcd cannot do something that the runtime could. */
  readonly lacks: Partial<Readonly<Record<Capability, string>>>;
  /** Why its members send no spans, as a sentence; undefined where they can. */
  readonly noSpans?: string | undefined;
  /** Why they do not take the flags that they are to be given, as a sentence; undefined where they do, and of an image before it runs. */
  readonly noFlags?: string | undefined;
  start(spec: ClusterSpec, clock: Clock): Promise<RunningCluster>;
}

/**
 * The runtime for a run: the one asked for, or with `auto` docker where an engine answers and
 * local where none does.
 * @throws HarnessError `environment` when the one asked for cannot run here
 */
export async function chooseRuntime(choice: RuntimeChoice): Promise<Runtime> {
  if (choice === "local") return localRuntime("asked for", await localLacks());
  const engine = await findEngine();
  if (engine.kind === "answers") return dockerRuntime(engine, `${choice === "docker" ? "asked for" : "an engine answers"} (Docker ${engine.version})`, await dockerLacks(engine));
  if (choice === "docker") {
    throw new HarnessError("environment", `--runtime docker: ${engine.because}`, {
      hint: "Start the Docker engine, or use --runtime local. As root on Debian, docker/start-engine.sh installs and starts one.",
    });
  }
  return localRuntime(engine.because, await localLacks());
}

/** A runtime, whether or not this machine has it. */
export interface RuntimeHere {
  readonly kind: RuntimeKind;
  /** Why it cannot run here; undefined where it can. */
  readonly absent: string | undefined;
  readonly lacks: Runtime["lacks"];
}

/** Both runtimes, as this machine has them. */
export async function runtimesHere(): Promise<RuntimeHere[]> {
  const engine = await findEngine();
  const [noNamespaces, local, docker] = await Promise.all([whyNoNamespaces(), localLacks(), dockerLacks(engine)]);
  return [
    { kind: "local", absent: noNamespaces, lacks: local },
    { kind: "docker", absent: engine.kind === "answers" ? undefined : engine.because, lacks: docker },
  ];
}

const both = { pause: undefined, kill: undefined, stop: undefined, restart: undefined, failpoints: undefined, throttle: undefined, replace: undefined, files: undefined, upgrade: undefined, restore: undefined } as const;

async function localLacks(): Promise<Runtime["lacks"]> {
  const [disk, clock, volume, packets] = await Promise.all([whyNoDiskFaults(), whyNoClockFaults(), whyNoVolumes(), whyNoOwnNetwork()]);
  return { ...both, limitMemory: "only a container engine limits the memory of a member", disk, diskWrites: disk, clock, volume, power: volume ?? disk, packets };
}

async function dockerLacks(engine: Engine): Promise<Runtime["lacks"]> {
  const [disk, clock, packets] = await Promise.all([whyNoDiskFaults(), whyNoClockFaults(), whyNoPacketFilters(engine.kind === "answers" ? engine.docker : undefined)]);
  const volume = "only in the local runtime can a member have a file system of its own";
  return { ...both, limitMemory: undefined, disk, diskWrites: disk, clock, volume, power: volume, packets };
}

function localRuntime(because: string, lacks: Runtime["lacks"]): Runtime {
  return {
    kind: "local",
    because,
    lacks,
    async prepare({ etcd, alsoEtcd, restores, flags, toxiproxy, environment }) {
      const missing = await whyNoNamespaces();
      if (missing !== undefined) throw new HarnessError("environment", missing, { hint: "Or use --runtime docker." });
      const find = (request: EtcdRequest): Promise<EtcdBinary> => {
        if (request.kind !== "image") return resolveEtcd(request, environment);
        throw new HarnessError("usage", `the etcd image ${request.image} needs the docker runtime`, { hint: "Add --runtime docker, or ask for a version such as 3.5." });
      };
      const binary = await find(etcd);
      const others = await findEach(alsoEtcd, find);
      const origins = new Map([...others].map(([asked, other]) => [asked, origin(other)]));
      const restoring: Partial<RestoreProgram> = restores ? await findRestoreProgram(binary, environment) : {};
      return {
        version: binary.version,
        notices: [binary, ...others.values()].flatMap(noticesOf),
        lacks: { ...(await lacksOf(binary)), ...lackOf(restoring) },
        noSpans: [binary, ...others.values()].map(({ version }) => whyNoSpans(version)).find((why) => why !== undefined),
        noFlags: await lackOfFlags([binary, ...others.values()], flags),
        start: (spec, clock) => startLocalCluster(spec, { etcd: origin(binary), others: origins, restoreProgram: restoring.path, toxiproxy }, clock),
      };
    },
  };
}

function dockerRuntime({ docker }: Engine & { kind: "answers" }, because: string, lacks: Runtime["lacks"]): Runtime {
  return {
    kind: "docker",
    because,
    lacks,
    async prepare({ etcd, alsoEtcd, restores, flags, toxiproxy, environment }) {
      // Loaded here: testcontainers takes half a second that a local run need not spend.
      const [{ startDockerCluster }, { imageForBinary, namedImage }, { toxiproxyImage }] = await Promise.all([
        import("./docker/docker-cluster.ts"),
        import("./docker/etcd-image.ts"),
        import("./docker/toxiproxy-container.ts"),
      ]);
      const find = async (request: EtcdRequest) => {
        if (request.kind === "image") return { image: await namedImage(docker, request.image), notices: [], lacks: {}, binary: undefined };
        const binary = await resolveEtcd(request, environment);
        return { image: await imageForBinary(docker, origin(binary)), notices: noticesOf(binary), lacks: await lacksOf(binary), binary };
      };
      const [found, proxy] = await Promise.all([find(etcd), toxiproxyImage(docker, toxiproxy)]);
      const others = await findEach(alsoEtcd, find);
      const images = new Map([...others].map(([asked, { image }]) => [asked, image]));
      const restoring: Partial<RestoreProgram> = restores ? await (found.binary === undefined ? restoreProgramUnknown : findRestoreProgram(found.binary, environment)) : {};
      return {
        version: found.binary?.version,
        notices: [found, ...others.values()].flatMap(({ notices }) => notices),
        lacks: { ...found.lacks, ...lackOf(restoring) },
        noSpans: "members in containers do not reach the harness's receiver: use --runtime local",
        noFlags: await lackOfFlags([found, ...others.values()].flatMap((each) => each.binary ?? []), flags),
        start: (spec, clock) => startDockerCluster(spec, { docker, etcd: found.image, others: images, restoreProgram: restoring.path, toxiproxy: proxy }, clock),
      };
    },
  };
}

/** One after the other: two that fetch at once would show their progress over each other. */
async function findEach<Found>(asked: ReadonlyMap<string, EtcdRequest> = new Map(), find: (request: EtcdRequest) => Promise<Found>): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  for (const [word, request] of asked) found.set(word, await find(request));
  return found;
}

function noticesOf({ notice }: EtcdBinary): string[] {
  return notice === undefined ? [] : [notice];
}

async function lackOfFlags(binaries: readonly EtcdBinary[], flags: Wanted["flags"] = {}): Promise<string | undefined> {
  const given = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const reasons = await Promise.all(binaries.map((binary) => whyNoFlags(binary, given, runCommand)));
  return reasons.find((reason) => reason !== undefined);
}

/** Snapshots are restored by a program of this machine, for containers too: an image need not hold one. */
const restoreProgramUnknown: RestoreProgram = { missing: "restoring a snapshot needs etcdutl or etcdctl of the etcd's version on this machine, and the version of an image is not known before it runs: ask for a version, or for the path of a binary" };

function lackOf({ missing }: Partial<RestoreProgram>): PreparedRuntime["lacks"] {
  return missing === undefined ? {} : { restore: missing };
}

/** Of an image nothing is known before its members run. */
async function lacksOf({ path, version }: EtcdBinary): Promise<PreparedRuntime["lacks"]> {
  return (await hasFailpoints(path)) ? {} : { failpoints: `this etcd ${version} (${path}) has no failpoints; ${buildHint}` };
}

function origin(binary: EtcdBinary): { version: string; source: string; path: string; sha256: string; own: boolean } {
  const { version, path, sha256 } = binary;
  return { version, source: describeSource(binary), path, sha256, own: binary.source.kind === "file" };
}

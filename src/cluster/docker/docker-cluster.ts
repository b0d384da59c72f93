import type Docker from "dockerode";
import type { StartedTestContainer } from "testcontainers";
import type { Clock } from "../../clock.ts";
import { HarnessError } from "../../errors.ts";
import { runLabel } from "../../marks.ts";
import { Resources } from "../../resources.ts";
import { Stopwatch } from "../../stopwatch.ts";
import { createLinks, type LinkRoute } from "../../toxiproxy/proxy-links.ts";
import type { ClusterSpec, RunningCluster } from "../cluster.ts";
import { needDiskShim } from "../disk/disk-shim.ts";
import { etcdArguments, memberName, memberNumbers } from "../etcd-arguments.ts";
import { failpointPort, failpointVariable } from "../failpoints.ts";
import { clients } from "../links.ts";
import type { PeerPackets } from "../packet-filters.ts";
import { endedWhileStarting, untilReady } from "../ready.ts";
import { hostPid, PreparedContainer, startedIsEnough } from "./container.ts";
import { containerShimCommand } from "./disk-folder.ts";
import { DockerMember } from "./docker-member.ts";
import type { DockerMemberOptions } from "./docker-member-options.ts";
import { type EtcdImage } from "./etcd-image.ts";
import { freePorts } from "./ports.ts";
import { removeDockerRun } from "./remove.ts";
import { toxiproxyPort, toxiproxyFailed, untilToxiproxyAnswers, type ToxiproxyImage } from "./toxiproxy-container.ts";

export interface DockerOptions {
  readonly docker: Docker;
  readonly etcd: EtcdImage;
  /** Others that members may be started by, by what was asked for. */
  readonly others?: ReadonlyMap<string, EtcdImage>;
  /** What makes data of a snapshot, if members are to be restored. */
  readonly restoreProgram?: string | undefined;
  readonly toxiproxy: ToxiproxyImage;
}

const clientPort = 2379;
const peerPort = (number: number): number => 23800 + number;
const clientLinkPort = (number: number): number => 24000 + number;
const peerHost = (number: number): string => `peer-${number}`;
const peerUrl = (number: number): string => `http://${peerHost(number)}:${peerPort(number)}`;

/**
 * Starts a cluster of containers as a star: each member has a network of its own, and only
 * the Toxiproxy container is in all of them, known there as every other member's peer.
 * @throws HarnessError `environment` or `cluster`; nothing is left behind then
 */
export async function startDockerCluster(spec: ClusterSpec, options: DockerOptions, clock: Clock): Promise<RunningCluster> {
  const { docker } = options;
  await using resources = new Resources();
  resources.defer(() => removeDockerRun(docker, spec.runId));
  const watch = new Stopwatch(clock);
  const numbers = memberNumbers(spec.memberCount + (spec.spare ? 1 : 0));
  const star = new Star(spec.runId, numbers);
  await Promise.all(star.networks().map((name) => createNetwork(docker, name, spec.runId)));
  watch.lap("networks");

  const ports = new PortPlan(await freePorts(3 * numbers.length + 1), numbers);
  const apiUrl = `http://127.0.0.1:${ports.api}`;
  const prepared: DockerMember[] = [];
  resources.defer(() => prepared.forEach((member) => member.expectEnd()));
  const disk = spec.diskFaults && { shim: await needDiskShim(), reach: spec.diskFaults };
  for (const number of numbers) {
    const failpointUrl = spec.failpoints ? `http://127.0.0.1:${ports.failpoints(number)}` : undefined;
    const member = prepareMember(number, ports, { runId: spec.runId, disk, failpointUrl }, options, clock);
    prepared.push(member);
    if (number <= spec.memberCount) spec.onMember?.(member);
  }
  // First, since members that start without links campaign in vain and then wait for an election timeout.
  const toxiproxy = await startToxiproxy(star, ports, spec.runId, options);
  const toxiproxyVersion = await untilToxiproxyAnswers(docker.getContainer(toxiproxy.getId()), apiUrl, clock);
  watch.lap("Toxiproxy");
  const addresses = await allOnceSettled(prepared.map((member) => startMember(member, star, ports, spec, options)));
  watch.lap("containers");
  for (const member of prepared) member.peersAt(peerPackets(toxiproxy.getIpAddress(star.memberNetwork(member.number)), numbers.length));
  // Links lead to addresses, not names: looking up a member that is down would hold up all others.
  const links = await createLinks(apiUrl, routes(star, ports, prepared, addresses, toxiproxy));
  const [members, [spare]] = [prepared.slice(0, spec.memberCount), prepared.slice(spec.memberCount)];
  // It ran alone and for a moment, since only a container that runs has an address.
  if (spare !== undefined && (await spare.state()).kind !== "down") await spare.kill();
  if (spare !== undefined) spec.onMember?.(spare);
  const statuses = await untilReady(members, clock, 60_000);
  for (const [index, member] of members.entries()) member.id = statuses[index]?.id ?? "";
  watch.lap("first election");

  const version = options.etcd.origin.version || (statuses[0]?.version ?? "unknown");
  const owned = resources.move();
  return {
    runtime: "docker",
    members,
    spare: spare && { member: spare, peerUrl: peerUrl(spare.number) },
    links,
    etcd: { ...options.etcd.origin, version },
    toxiproxy: { version: toxiproxyVersion, source: options.toxiproxy.source },
    proxy: { processId: () => hostPid(docker.getContainer(toxiproxy.getId())) },
    breakdown: watch.laps,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** Names of what belongs to one run. */
class Star {
  readonly #runId: string;
  readonly numbers: readonly number[];

  constructor(runId: string, numbers: readonly number[]) {
    this.#runId = runId;
    this.numbers = numbers;
  }

  container = (role: string): string => `etcd-chaos-${this.#runId}-${role}`;
  memberContainer = (number: number): string => this.container(memberName(number));
  memberNetwork = (number: number): string => this.container(`net-${number}`);
  networks = (): string[] => this.numbers.map(this.memberNetwork);
}

/** Which port of 127.0.0.1 leads where. */
class PortPlan {
  readonly api: number;
  readonly #ports: readonly number[];
  readonly #count: number;

  constructor(ports: readonly number[], numbers: readonly number[]) {
    this.#ports = ports;
    this.#count = numbers.length;
    this.api = this.#at(3 * this.#count);
  }

  direct = (number: number): number => this.#at(number - 1);
  clientLink = (number: number): number => this.#at(this.#count + number - 1);
  failpoints = (number: number): number => this.#at(2 * this.#count + number - 1);

  #at(index: number): number {
    const port = this.#ports[index];
    if (port === undefined) throw new HarnessError("internal", `no port was planned at ${index}`);
    return port;
  }
}

async function createNetwork(docker: Docker, name: string, runId: string): Promise<void> {
  await docker.createNetwork({
    Name: name,
    Driver: "bridge",
    Labels: { [runLabel]: runId },
    // Published ports are for this machine alone.
    Options: { "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1" },
  });
}

async function startToxiproxy(star: Star, ports: PortPlan, runId: string, { docker, toxiproxy }: DockerOptions): Promise<StartedTestContainer> {
  const { numbers } = star;
  const [first = 1, ...rest] = numbers;
  const peersOf = (number: number): string[] => numbers.filter((other) => other !== number).map(peerHost);
  const container = new PreparedContainer(toxiproxy.image, docker, async (created) => {
    await Promise.all(rest.map((number) => docker.getNetwork(star.memberNetwork(number)).connect({ Container: created.id, EndpointConfig: { Aliases: peersOf(number) } })));
  })
    .withName(star.container("toxiproxy"))
    .withLabels({ [runLabel]: runId })
    .withEndpoint(star.memberNetwork(first), peersOf(first))
    .withCommand([...toxiproxy.command])
    .withExposedPorts(
      { container: toxiproxyPort, host: ports.api },
      ...numbers.map((number) => ({ container: clientLinkPort(number), host: ports.clientLink(number) })),
    )
    .withWaitStrategy(startedIsEnough);
  if (toxiproxy.entrypoint.length > 0) container.withEntrypoint([...toxiproxy.entrypoint]);
  const started = await container.startOrEnd();
  if (typeof started === "string") throw await toxiproxyFailed(docker.getContainer(star.container("toxiproxy")), started);
  return started;
}

/** Packets between a member and its peers all go by the Toxiproxy container, and one end is at a peer port. */
function peerPackets(proxyAddress: string, count: number): PeerPackets {
  const ports = `-p tcp -m multiport --ports ${peerPort(1)}:${peerPort(count)}`;
  return { in: [`-s ${proxyAddress}/32 ${ports}`], out: [`-d ${proxyAddress}/32 ${ports}`] };
}

/** `addresses` are those of the members, each in its own network. */
function routes(star: Star, ports: PortPlan, members: readonly DockerMember[], addresses: readonly string[], toxiproxy: StartedTestContainer): LinkRoute[] {
  const placed = members.map(({ name, number }, index) => ({ name, number, address: addresses[index] ?? "" }));
  const peers = placed.flatMap((from) => {
    const here = toxiproxy.getIpAddress(star.memberNetwork(from.number));
    return placed
      .filter((to) => to !== from)
      .map((to) => {
        const listen = `${here}:${peerPort(to.number)}`;
        return { from: from.name, to: to.name, listen, upstream: `${to.address}:${peerPort(to.number)}`, reachable: listen };
      });
  });
  const endpoints = placed.map((to) => ({
    from: clients,
    to: to.name,
    listen: `0.0.0.0:${clientLinkPort(to.number)}`,
    upstream: `${to.address}:${clientPort}`,
    reachable: `127.0.0.1:${ports.clientLink(to.number)}`,
  }));
  return [...peers, ...endpoints];
}

/**
 * Waits for all containers. Where one fails, the others are waited for before the failure is
 * told, so that none is created after the rest was removed.
 */
async function allOnceSettled<T>(everything: readonly Promise<T>[]): Promise<T[]> {
  try {
    return await Promise.all(everything);
  } catch (error) {
    await Promise.allSettled(everything);
    throw error;
  }
}

function prepareMember(number: number, ports: PortPlan, able: Pick<DockerMemberOptions, "runId" | "disk" | "failpointUrl">, { docker, etcd, others = new Map(), restoreProgram }: DockerOptions, clock: Clock): DockerMember {
  const [directUrl, clientUrl] = [ports.direct(number), ports.clientLink(number)].map((port) => `http://127.0.0.1:${port}`);
  return new DockerMember({ name: memberName(number), number, directUrl: directUrl ?? "", clientUrl: clientUrl ?? "", ...able, etcd, others, restoreProgram }, docker, clock);
}

/** @returns the member's address in its network; it has been started by then, no more */
async function startMember(member: DockerMember, star: Star, ports: PortPlan, spec: ClusterSpec, { docker, etcd }: DockerOptions): Promise<string> {
  const { name, number, directUrl } = member;
  const numbers = memberNumbers(spec.memberCount);
  // One that is to join later begins a cluster of its own, which is wiped then.
  const first = numbers.includes(number) ? numbers : [number];
  const args = etcdArguments(
    {
      name,
      dataDir: "/data",
      listenPeerUrl: `http://0.0.0.0:${peerPort(number)}`,
      listenClientUrl: `http://0.0.0.0:${clientPort}`,
      advertisePeerUrl: peerUrl(number),
      advertiseClientUrl: directUrl,
    },
    { token: spec.runId, peers: new Map(first.map((to) => [memberName(to), peerUrl(to)])) },
    etcd.origin.version,
    spec.flags,
  );
  const prepare = async ({ id }: Docker.Container): Promise<void> => {
    await member.equip(id);
    await member.attach(id);
  };
  const started = await new PreparedContainer(etcd.image, docker, prepare)
    .withName(star.memberContainer(number))
    .withLabels({ [runLabel]: spec.runId })
    .withNetworkMode(star.memberNetwork(number))
    .withExtraHosts([{ host: peerHost(number), ipAddress: "127.0.0.1" }])
    .withEnvironment({ TZ: "UTC", ...(spec.failpoints ? { [failpointVariable]: `0.0.0.0:${failpointPort}` } : {}) })
    .withEntrypoint([...(spec.diskFaults ? containerShimCommand(spec.diskFaults) : []), "etcd"])
    .withCommand(args)
    .withExposedPorts({ container: clientPort, host: ports.direct(number) }, ...(spec.failpoints ? [{ container: failpointPort, host: ports.failpoints(number) }] : []))
    .withWaitStrategy(startedIsEnough)
    .startOrEnd();
  if (typeof started === "string") throw endedWhileStarting(member, started);
  return member.learnAddress();
}

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { HarnessError } from "../../errors.ts";
import { runFolder } from "../../marks.ts";
import { Resources } from "../../resources.ts";
import { Stopwatch } from "../../stopwatch.ts";
import type { ToxiproxyChoice } from "../../toxiproxy/choice.ts";
import { createLinks, type LinkRoute } from "../../toxiproxy/proxy-links.ts";
import { startToxiproxyProcess } from "../../toxiproxy/toxiproxy-process.ts";
import type { ClusterSpec, RunningCluster } from "../cluster.ts";
import { DiskControl } from "../disk/disk-control.ts";
import { needDiskShim, shimCommand } from "../disk/disk-shim.ts";
import { etcdArguments, memberName, memberNumbers } from "../etcd-arguments.ts";
import { clients } from "../links.ts";
import { PacketFilters } from "../packet-filters.ts";
import { untilReady } from "../ready.ts";
import { tracingFlags } from "../tracing.ts";
import { claimAddressBlock, type AddressBlock } from "./address-block.ts";
import { localDiskFolder } from "./disk-folder.ts";
import { openDoor } from "./door.ts";
import { LocalMember } from "./local-member.ts";
import type { LocalEtcd } from "./local-member-options.ts";
import { LocalVolume } from "./local-volume.ts";
import { whyNoNamespaces, withHostsFile } from "./namespace.ts";
import { OwnNetwork } from "./own-network.ts";
import { makeVolume, withVolume } from "./volume.ts";

export interface LocalOptions {
  readonly etcd: LocalEtcd;
  /** Others that members may be started by, by what was asked for. */
  readonly others?: ReadonlyMap<string, LocalEtcd>;
  /** What makes data of a snapshot, if members are to be restored. */
  readonly restoreProgram?: string | undefined;
  readonly toxiproxy: ToxiproxyChoice;
}

/** The first member gets ahead by so much, or first elections split and take a second more. */
const headStartMs = 50;

/**
 * Starts a cluster of stock etcd processes on loopback. Each member resolves its peers'
 * names to links of its own by a private hosts file.
 * @throws HarnessError `environment` or `cluster`; nothing is left behind then
 */
export async function startLocalCluster(spec: ClusterSpec, options: LocalOptions, clock: Clock): Promise<RunningCluster> {
  const missing = await whyNoNamespaces();
  if (missing !== undefined) throw new HarnessError("environment", missing, { hint: "Or use --runtime docker." });
  await using resources = new Resources();
  const watch = new Stopwatch(clock);
  const folder = runFolder(spec.runId);
  await mkdir(folder, { recursive: true });
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const block = resources.use(await claimAddressBlock());
  const numbers = memberNumbers(spec.memberCount + (spec.spare ? 1 : 0));
  const network = spec.packetFilters ? resources.use(await OwnNetwork.make(spec.runId, clock)) : undefined;
  const place: Place = { numbers, block, folder, network };
  // Members look for their peers until the links are there, so that nothing waits for anything.
  const proxying = startToxiproxyProcess(options.toxiproxy, block.toxiproxyApi, spec.runId, clock, network && ((command) => network.within(command)));
  resources.defer(() => proxying.then((started) => started[Symbol.asyncDispose](), () => undefined));
  const opening = network && openDoor(network, doors(numbers, block), block.door, spec.runId, clock);
  resources.defer(() => opening?.then((door) => door[Symbol.asyncDispose](), () => undefined));
  const linking = Promise.all([proxying, opening]).then(() => createLinks(`http://${block.toxiproxyApi}`, routes(numbers, block)));
  linking.catch(() => undefined);
  const prepared = await Promise.all(numbers.map((number) => prepareMember(number, place, spec, options, clock)));
  for (const member of prepared) {
    resources.use(member);
    spec.onMember?.(member);
  }
  const [members, [spare]] = [prepared.slice(0, spec.memberCount), prepared.slice(spec.memberCount)];
  for (const member of members) {
    await member.launch();
    if (member.number === 1) await clock.sleep(headStartMs);
  }
  const [toxiproxy, links] = await Promise.all([proxying, linking]);
  watch.lap("Toxiproxy");
  const statuses = await untilReady(members, clock);
  for (const [index, member] of members.entries()) member.id = statuses[index]?.id ?? "";
  watch.lap("etcd");

  const owned = resources.move();
  return {
    runtime: "local",
    members,
    spare: spare && { member: spare, peerUrl: peerUrl(spare.number) },
    links,
    etcd: originOf(options.etcd),
    toxiproxy: toxiproxy.origin,
    proxy: { processId: () => toxiproxy.pid },
    breakdown: watch.laps,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

function originOf({ version, source, sha256 }: LocalOptions["etcd"]): RunningCluster["etcd"] {
  return { version, source, ...(sha256 === undefined ? {} : { sha256 }) };
}

function routes(numbers: readonly number[], block: AddressBlock): LinkRoute[] {
  const peers = numbers.flatMap((from) =>
    numbers.filter((to) => to !== from).map((to) => ({ from: memberName(from), to: memberName(to), listen: block.peerLink(from, to), upstream: block.member(to).peer })),
  );
  const endpoints = numbers.map((to) => ({ from: clients, to: memberName(to), listen: block.clientLink(to), upstream: block.member(to).client }));
  return [...peers, ...endpoints].map((route) => ({ ...route, reachable: route.listen }));
}

/** All that harness and load dial. */
function doors(numbers: readonly number[], block: AddressBlock): string[] {
  const own = numbers.map(block.member).flatMap(({ client, failpoints }) => [client, failpoints]);
  return [block.toxiproxyApi, ...own, ...routes(numbers, block).map(({ listen }) => listen)];
}

/** Where members of a cluster are put. */
interface Place {
  readonly numbers: readonly number[];
  readonly block: AddressBlock;
  readonly folder: string;
  readonly network: OwnNetwork | undefined;
}

const peerHost = (number: number): string => `peer-${number}.chaos`;
const peerUrl = (number: number): string => `http://${peerHost(number)}:2380`;

async function prepareMember(number: number, { numbers, block, folder, network }: Place, spec: ClusterSpec, options: LocalOptions, clock: Clock): Promise<LocalMember> {
  const name = memberName(number);
  const own = block.member(number);
  const home = join(folder, name);
  await mkdir(home, { recursive: true });
  const hosts = numbers.map((to) => `${to === number ? own.address : block.peerLinkAddress(number, to)} ${peerHost(to)}`);
  const hostsFile = join(home, "hosts");
  await writeFile(hostsFile, ["127.0.0.1 localhost", ...hosts, ""].join("\n"));
  const volume = spec.ownVolumes ? new LocalVolume(await makeVolume(home), spec.runId, clock) : undefined;
  const dataDir = join(volume?.mountPoint ?? home, "data");
  const args = etcdArguments(
    {
      name,
      dataDir,
      listenPeerUrl: `http://${own.peer}`,
      listenClientUrl: `http://${own.client}`,
      advertisePeerUrl: peerUrl(number),
      advertiseClientUrl: `http://${own.client}`,
    },
    { token: spec.runId, peers: new Map(memberNumbers(spec.memberCount).map((to) => [memberName(to), peerUrl(to)])) },
    options.etcd.version,
    { ...spec.flags, ...tracingFlags(name, spec.spans) },
  );
  const diskFolder = join(home, "disk");
  const shim = spec.diskFaults ? shimCommand(await needDiskShim(), diskFolder, spec.diskFaults) : [];
  const etcd = [...shim, options.etcd.path, ...args];
  const command = withHostsFile(hostsFile, volume === undefined ? etcd : withVolume(volume, etcd));
  return new LocalMember(
    {
      name,
      number,
      directUrl: `http://${own.client}`,
      clientUrl: `http://${block.clientLink(number)}`,
      runId: spec.runId,
      dataDir,
      etcd: options.etcd,
      others: options.others ?? new Map(),
      restoreProgram: options.restoreProgram,
      command: network?.within(command) ?? command,
      volume,
      failpointAddress: spec.failpoints ? own.failpoints : undefined,
      packets: network && new PacketFilters(name, block.peerPackets(number), (ruling, input) => network.run(ruling, input)),
      disk: spec.diskFaults ? new DiskControl(await localDiskFolder(diskFolder), spec.diskFaults) : undefined,
    },
    clock,
  );
}

import { posix } from "node:path";
import type Docker from "dockerode";
import { HarnessError } from "../../errors.ts";
import type { Clock } from "../../clock.ts";
import { DiskControl, diskControlOf } from "../disk/disk-control.ts";
import type { DiskRule, DiskRuleInForce, DiskSyncs } from "../disk/rule.ts";
import type { SoftwareOrigin } from "../cluster.ts";
import { argumentsOfVersion, joiningArguments, restoredArguments, valueOf } from "../etcd-arguments.ts";
import { failpointsOf, type Failpoints } from "../failpoints.ts";
import { Feed } from "../feed.ts";
import { TroubleLine } from "../trouble-line.ts";
import type { ClockFaultable, DataFiles, DiskFaultable, Failpointed, Joining, Killable, Member, MemberChange, MemberState, MemoryLimitable, OnThisMachine, PacketFilterable, Pausable, Replaceable, Restartable, Restorable, SpareData, Stoppable, Throttleable, Upgradable } from "../member.ts";
import { otherEtcd } from "../other-etcd.ts";
import { PacketFilters, type PeerPackets } from "../packet-filters.ts";
import type { PacketDrop, PacketFilter } from "../packets.ts";
import { untilAnswering } from "../ready.ts";
import { idInNewCluster } from "../snapshot.ts";
import { containerClock } from "./clock.ts";
import { addressOf, followOutput, hostPid, replaceContainer, sameAgain, stateOf } from "./container.ts";
import { copyFolder, fileNamesIn, readFileIn, writeFileIn } from "./container-files.ts";
import { heldBack, limitCpu, unlimitCpu } from "./cpu-quota.ts";
import { installDiskShim, containerDiskFolder } from "./disk-folder.ts";
import type { DockerMemberOptions } from "./docker-member-options.ts";
import type { EtcdImage } from "./etcd-image.ts";
import { limitMemory, unlimitMemory } from "./memory.ts";
import { runInNetwork } from "./network-namespace.ts";
import { restoredContainer, SpareContainer, type Body } from "./spare-container.ts";

/** How long SIGTERM may take before the engine kills the process. */
const stopLimitSeconds = 10;

/** A member as a container. */
export class DockerMember implements Member, Pausable, Killable, Stoppable, Restartable, Throttleable, MemoryLimitable, PacketFilterable, Replaceable, DataFiles, Restorable, DiskFaultable, ClockFaultable, Failpointed, Upgradable, OnThisMachine {
  readonly name: string;
  readonly number: number;
  readonly directUrl: string;
  readonly clientUrl: string;
  id = "";
  runsBy: string | undefined;
  readonly monotonicClock = containerClock(() => this.#docker, () => this.#container());
  readonly processId = (): Promise<number | undefined> => hostPid(this.#container());
  readonly #options: DockerMemberOptions;
  #etcd: EtcdImage;
  readonly #docker: Docker;
  readonly #clock: Clock;
  readonly #log = new Feed<string>();
  readonly #said = new TroubleLine();
  readonly #changes = new Feed<MemberChange>();
  readonly #disk: DiskControl | undefined;
  #packets: PacketFilters | undefined;
  #containerId: string | undefined;
  #address = "";
  #exit: string | undefined;
  /** Counts its starts. */
  #turn = 0;
  /** How its container is made, once it has to be made again. */
  #command: string[] | undefined;
  #blueprint: Docker.ContainerCreateOptions | undefined;
  /** It is being killed on purpose: its end is no news. */
  #ending = false;

  constructor(options: DockerMemberOptions, docker: Docker, clock: Clock) {
    this.name = options.name;
    this.number = options.number;
    this.directUrl = options.directUrl;
    this.clientUrl = options.clientUrl;
    this.#options = options;
    this.#etcd = options.etcd;
    this.#docker = docker;
    this.#clock = clock;
    if (options.disk !== undefined) this.#disk = new DiskControl(containerDiskFolder(() => this.#container()), options.disk.reach);
  }

  /** Puts into a container that was just created what its command needs, with the rules that are in force. */
  async equip(containerId: string): Promise<void> {
    const { disk } = this.#options;
    if (disk !== undefined && this.#disk !== undefined) await installDiskShim(this.#docker.getContainer(containerId), disk.shim, this.#disk.rulesText);
  }

  /** Follows the output of the created container from its first line on; call before each start. */
  async attach(containerId: string): Promise<void> {
    this.#containerId = containerId;
    this.#exit = undefined;
    this.#ending = false;
    this.#said.forget();
    const turn = ++this.#turn;
    const onLine = (line: string): void => {
      this.#said.add(line);
      this.#log.push(line);
    };
    await followOutput(this.#docker, this.#container(), onLine, () => void (turn === this.#turn && this.#noteExit()));
  }

  onLog(listener: (line: string) => void): void {
    this.#log.subscribe(listener);
  }

  onChange(listener: (change: MemberChange) => void): void {
    this.#changes.subscribe(listener);
  }

  /** The address in its network, of the running container. */
  async learnAddress(): Promise<string> {
    return (this.#address = addressOf(await this.#container().inspect()));
  }

  /** Which of its packets are those between it and its peers. */
  peersAt(packets: PeerPackets): void {
    this.#packets = new PacketFilters(this.name, packets, (command, input) => runInNetwork(this.#container(), command, input));
  }

  /** From now on its end is no news: it is being removed. */
  expectEnd(): void {
    this.#ending = true;
  }

  /** What it wrote that may tell why it ended. */
  lastWords(): string | undefined {
    return this.#said.text;
  }

  exited(): string | undefined {
    return this.#exit;
  }

  async state(): Promise<MemberState> {
    return stateOf(await this.#container().inspect());
  }

  async pause(): Promise<void> {
    await this.#container().pause();
    this.#changes.push({ kind: "paused" });
  }

  async resume(): Promise<void> {
    if ((await this.state()).kind !== "paused") return;
    await this.#container().unpause();
    this.#changes.push({ kind: "resumed" });
  }

  async kill(): Promise<void> {
    await this.#end((container) => container.kill());
    this.#changes.push({ kind: "killed" });
  }

  async stop(): Promise<void> {
    await this.#end((container) => container.stop({ t: stopLimitSeconds }));
    this.#changes.push({ kind: "stopped", ...(this.#exit === undefined ? {} : { detail: this.#exit }) });
  }

  async throttle(share: number): Promise<void> {
    await limitCpu(this.#container(), share);
  }

  async unthrottle(): Promise<void> {
    await unlimitCpu(this.#container());
  }

  async restart(): Promise<void> {
    if ((await this.state()).kind !== "down") return;
    const container = this.#container();
    await this.attach(container.id);
    await container.start();
    this.#changes.push({ kind: "started", ...(this.runsBy === undefined ? {} : { detail: `etcd ${this.#etcd.origin.version}`.trim() }) });
    const now = addressOf(await container.inspect());
    // The engine gives the lowest free address, which in a network of two is the same again; whoever has ended already has none.
    if (now !== "" && now !== this.#address) throw new HarnessError("cluster", `${this.name} came back at ${now}, but its links lead to ${this.#address}`);
    await this.#packets?.renew();
    await untilAnswering(this, this.#clock);
    await this.monotonicClock.renew();
    this.#changes.push({ kind: "ready" });
  }

  /** The data goes with the container; one that is like it but for its command takes its place. */
  async wipe(joining?: Joining): Promise<void> {
    const old = this.#container();
    const found = await old.inspect().catch(() => undefined);
    if (found?.State.Running) throw new HarnessError("fault", `${this.name} still runs, so that its data cannot be deleted`);
    // The command of the first container is the one without changes.
    this.#command ??= found?.Config.Cmd ?? [];
    if (found !== undefined) this.#blueprint = sameAgain(found);
    if (this.#blueprint === undefined) throw new HarnessError("fault", `${this.name} has no container any more`);
    await old.remove({ v: true, force: true }).catch((error: unknown) => {
      if (found !== undefined) throw error;
    });
    const Cmd = joining === undefined ? this.#command : joiningArguments(this.#command, joining.initialCluster);
    const created = await this.#docker.createContainer({ ...this.#blueprint, Cmd });
    this.#containerId = created.id;
    await this.equip(created.id);
    if (joining === undefined) return;
    this.id = joining.id;
    this.#changes.push({ kind: "replaced", detail: joining.id });
  }

  /** The program goes with the container; one of another image takes its place, and its data. */
  async changeEtcd(asked?: string): Promise<SoftwareOrigin> {
    if (asked === this.runsBy) return this.#etcd.origin;
    const old = this.#container();
    const found = await old.inspect();
    if (found.State.Running) throw new HarnessError("fault", `${this.name} still runs, so that its etcd cannot be changed`);
    const etcd = otherEtcd(this.name, this.#options, asked);
    const { version } = etcd.origin;
    const Cmd = argumentsOfVersion(found.Config.Cmd ?? [], version);
    this.#containerId = await replaceContainer(this.#docker, found, { Image: etcd.image, Cmd }, async (created) => {
      await this.equip(created.id);
      await copyFolder(old, created, await this.#dataPath(""));
    });
    this.#command = argumentsOfVersion(this.#command ?? found.Config.Cmd ?? [], version);
    this.#etcd = etcd;
    this.runsBy = asked;
    return etcd.origin;
  }

  async restoreData(snapshot: Buffer, token: string): Promise<SpareData> {
    const old = await this.#container().inspect();
    const command = restoredArguments((this.#command ??= old.Config.Cmd ?? []), token);
    const restored = await restoredContainer(this.#docker, old, { snapshot, command, data: await this.#dataPath(""), ...this.#options });
    return new SpareContainer(this.#docker, { ...restored, id: idInNewCluster(command), command }, old.Id, (body, move) => this.#exchange(body, move));
  }

  async listData(folder: string): Promise<string[]> {
    return fileNamesIn(this.#container(), await this.#dataPath(folder));
  }

  async readData(path: string): Promise<Buffer> {
    return readFileIn(this.#container(), await this.#dataPath(path));
  }

  async writeData(path: string, content: Buffer): Promise<void> {
    await writeFileIn(this.#container(), await this.#dataPath(path), content);
  }

  async #dataPath(path: string): Promise<string> {
    const { Config } = await this.#container().inspect();
    return posix.join(valueOf(Config.Cmd ?? [], "data-dir") ?? "/data", path);
  }

  heldBack(whileMs: number): Promise<number> {
    return heldBack(this.#container(), this.#clock, whileMs);
  }

  limitMemory(): Promise<number> {
    return limitMemory(this.#container());
  }

  unlimitMemory(): Promise<void> {
    return unlimitMemory(this.#docker, this.#container());
  }

  async setDiskRule(rule: DiskRule): Promise<DiskRuleInForce> {
    return diskControlOf(this.name, this.#disk).put(rule);
  }

  async diskSyncs(): Promise<DiskSyncs> {
    return diskControlOf(this.name, this.#disk).syncs();
  }

  async dropPackets(drop: PacketDrop): Promise<PacketFilter> {
    if (this.#packets === undefined) throw new HarnessError("internal", `the peers of ${this.name} are not known yet`);
    return this.#packets.put(drop);
  }

  failpoints(): Failpoints {
    return failpointsOf(this.name, this.#options.failpointUrl);
  }

  /** Ends it on purpose, and returns when it is gone. */
  async #end(act: (container: Docker.Container) => Promise<unknown>): Promise<void> {
    const container = this.#container();
    const gone = container.wait();
    this.#ending = true;
    await act(container);
    await gone;
    await this.#noteExit();
  }

  async #exchange({ containerId, id, command }: Body, move: () => Promise<void>): Promise<Body> {
    if ((await this.state()).kind !== "down") throw new HarnessError("fault", `${this.name} still runs, so that its data cannot be exchanged`);
    await this.equip(containerId);
    await move();
    const before = { containerId: this.#container().id, id: this.id, command: this.#command ?? command };
    [this.#containerId, this.id, this.#command] = [containerId, id, [...command]];
    this.#changes.push({ kind: "replaced", detail: id });
    return before;
  }

  async #noteExit(): Promise<void> {
    const turn = this.#turn;
    const state = await this.state().catch(() => undefined);
    // One that is being started again meanwhile has not ended.
    if (state?.kind !== "down" || turn !== this.#turn) return;
    this.#exit = state.exit;
    if (!this.#ending) this.#changes.push({ kind: "exited", detail: state.exit });
  }

  #container(): Docker.Container {
    if (this.#containerId === undefined) throw new HarnessError("internal", `${this.name} has no container yet`);
    return this.#docker.getContainer(this.#containerId);
  }
}

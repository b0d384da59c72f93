import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startChild, type Child } from "../../child.ts";
import { waitFor, type Clock } from "../../clock.ts";
import { etcdProcessEnvironment } from "../../etcd/binary.ts";
import { HarnessError } from "../../errors.ts";
import { runVariable } from "../../marks.ts";
import { diskControlOf } from "../disk/disk-control.ts";
import type { DiskRule, DiskRuleInForce, DiskSyncs } from "../disk/rule.ts";
import type { SoftwareOrigin } from "../cluster.ts";
import { argumentsOfVersion, joiningArguments, restoredArguments } from "../etcd-arguments.ts";
import { failpointsOf, failpointVariable, type Failpoints } from "../failpoints.ts";
import { Feed } from "../feed.ts";
import { TroubleLine } from "../trouble-line.ts";
import type { ClockFaultable, DataFiles, DiskFaultable, Failpointed, Joining, Killable, Member, MemberChange, MemberState, OnThisMachine, OwnVolume, PacketFilterable, Pausable, PowerLoseable, Replaceable, Restartable, Restorable, SpareData, Stoppable, Throttleable, Upgradable, VolumeOwner } from "../member.ts";
import { otherEtcd } from "../other-etcd.ts";
import type { PacketDrop, PacketFilter } from "../packets.ts";
import { untilAnswering } from "../ready.ts";
import { idInNewCluster, restoreSnapshot } from "../snapshot.ts";
import { localClock } from "./clock.ts";
import { DutyCycle } from "./duty-cycle.ts";
import type { LocalEtcd, LocalMemberOptions } from "./local-member-options.ts";
import type { LocalVolume } from "./local-volume.ts";
import { frozenShare, isFrozen } from "./process-state.ts";
import { LocalSpareData, type Life } from "./spare-data.ts";
import { cutPower, makeVolume, volumeOf } from "./volume.ts";

/** How long SIGTERM may take before the process is killed. */
const stopLimitMs = 10_000;

/** A member as a process of this machine. */
export class LocalMember implements Member, Pausable, Killable, Stoppable, Restartable, Throttleable, Replaceable, DataFiles, Restorable, DiskFaultable, ClockFaultable, Failpointed, PacketFilterable, PowerLoseable, VolumeOwner, Upgradable, OnThisMachine, AsyncDisposable {
  readonly name: string;
  readonly number: number;
  readonly directUrl: string;
  readonly clientUrl: string;
  id = "";
  runsBy: string | undefined;
  readonly processId = (): number | undefined => (this.exited() === undefined ? this.#child?.pid : undefined);
  readonly monotonicClock = localClock(this.processId);
  readonly #options: LocalMemberOptions;
  readonly #clock: Clock;
  readonly #log = new Feed<string>();
  readonly #said = new TroubleLine();
  readonly #changes = new Feed<MemberChange>();
  #child: Child | undefined;
  #cycle: DutyCycle | undefined;
  #etcd: LocalEtcd;
  /** Of its first start, and of its next one. */
  #firstArgs: readonly string[];
  #args: readonly string[];
  /** Ended on purpose: their end is no news. */
  readonly #ending = new WeakSet<Child>();

  constructor(options: LocalMemberOptions, clock: Clock) {
    this.name = options.name;
    this.number = options.number;
    this.directUrl = options.directUrl;
    this.clientUrl = options.clientUrl;
    this.#options = options;
    this.#etcd = options.etcd;
    this.#firstArgs = options.command.args;
    this.#args = options.command.args;
    this.#clock = clock;
  }

  onLog(listener: (line: string) => void): void {
    this.#log.subscribe(listener);
  }

  onChange(listener: (change: MemberChange) => void): void {
    this.#changes.subscribe(listener);
  }

  /** Starts the process without waiting until it answers. */
  async launch(): Promise<void> {
    // A new process is not frozen, whatever the one before was.
    this.#cycle?.resume();
    const { command, runId, failpointAddress } = this.#options;
    this.#said.forget();
    this.#child = await startChild(command.file, this.#args, {
      // 3.3 writes local times without a zone.
      env: { [runVariable]: runId, TZ: "UTC", ...(failpointAddress === undefined ? {} : { [failpointVariable]: failpointAddress }) },
      baseEnv: etcdProcessEnvironment(),
      onLine: (line) => this.#hear(line),
    });
    this.#changes.push({ kind: "started", ...(this.runsBy === undefined ? {} : { detail: `etcd ${this.#etcd.version}` }) });
    void this.#watchExit(this.#child);
  }

  /** What it wrote that may tell why it ended. */
  lastWords(): string | undefined {
    return this.#said.text;
  }

  exited(): string | undefined {
    return this.#child?.exit() ?? (this.#child === undefined ? "not started" : undefined);
  }

  async state(): Promise<MemberState> {
    const exit = this.exited();
    if (exit !== undefined) return { kind: "down", exit };
    const frozen = await isFrozen(this.#running().pid);
    // Freezes of a duty cycle are part of running slowly.
    return { kind: frozen && this.#cycle?.cycling !== true ? "paused" : "running" };
  }

  async pause(): Promise<void> {
    const child = this.#running();
    this.#cycle?.suspend();
    child.signal("SIGSTOP");
    const frozen = await waitFor(this.#clock, async () => ((await isFrozen(child.pid)) ? true : undefined), { limitMs: 5_000, everyMs: 2 });
    if (frozen === undefined) throw new HarnessError("fault", `${this.name} did not stop on SIGSTOP`);
    this.#changes.push({ kind: "paused" });
  }

  async resume(): Promise<void> {
    if ((await this.state()).kind !== "paused") return;
    this.#running().signal("SIGCONT");
    this.#cycle?.resume();
    this.#changes.push({ kind: "resumed" });
  }

  async throttle(share: number): Promise<void> {
    await this.unthrottle();
    this.#cycle = new DutyCycle(share, this.#clock, (name) => this.#child?.signal(name));
    if ((await this.state()).kind === "paused") this.#cycle.suspend();
  }

  async unthrottle(): Promise<void> {
    await this.#cycle?.end();
    this.#cycle = undefined;
  }

  heldBack(whileMs: number): Promise<number> {
    return frozenShare(() => this.#running().pid, this.#clock, whileMs);
  }

  async kill(): Promise<void> {
    const child = this.#mortal();
    this.#ending.add(child);
    child.signal("SIGKILL");
    await child.ended;
    this.#changes.push({ kind: "killed" });
  }

  async stop(): Promise<void> {
    const child = this.#mortal();
    this.#ending.add(child);
    child.signal("SIGTERM");
    const exit = await waitFor(this.#clock, () => child.exit(), { limitMs: stopLimitMs, everyMs: 5 });
    if (exit === undefined) child.signal("SIGKILL");
    this.#changes.push({ kind: "stopped", detail: await child.ended });
  }

  async restart(): Promise<void> {
    if (this.exited() === undefined) return;
    await this.launch();
    await untilAnswering(this, this.#clock);
    await this.monotonicClock.renew();
    this.#changes.push({ kind: "ready" });
  }

  async wipe(joining?: Joining): Promise<void> {
    if (this.exited() === undefined) throw new HarnessError("fault", `${this.name} still runs, so that its data cannot be deleted`);
    const { volume, dataDir } = this.#options;
    // A file system of its own is mounted by the process alone: from here its data are not to be seen.
    if (volume === undefined) await rm(dataDir, { recursive: true, force: true });
    else await makeVolume(dirname(volume.image));
    this.#args = joining === undefined ? this.#firstArgs : joiningArguments(this.#firstArgs, joining.initialCluster);
    if (joining === undefined) return;
    this.id = joining.id;
    this.#changes.push({ kind: "replaced", detail: joining.id });
  }

  async changeEtcd(asked?: string): Promise<SoftwareOrigin> {
    if (asked === this.runsBy) return this.#etcd;
    if (this.exited() === undefined) throw new HarnessError("fault", `${this.name} still runs, so that its etcd cannot be changed`);
    const etcd = otherEtcd(this.name, this.#options, asked);
    const from = this.#etcd.path;
    const changed = (args: readonly string[]): string[] => argumentsOfVersion(args, etcd.version).map((arg) => (arg === from ? etcd.path : arg));
    this.#firstArgs = changed(this.#firstArgs);
    this.#args = changed(this.#args);
    this.#etcd = etcd;
    this.runsBy = asked;
    return etcd;
  }

  async restoreData(snapshot: Buffer, token: string): Promise<SpareData> {
    const { restoreProgram: program, runId } = this.#options;
    const args = restoredArguments(this.#firstArgs, token);
    const data = this.#dataPath("");
    const folder = `${data}-of-${token}`;
    const restored = await restoreSnapshot(snapshot, { program, runId, args, folder });
    return new LocalSpareData({ data, folder, restored }, { id: idInNewCluster(args), firstArgs: args, args }, (life, move) => this.#exchange(life, move));
  }

  async listData(folder: string): Promise<string[]> {
    return readdir(this.#dataPath(folder));
  }

  async readData(path: string): Promise<Buffer> {
    return readFile(this.#dataPath(path));
  }

  async writeData(path: string, content: Buffer): Promise<void> {
    await writeFile(this.#dataPath(path), content);
  }

  async setDiskRule(rule: DiskRule): Promise<DiskRuleInForce> {
    return diskControlOf(this.name, this.#options.disk).put(rule);
  }

  async diskSyncs(): Promise<DiskSyncs> {
    return diskControlOf(this.name, this.#options.disk).syncs();
  }

  async dropPackets(drop: PacketDrop): Promise<PacketFilter> {
    const { packets } = this.#options;
    if (packets === undefined) throw new HarnessError("fault", `packets of ${this.name} cannot be filtered: its cluster was not asked for that`);
    this.#running();
    return packets.put(drop);
  }

  failpoints(): Failpoints {
    const { failpointAddress } = this.#options;
    return failpointsOf(this.name, failpointAddress && `http://${failpointAddress}`);
  }

  volume(): OwnVolume & Pick<LocalVolume, "mountPoint"> {
    const { volume } = this.#options;
    if (volume === undefined) throw new HarnessError("fault", `${this.name} has no file system of its own: its cluster was not asked for one`);
    return volume;
  }

  async cutPower(): Promise<void> {
    const { mountPoint } = this.volume();
    const child = this.#mortal();
    // Frozen first: a process whose power is cut sees no write fail.
    const wasPaused = await isFrozen(child.pid);
    child.signal("SIGSTOP");
    try {
      await cutPower(volumeOf(child.pid, mountPoint));
    } catch (error) {
      if (!wasPaused) child.signal("SIGCONT");
      throw error;
    }
    this.#ending.add(child);
    child.signal("SIGKILL");
    await child.ended;
    this.#changes.push({ kind: "killed", detail: "power loss" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unthrottle();
    if (this.#child === undefined) return;
    this.#ending.add(this.#child);
    if (this.#options.volume?.frozen) await this.#options.volume.thaw();
    await this.#child[Symbol.asyncDispose]();
  }

  async #watchExit(child: Child): Promise<void> {
    const detail = await child.ended;
    if (!this.#ending.has(child)) this.#changes.push({ kind: "exited", detail });
  }

  async #exchange({ id, firstArgs, args }: Life, move: () => Promise<void>): Promise<Life> {
    if (this.exited() === undefined) throw new HarnessError("fault", `${this.name} still runs, so that its data cannot be exchanged`);
    await move();
    const before = { id: this.id, firstArgs: this.#firstArgs, args: this.#args };
    [this.id, this.#firstArgs, this.#args] = [id, firstArgs, args];
    this.#changes.push({ kind: "replaced", detail: id });
    return before;
  }

  #dataPath(path: string): string {
    const { volume, dataDir } = this.#options;
    if (volume === undefined) return join(dataDir, path);
    throw new HarnessError("fault", `${this.name} keeps its data on a file system of its own, for another fault: its files are out of reach in the same run`);
  }

  #hear(line: string): void {
    this.#said.add(line);
    this.#log.push(line);
  }

  #running(): Child {
    if (this.#child === undefined || this.#child.exit() !== undefined) throw new HarnessError("fault", `${this.name} is not running`);
    return this.#child;
  }

  /** A process that waits for a frozen disk would end only when that is thawed. */
  #mortal(): Child {
    if (this.#options.volume?.frozen) throw new HarnessError("fault", `${this.name} cannot be ended while its disk is stalled`);
    return this.#running();
  }
}

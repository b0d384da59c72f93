import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild, type Child } from "../../child.ts";
import { waitFor, type Clock } from "../../clock.ts";
import { etcdProcessEnvironment } from "../../etcd/binary.ts";
import { HarnessError } from "../../errors.ts";
import { runVariable } from "../../marks.ts";
import { joiningArguments, valueOf } from "../etcd-arguments.ts";
import { Feed } from "../feed.ts";
import type { DataFiles, Joining, Killable, Member, MemberChange, MemberState, Pausable, Replaceable, Restartable } from "../member.ts";
import { untilAnswering } from "../ready.ts";

export interface LocalMemberOptions {
  readonly name: string;
  readonly number: number;
  readonly directUrl: string;
  readonly clientUrl: string;
  readonly runId: string;
  readonly command: { readonly file: string; readonly args: readonly string[] };
}

/** A member as a process of this machine. */
export class LocalMember implements Member, Pausable, Killable, Restartable, Replaceable, DataFiles, AsyncDisposable {
  readonly name: string;
  readonly number: number;
  readonly directUrl: string;
  readonly clientUrl: string;
  id = "";
  readonly #options: LocalMemberOptions;
  readonly #clock: Clock;
  readonly #log = new Feed<string>();
  readonly #changes = new Feed<MemberChange>();
  #child: Child | undefined;
  #args: readonly string[];
  /** Ended on purpose: their end is no news. */
  readonly #ending = new WeakSet<Child>();

  constructor(options: LocalMemberOptions, clock: Clock) {
    this.name = options.name;
    this.number = options.number;
    this.directUrl = options.directUrl;
    this.clientUrl = options.clientUrl;
    this.#options = options;
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
    const { command, runId } = this.#options;
    this.#child = await startChild(command.file, this.#args, {
      // 3.3 writes local times without a zone.
      env: { [runVariable]: runId, TZ: "UTC" },
      baseEnv: etcdProcessEnvironment(),
      onLine: (line) => this.#log.push(line),
    });
    this.#changes.push({ kind: "started" });
    void this.#watchExit(this.#child);
  }

  exited(): string | undefined {
    return this.#child?.exit() ?? (this.#child === undefined ? "not started" : undefined);
  }

  async state(): Promise<MemberState> {
    const exit = this.exited();
    if (exit !== undefined) return { kind: "down", exit };
    return { kind: (await this.#processState()) === "T" ? "paused" : "running" };
  }

  async pause(): Promise<void> {
    this.#running().signal("SIGSTOP");
    const frozen = await waitFor(this.#clock, async () => ((await this.#processState()) === "T" ? true : undefined), { limitMs: 5_000, everyMs: 2 });
    if (frozen === undefined) throw new HarnessError("fault", `${this.name} did not stop on SIGSTOP`);
    this.#changes.push({ kind: "paused" });
  }

  async resume(): Promise<void> {
    if ((await this.state()).kind !== "paused") return;
    this.#running().signal("SIGCONT");
    this.#changes.push({ kind: "resumed" });
  }

  async kill(): Promise<void> {
    const child = this.#running();
    this.#ending.add(child);
    child.signal("SIGKILL");
    await child.ended;
    this.#changes.push({ kind: "killed" });
  }

  async restart(): Promise<void> {
    if (this.exited() === undefined) return;
    await this.launch();
    const { name, directUrl } = this;
    await untilAnswering({ name, directUrl, exited: () => this.exited() }, this.#clock);
    this.#changes.push({ kind: "ready" });
  }

  async wipe(joining?: Joining): Promise<void> {
    if (this.exited() === undefined) throw new HarnessError("fault", `${this.name} still runs, so that its data cannot be deleted`);
    const { args } = this.#options.command;
    await rm(this.#dataFolder(), { recursive: true, force: true });
    this.#args = joining === undefined ? args : joiningArguments(args, joining.initialCluster);
    if (joining === undefined) return;
    this.id = joining.id;
    this.#changes.push({ kind: "replaced", detail: joining.id });
  }

  listData(folder: string): Promise<string[]> {
    return readdir(join(this.#dataFolder(), folder));
  }

  readData(path: string): Promise<Buffer> {
    return readFile(join(this.#dataFolder(), path));
  }

  async writeData(path: string, content: Buffer): Promise<void> {
    await writeFile(join(this.#dataFolder(), path), content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child === undefined) return;
    this.#ending.add(this.#child);
    await this.#child[Symbol.asyncDispose]();
  }

  async #watchExit(child: Child): Promise<void> {
    const detail = await child.ended;
    if (!this.#ending.has(child)) this.#changes.push({ kind: "exited", detail });
  }

  #dataFolder(): string {
    const folder = valueOf(this.#options.command.args, "data-dir");
    if (folder === undefined) throw new HarnessError("internal", `${this.name} has no data folder`);
    return folder;
  }

  #running(): Child {
    if (this.#child === undefined || this.#child.exit() !== undefined) throw new HarnessError("fault", `${this.name} is not running`);
    return this.#child;
  }

  /** The state letter of /proc/PID/stat, which stands behind the name in parentheses. */
  async #processState(): Promise<string | undefined> {
    const stat = await readFile(`/proc/${this.#running().pid}/stat`, "utf8").catch(() => "");
    return stat.slice(stat.lastIndexOf(")") + 2).at(0);
  }
}

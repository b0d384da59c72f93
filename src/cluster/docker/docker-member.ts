import { posix } from "node:path";
import { PassThrough } from "node:stream";
import { createInterface } from "node:readline";
import type Docker from "dockerode";
import { HarnessError } from "../../errors.ts";
import type { Clock } from "../../clock.ts";
import { joiningArguments, valueOf } from "../etcd-arguments.ts";
import { Feed } from "../feed.ts";
import type { DataFiles, Joining, Killable, Member, MemberChange, MemberState, Pausable, Replaceable, Restartable } from "../member.ts";
import { untilAnswering } from "../ready.ts";
import { sameAgain } from "./container.ts";
import { fileNamesIn, readFileIn, writeFileIn } from "./container-files.ts";

export interface DockerMemberOptions {
  readonly name: string;
  readonly number: number;
  readonly directUrl: string;
  readonly clientUrl: string;
}

/** A member as a container. */
export class DockerMember implements Member, Pausable, Killable, Restartable, Replaceable, DataFiles {
  readonly name: string;
  readonly number: number;
  readonly directUrl: string;
  readonly clientUrl: string;
  id = "";
  readonly #docker: Docker;
  readonly #clock: Clock;
  readonly #log = new Feed<string>();
  readonly #changes = new Feed<MemberChange>();
  #containerId: string | undefined;
  #address = "";
  #exit: string | undefined;
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
    this.#docker = docker;
    this.#clock = clock;
  }

  /** Follows the output of the created container from its first line on; call before each start. */
  async attach(containerId: string): Promise<void> {
    this.#containerId = containerId;
    this.#exit = undefined;
    this.#ending = false;
    const output = await this.#container().attach({ stream: true, stdout: true, stderr: true });
    const lines = new PassThrough();
    this.#docker.modem.demuxStream(output, lines, lines);
    output.once("end", () => {
      lines.end();
      void this.#noteExit();
    });
    createInterface({ input: lines, crlfDelay: Infinity }).on("line", (line) => this.#log.push(line));
  }

  onLog(listener: (line: string) => void): void {
    this.#log.subscribe(listener);
  }

  onChange(listener: (change: MemberChange) => void): void {
    this.#changes.subscribe(listener);
  }

  /** The address in its network, of the running container. */
  async learnAddress(): Promise<string> {
    const { NetworkSettings } = await this.#container().inspect();
    const [network] = Object.values(NetworkSettings.Networks);
    this.#address = network?.IPAddress ?? "";
    return this.#address;
  }

  /** From now on its end is no news: it is being removed. */
  expectEnd(): void {
    this.#ending = true;
  }

  exited(): string | undefined {
    return this.#exit;
  }

  async state(): Promise<MemberState> {
    const { State } = await this.#container().inspect();
    if (State.Paused) return { kind: "paused" };
    if (State.Running) return { kind: "running" };
    return { kind: "down", exit: `exit code ${State.ExitCode}${State.OOMKilled ? ", killed for memory" : ""}` };
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
    const container = this.#container();
    const gone = container.wait();
    this.#ending = true;
    await container.kill();
    await gone;
    await this.#noteExit();
    this.#changes.push({ kind: "killed" });
  }

  async restart(): Promise<void> {
    const { kind } = await this.state();
    if (kind !== "down") return;
    const container = this.#container();
    await this.attach(container.id);
    await container.start();
    this.#changes.push({ kind: "started" });
    const before = this.#address;
    const now = await this.learnAddress();
    // The engine gives the lowest free address, which in a network of two is the same again.
    if (now !== before) throw new HarnessError("cluster", `${this.name} came back at ${now}, but its links lead to ${before}`);
    const { name, directUrl } = this;
    await untilAnswering({ name, directUrl, exited: () => this.#exit }, this.#clock);
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
    if (joining === undefined) return;
    this.id = joining.id;
    this.#changes.push({ kind: "replaced", detail: joining.id });
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

  async #noteExit(): Promise<void> {
    const state = await this.state().catch(() => undefined);
    if (state?.kind !== "down") return;
    this.#exit = state.exit;
    if (!this.#ending) this.#changes.push({ kind: "exited", detail: state.exit });
  }

  #container(): Docker.Container {
    if (this.#containerId === undefined) throw new HarnessError("internal", `${this.name} has no container yet`);
    return this.#docker.getContainer(this.#containerId);
  }
}

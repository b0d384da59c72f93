import { mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { runFolder } from "../../marks.ts";
import type { SpareData } from "../member.ts";
import { restoreSnapshot } from "../snapshot.ts";
import { sameAgain } from "./container.ts";
import { copyFolderInto } from "./container-files.ts";

/** What belongs to a member's data: the container that holds them, the id that the cluster knows it by, and the command of its first start. */
export interface Body {
  readonly containerId: string;
  readonly id: string;
  readonly command: readonly string[];
}

interface Wanted {
  readonly snapshot: Buffer;
  readonly restoreProgram: string | undefined;
  readonly runId: string;
  readonly command: readonly string[];
  /** Where its data are to be. */
  readonly data: string;
}

interface RestoredContainer {
  readonly containerId: string;
  readonly revision: number;
}

/**
 * A container like another one but for its command and its data, which are made of a snapshot: on
 * this machine, as an image need not hold the program that does so.
 */
export async function restoredContainer(docker: Docker, old: Docker.ContainerInspectInfo, { snapshot, restoreProgram: program, runId, command, data }: Wanted): Promise<RestoredContainer> {
  const parent = runFolder(runId);
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "restoring-"));
  try {
    const restored = await restoreSnapshot(snapshot, { program, runId, args: command, folder });
    const wanted = sameAgain(old);
    const created = await docker.createContainer({ ...wanted, name: `${wanted.name}-restored`, Cmd: [...command] });
    await copyFolderInto(created, restored.path, data).catch(async (error: unknown) => {
      await created.remove({ v: true, force: true });
      throw error;
    });
    return { containerId: created.id, revision: restored.revision };
  } finally {
    await rm(folder, { recursive: true, force: true });
    // Where a watchdog looks after the run, its note is still in there.
    await rmdir(parent).catch(() => undefined);
  }
}

/** Lets a member that is down take another container for its own once that has its name. @returns the one until then */
type Exchange = (body: Body, move: () => Promise<void>) => Promise<Body>;

/** A container that can take the place of a member's own. */
export class SpareContainer implements SpareData {
  readonly revision: number;
  readonly #docker: Docker;
  readonly #exchange: Exchange;
  #body: Body;
  #ownId: string;

  constructor(docker: Docker, { revision, ...body }: Body & Pick<SpareData, "revision">, ownId: string, exchange: Exchange) {
    this.revision = revision;
    this.#docker = docker;
    this.#body = body;
    this.#ownId = ownId;
    this.#exchange = exchange;
  }

  async swap(): Promise<void> {
    const [spareId, ownId] = [this.#body.containerId, this.#ownId];
    this.#body = await this.#exchange(this.#body, () => this.#handOverName(ownId, spareId));
    this.#ownId = spareId;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#docker.getContainer(this.#body.containerId).remove({ v: true, force: true });
  }

  /** Whoever looks for a member's container by its name is to find the one that is in use. */
  async #handOverName(fromId: string, toId: string): Promise<void> {
    const [from, to] = [this.#docker.getContainer(fromId), this.#docker.getContainer(toId)];
    const name = (await from.inspect()).Name.replace(/^\//, "");
    await from.rename({ name: `${name}-${fromId.slice(0, 12)}` });
    await to.rename({ name }).catch(async (error: unknown) => {
      await from.rename({ name });
      throw error;
    });
  }
}

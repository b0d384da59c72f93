import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { SpareData } from "../member.ts";
import type { RestoredData } from "../snapshot.ts";

/** What belongs to a member's data: the id that the cluster knows it by, and the command lines for its first and its next start. */
export interface Life {
  readonly id: string;
  readonly firstArgs: readonly string[];
  readonly args: readonly string[];
}

interface Places {
  /** Where the member looks for its data. */
  readonly data: string;
  /** Holds those that it does not use, and goes with them. */
  readonly folder: string;
  /** In there, what it may use as well. */
  readonly restored: RestoredData;
}

/** Lets a member that is down take up another life once its data are moved. @returns the life until then */
type Exchange = (life: Life, move: () => Promise<void>) => Promise<Life>;

/** Data of a local member in a folder beside its own. */
export class LocalSpareData implements SpareData {
  readonly revision: number;
  readonly #data: string;
  readonly #folder: string;
  readonly #exchange: Exchange;
  /** Where these are, and where those go that they are exchanged for. */
  #places: readonly [spare: string, other: string];
  #life: Life;

  constructor({ data, folder, restored }: Places, life: Life, exchange: Exchange) {
    this.revision = restored.revision;
    this.#data = data;
    this.#folder = folder;
    this.#places = [restored.path, join(folder, "own")];
    this.#life = life;
    this.#exchange = exchange;
  }

  async swap(): Promise<void> {
    const [spare, other] = this.#places;
    this.#life = await this.#exchange(this.#life, async () => {
      await rename(this.#data, other);
      await rename(spare, this.#data).catch(async (error: unknown) => {
        await rename(other, this.#data);
        throw error;
      });
      this.#places = [other, spare];
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

import { constants } from "node:os";
import { HarnessError } from "../../errors.ts";
import type { DiskReach, DiskRule, DiskRuleInForce, DiskSyncs, RuleCounts, SyncedFile } from "./rule.ts";

/** The two files through which a member's disk wrapper is told rules and keeps account; `disk-rules.h` has their format. */
export interface DiskFolder {
  readCounts(): Promise<string>;
  readRules(): Promise<string>;
  writeRules(text: string): Promise<void>;
}

/** What the rules file holds while nothing is done. */
export const noRules = "end\n";

const rulesMax = 16;

/**
 * The rules on one member's syncs and writes. The wrapper reads them anew for each, so that one holds
 * as soon as it is written, and needs no answer: also while the member is frozen or down.
 */
export class DiskControl {
  readonly #folder: DiskFolder;
  readonly #reach: DiskReach;
  readonly #lines = new Map<number, string>();
  #lastId = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: DiskFolder, reach: DiskReach) {
    this.#folder = folder;
    this.#reach = reach;
  }

  /** @throws HarnessError `fault` for a rule on writes where the wrapper stands before syncs alone */
  async put(rule: DiskRule): Promise<DiskRuleInForce> {
    if (rule.call === "write" && this.#reach === "syncs") throw new HarnessError("fault", "the disk wrapper stands before syncs alone: its cluster was not asked for faults of writes");
    if (this.#lines.size >= rulesMax) throw new HarnessError("fault", `more than ${rulesMax} disk rules on one member`);
    const id = ++this.#lastId;
    const line = lineOf(id, rule);
    this.#lines.set(id, line);
    let cleared = false;
    const clear = async (): Promise<void> => {
      if (cleared) return;
      this.#lines.delete(id);
      await this.#write();
      cleared = true;
    };
    try {
      await this.#write();
    } catch (error) {
      await clear().catch(() => undefined);
      throw error;
    }
    return {
      inForce: async () => (await this.#folder.readRules()).split("\n").includes(line),
      counts: async () => ruleCounts(await this.#folder.readCounts(), id),
      clear,
    };
  }

  async syncs(): Promise<DiskSyncs> {
    return syncCounts(await this.#folder.readCounts());
  }

  /** What the rules file is to hold now: for a folder that is made anew. */
  get rulesText(): string {
    return [...this.#lines.values(), noRules].join("\n");
  }

  /** One after the other: the last to be written holds all that is in force. */
  async #write(): Promise<void> {
    const writing = this.#writing.then(() => this.#folder.writeRules(this.rulesText));
    this.#writing = writing.catch(() => undefined);
    await writing;
  }
}

function lineOf(id: number, { call, file, delayMs, outcome, probability, seed }: DiskRule): string {
  const us = (ms: number): number => Math.round(ms * 1_000);
  const told = outcome === "sync" || outcome === "lie" ? outcome : constants.errno[outcome];
  return [id, call, file, us(delayMs.from), us(Math.max(delayMs.from, delayMs.to)), told, Math.round(probability * 1e6), seed].join(" ");
}

/** A rule that has met no call has no line. */
function ruleCounts(text: string, id: number): RuleCounts {
  const [calls, applied] = figures(text, `rule ${id}`);
  return { calls, applied };
}

function syncCounts(text: string): DiskSyncs {
  const of = (file: SyncedFile): DiskSyncs[SyncedFile] => {
    const [calls, synced] = figures(text, file);
    return { calls, synced };
  };
  return { wal: of("wal"), db: of("db") };
}

function figures(text: string, name: string): [number, number] {
  const [, first = "0", second = "0"] = new RegExp(`^${name} (\\d+) (\\d+)$`, "m").exec(text) ?? [];
  return [Number(first), Number(second)];
}

/** The member's disk control. @throws HarnessError `fault` where its etcd was started without the wrapper */
export function diskControlOf(name: string, control: DiskControl | undefined): DiskControl {
  if (control !== undefined) return control;
  throw new HarnessError("fault", `${name} was started without the disk wrapper: its cluster was not asked for disk faults`);
}

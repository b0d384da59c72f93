import { z } from "zod";
import type { Random } from "../random.ts";
import type { Operation, Request } from "../recording/operation.ts";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { loadOf, loadOptions, thinksInClosedLoop } from "./load-options.ts";
import { defineWorkload } from "./workload.ts";

const everyMinMs = 100;
const everyMaxMs = 3_600_000;
const pageKeys = 8_000;
const rangeKeys = 10;
/** Reads go so many times as far back as revisions are kept: about half of them are too late. */
const backPerKept = 2;

const share = z.number().min(0).max(1);

const options = z
  .strictObject({
    ...loadOptions,
    keys: z.number().int().min(1).max(10_000).default(20).meta({ description: "How many keys are written and read." }),
    every: durationOption("How often a client compacts, from 100ms to 1h.").refine((ms) => ms >= everyMinMs && ms <= everyMaxMs, { error: "must be from 100ms to 1h" }).prefault("1s"),
    keep: z.number().int().min(0).max(1_000_000).default(50).meta({ description: "How many revisions behind the newest stay readable." }),
    reads: share.default(0.5).meta({ description: "The share of reads among the operations, from 0 to 1." }),
    "old-reads": share.default(0.7).meta({ description: "The share of reads that ask for an older revision: one of the last, of which twice as many are asked for as are kept." }),
    serializable: share.default(0.2).meta({ description: "The share of reads that a member may answer alone, and so from the past." }),
    deletes: share.default(0.3).meta({ description: "The share of deletes among the writes. A compaction may be at the revision of one." }),
    "writes-that-read": share.default(0).meta({ description: "The share of writes that also read a key as it was at an older revision, in one transaction: where that is compacted the whole of it is refused." }),
  })
  .refine(...thinksInClosedLoop);

/** Clients that write and that read the past, of which one compacts it every so often. */
export const compaction = defineWorkload({
  kind: "compaction",
  summary: "Writes, and reads of older revisions, while one of the clients compacts the history every so often.",
  options,
  bind({ keys, every: everyMs, keep, reads, "old-reads": oldReads, serializable, deletes, "writes-that-read": thatRead, ...load }) {
    const upkeep = new Upkeep(everyMs * 1e6, keep);
    const back = Math.max(1, keep * backPerKept);
    const keyOf = (random: Random): string => `c${random.int(0, keys - 1)}`;
    const older = (random: Random, revision: number): number => random.int(Math.max(1, revision - back), revision);
    const readOf = (random: Random, revision: number): Request => {
      const key = keyOf(random);
      const isOld = random.float() < oldReads;
      const mode = { ...(random.float() < serializable ? { serializable: true as const } : {}), ...(isOld ? { atRevision: older(random, revision) } : {}) };
      return random.float() < 0.5 ? { op: "get", key, ...mode } : { op: "range", key, end: "d", limit: rangeKeys, ...mode };
    };
    return {
      ...loadOf("compaction", load, `${keys} ${keys === 1 ? "key" : "keys"}, compacted every ${formatDuration(everyMs)} to the last ${keep} revisions`),
      operations: ["get", "range", "put", "delete", "compact"],
      serializableReads: serializable > 0 && reads > 0,
      // All keys begin with a c.
      finalRange: { key: "c", end: "d", limit: pageKeys },
      next(client, sequence, random, { revision }): Request {
        const atRevision = upkeep.take();
        if (atRevision !== undefined) return { op: "compact", atRevision };
        if (random.float() < reads) return readOf(random, revision);
        const key = keyOf(random);
        const write = random.float() < deletes ? { op: "delete" as const, key } : { op: "put" as const, key, value: `${client}-${sequence}` };
        // Draws only where there is a choice, so that a load without it stays the same for the same seed.
        if (thatRead === 0 || random.float() >= thatRead) return write;
        return { op: "txn", compares: [], success: [{ op: "get", key: keyOf(random), atRevision: older(random, revision) }, write], failure: [] };
      },
      heard: (_client, operation) => upkeep.hear(operation),
    };
  },
});

/** Says when a compaction is due, and at which revision: to whoever asks first. Time is that of the last answer. */
class Upkeep {
  readonly #everyNs: number;
  readonly #keep: number;
  #revision = 1;
  /** The last that was asked for: the first revision can not be compacted. */
  #asked = 1;
  #nowNs = 0;
  #dueNs: number | undefined;

  constructor(everyNs: number, keep: number) {
    this.#everyNs = everyNs;
    this.#keep = keep;
  }

  /** The revision to compact at, once each time; undefined: it is not time yet, or there is nothing to compact. */
  take(): number | undefined {
    const atRevision = this.#revision - this.#keep;
    if (this.#dueNs === undefined || this.#nowNs < this.#dueNs || atRevision <= this.#asked) return undefined;
    this.#dueNs = this.#nowNs + this.#everyNs;
    this.#asked = atRevision;
    return atRevision;
  }

  hear({ revision = 0, invokeNs, returnNs }: Operation): void {
    this.#revision = Math.max(this.#revision, revision);
    this.#nowNs = Math.max(this.#nowNs, returnNs);
    this.#dueNs ??= invokeNs + this.#everyNs;
  }
}

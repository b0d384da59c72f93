import { z } from "zod";
import type { Random } from "../random.ts";
import type { ReadMode } from "../recording/operations/key-value.ts";
import { compareAndSwap } from "../recording/operations/txn.ts";
import { cumulated, indexOf, keyChooser, keyChoices } from "./key-choice.ts";
import { loadOf, loadOptions, thinksInClosedLoop } from "./load-options.ts";
import type { Told } from "./memory.ts";
import { defineWorkload, type Workload } from "./workload.ts";

/** Long enough for every `<client>-<sequence>` that a run can have: 4 digits, a dash, 11 digits. */
const valueBytesMin = 16;
/** gRPC refuses an answer of more than 4 MB; a key and its revisions take some 40 bytes. */
const pageMaxBytes = 1_048_576;
const keyValueMaxBytes = 64;

const kinds = ["get", "put", "range", "delete", "swap"] as const;
type Kind = (typeof kinds)[number];

const share = z.number().min(0).max(1);
const weight = z.number().min(0).default(0);
const mix = z
  .strictObject({
    get: weight.meta({ description: "Gets of a key." }),
    put: weight.meta({ description: "Puts of a new value." }),
    range: weight.meta({ description: "Ranges from a key on, over up to ten keys." }),
    delete: weight.meta({ description: "Deletes of a key." }),
    swap: weight.meta({ description: "Compare-and-swaps: a new value if the key is as the client last saw it." }),
  })
  .refine((weights) => kinds.some((kind) => weights[kind] > 0), { error: "needs an operation with a weight above 0" })
  .meta({ description: "How often each kind of operation comes, in proportion." });
const rangeKeys = 10;
const oldRevisions = 100;

const options = z
  .strictObject({
    ...loadOptions,
    keys: z.number().int().min(1).max(100_000).default(50).meta({ description: "How many keys are written and read." }),
    "key-choice": z.enum(keyChoices).default("uniform").meta({ description: "How often each key is taken: uniform, all equally often; zipfian, few very often and many seldom; hot, a tenth of them nine times of ten." }),
    reads: z.number().min(0).max(1).optional().meta({ description: "The share of gets among the operations, from 0 to 1; the others are puts. 0.5 unless mix is there." }),
    mix: mix.optional(),
    serializable: share.default(0).meta({ description: "The share of gets and ranges that a member may answer alone, and so from the past." }),
    "old-reads": share.default(0).meta({ description: "The share of gets and ranges that ask for the state at one of the last hundred revisions." }),
    "value-bytes": z.number().int().min(valueBytesMin).max(65_536).default(valueBytesMin).meta({ description: "Size of the values. Each value is written once in a run." }),
  })
  .refine(...thinksInClosedLoop)
  .refine((given) => given.mix === undefined || given.reads === undefined, { path: ["reads"], error: "does not go with mix, which says how many gets there are" });

type Options = z.output<typeof options>;

/** Puts of unique values and linearizable gets on a set of keys; more kinds of operations where they are asked for. */
export const kv = defineWorkload({
  kind: "kv",
  summary: "Puts and gets on a set of keys; ranges, deletes and compare-and-swaps where asked for.",
  options,
  bind(given) {
    const { keys, "value-bytes": valueBytes } = given;
    return {
      ...loadOf("kv", given, `${keys} ${keys === 1 ? "key" : "keys"}${keysTitle(given)}, ${mixTitle(given)}`),
      operations: kinds.filter((kind) => weightsOf(given)[kind] > 0).map((kind) => (kind === "swap" ? "txn" : kind)),
      serializableReads: given.serializable > 0 && weightsOf(given).get + weightsOf(given).range > 0,
      // All keys begin with a k.
      finalRange: { key: "k", end: "l", limit: Math.floor(pageMaxBytes / (valueBytes + keyValueMaxBytes)) },
      next: requests(given),
    };
  },
});

function weightsOf({ mix: weights, reads = 0.5 }: Options): Readonly<Record<Kind, number>> {
  return weights ?? { get: reads, put: 1 - reads, range: 0, delete: 0, swap: 0 };
}

function requests(given: Options): Workload["next"] {
  const { keys, "key-choice": choice, "value-bytes": valueBytes, serializable, "old-reads": oldReads } = given;
  const chooseKey = keyChooser(choice, keys);
  const sums = cumulated(kinds.map((kind) => weightsOf(given)[kind]));
  const total = sums.at(-1) ?? 0;
  return (client, sequence, random, told) => {
    const key = `k${chooseKey(random)}`;
    const kind: Kind = kinds[indexOf(sums, random.float() * total)] ?? "get";
    const value = `${client}-${sequence}`.padEnd(valueBytes, ".");
    switch (kind) {
      case "put":
        return { op: "put", key, value };
      case "get":
        return { op: "get", key, ...modeOf(random, serializable, oldReads, told) };
      case "range":
        return { op: "range", key, end: "l", limit: rangeKeys, ...modeOf(random, serializable, oldReads, told) };
      case "delete":
        return { op: "delete", key };
      case "swap":
        return compareAndSwap(key, told.modRevision(key), value);
    }
  };
}

/** Draws only where there is a choice, so that a load without these options stays the same for the same seed. */
function modeOf(random: Random, serializable: number, oldReads: number, { revision }: Told): ReadMode {
  const alone = serializable > 0 && random.float() < serializable;
  const old = oldReads > 0 && random.float() < oldReads;
  return { ...(alone ? { serializable: true } : {}), ...(old ? { atRevision: random.int(Math.max(1, revision - oldRevisions), revision) } : {}) };
}

function keysTitle({ "key-choice": choice }: Options): string {
  return choice === "uniform" ? "" : ` (${choice})`;
}

function mixTitle({ reads = 0.5, mix: weights, serializable, "old-reads": oldReads }: Options): string {
  const of = weights === undefined ? `${Math.round(reads * 100)} % gets` : kinds.filter((kind) => weights[kind] > 0).map((kind) => `${weights[kind]} ${kind}`).join(" : ");
  const alone = serializable > 0 ? `, ${Math.round(serializable * 100)} % of reads serializable` : "";
  return `${of}${alone}${oldReads > 0 ? `, ${Math.round(oldReads * 100)} % of reads of the past` : ""}`;
}

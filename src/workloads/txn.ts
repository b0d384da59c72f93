import { z } from "zod";
import type { TxnPart, TxnRequest } from "../recording/operations/txn.ts";
import { Knowledge } from "./knowledge.ts";
import { loadOf, loadOptions, thinksInClosedLoop } from "./load-options.ts";
import { defineWorkload } from "./workload.ts";

const options = z
  .strictObject({
    ...loadOptions,
    groups: z.number().int().min(1).max(10_000).default(10).meta({ description: "Groups of keys, all used equally often." }),
    keys: z.number().int().min(1).max(50).default(3).meta({ description: "Keys of a group, which are written and read together." }),
    reads: z.number().min(0).max(1).default(0.5).meta({ description: "The share of transactions that only read a group, from 0 to 1; the others write one." }),
  })
  .refine(...thinksInClosedLoop);

/** One client: what it knows, and the group that it is about to write. */
interface Client {
  readonly knowledge: Knowledge;
  writing?: number;
}

const pageKeys = 8_000;

/**
 * Groups of keys that change together, like the settings of a service: all of a group have one value, which is
 * written once in a run. A client writes if nobody has changed the group since it last heard of it; if
 * somebody has, the transaction reads the group instead, and the client tries again.
 */
export const txn = defineWorkload({
  kind: "txn",
  summary: "Transactions that read or write a group of keys together; writes are guarded by the revisions that the client knows.",
  options,
  bind({ groups, keys, reads, ...load }) {
    const all = Array.from({ length: load.clients }, (): Client => ({ knowledge: new Knowledge() }));
    const clientOf = (client: number): Client => all[client] ?? { knowledge: new Knowledge() };
    const keysOf = (group: number): string[] => Array.from({ length: keys }, (_, index) => `t${group}/${index}`);
    return {
      ...loadOf("txn", load, `${groups} ${groups === 1 ? "group" : "groups"} of ${keys} ${keys === 1 ? "key" : "keys"}, ${Math.round(reads * 100)} % reads`),
      // All keys begin with a t.
      finalRange: { key: "t", end: "u", limit: pageKeys },
      next(client, sequence, random): TxnRequest {
        const self = clientOf(client);
        const group = self.writing ?? random.int(0, groups - 1);
        const gets = keysOf(group).map((key): TxnPart => ({ op: "get", key }));
        if (self.writing === undefined && random.float() < reads) return { op: "txn", compares: [], success: gets, failure: [] };
        self.writing = group;
        const puts = keysOf(group).map((key): TxnPart => ({ op: "put", key, value: `${client}-${sequence}` }));
        return { op: "txn", compares: keysOf(group).map((key) => self.knowledge.guard(key)), success: puts, failure: gets };
      },
      told(client, operation) {
        const self = clientOf(client);
        self.knowledge.learn(operation);
        // Only where its guard did not hold is it certain that it was not written, and known what to go by.
        if (operation.op === "txn" && operation.succeeded !== false) delete self.writing;
      },
    };
  },
});

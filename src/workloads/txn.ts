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

const pageKeys = 8_000;

/**
 * Groups of keys that change together, like the settings of a service: all of a group have one value, which is
 * written once in a run. A client writes if nobody has changed the group since the clients last heard of it; if
 * somebody has, the transaction reads the group instead, and the client tries again.
 */
export const txn = defineWorkload({
  kind: "txn",
  summary: "Transactions that read or write a group of keys together; writes are guarded by the revisions that the clients know.",
  options,
  bind({ groups, keys, reads, ...load }) {
    const knowledge = new Knowledge();
    /** The group that a client is about to write. */
    const writing = new Map<number, number>();
    const keysOf = (group: number): string[] => Array.from({ length: keys }, (_, index) => `t${group}/${index}`);
    return {
      ...loadOf("txn", load, `${groups} ${groups === 1 ? "group" : "groups"} of ${keys} ${keys === 1 ? "key" : "keys"}, ${Math.round(reads * 100)} % reads`),
      operations: ["txn"],
      // All keys begin with a t.
      finalRange: { key: "t", end: "u", limit: pageKeys },
      next(client, sequence, random): TxnRequest {
        const group = writing.get(client) ?? random.int(0, groups - 1);
        const gets = keysOf(group).map((key): TxnPart => ({ op: "get", key }));
        if (!writing.has(client) && random.float() < reads) return { op: "txn", compares: [], success: gets, failure: [] };
        writing.set(client, group);
        const puts = keysOf(group).map((key): TxnPart => ({ op: "put", key, value: `${client}-${sequence}` }));
        return { op: "txn", compares: keysOf(group).map((key) => knowledge.guard(key)), success: puts, failure: gets };
      },
      heard(client, operation) {
        knowledge.learn(operation);
        // Only where its guard did not hold is it certain that it was not written, and known what to go by.
        if (operation.op === "txn" && operation.succeeded !== false) writing.delete(client);
      },
    };
  },
});

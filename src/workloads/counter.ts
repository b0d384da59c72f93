import { z } from "zod";
import { counterKey, counterRange, countOf } from "../recording/counter-key.ts";
import type { Operation, Request } from "../recording/operation.ts";
import type { GetAnswer } from "../recording/operations/key-value.ts";
import { loadOf, loadOptions, thinksInClosedLoop } from "./load-options.ts";
import { defineWorkload } from "./workload.ts";

const options = z
  .strictObject({
    ...loadOptions,
    counters: z.number().int().min(1).max(1_000).default(3).meta({ description: "How many counters there are, all used equally often." }),
    reads: z.number().min(0).max(1).default(0.5).meta({ description: "The share of reads among what clients set out to do, from 0 to 1; the others add one." }),
  })
  .refine(...thinksInClosedLoop);

/** One more than there can be, so that one page holds them all. */
const pageMax = 1_001;

/**
 * Counters that clients read and add one to. Whoever adds one reads the counter, and puts the next number if nobody has
 * changed it since; otherwise it goes on from what it is now.
 */
export const counter = defineWorkload({
  kind: "counter",
  summary: "Clients read counters and add one to them, in transactions guarded by revisions.",
  options,
  bind({ counters, reads, ...load }) {
    const additions = new Additions();
    return {
      ...loadOf("counter", load, `${counters} ${counters === 1 ? "counter" : "counters"}, ${Math.round(reads * 100)} % reads`),
      operations: ["get", "txn"],
      finalRange: { ...counterRange, limit: pageMax },
      next(client, _sequence, random): Request {
        const next = additions.next(client);
        if (next !== undefined) return next;
        const key = counterKey(random.int(0, counters - 1));
        if (random.float() >= reads) additions.begin(client, key);
        return { op: "get", key };
      },
      heard: (client, operation) => additions.learn(client, operation),
    };
  },
});

interface Addition {
  readonly key: string;
  /** What the counter was last found to be; undefined before it was read. */
  readonly found?: GetAnswer;
}

/** What clients are about to add, from the read on until it is done or nobody knows. */
class Additions {
  readonly #open = new Map<number, Addition>();

  begin(client: number, key: string): void {
    this.#open.set(client, { key });
  }

  next(client: number): Request | undefined {
    const { key = "", found } = this.#open.get(client) ?? {};
    const count = found && countOf(found.value);
    if (found === undefined || count === undefined) {
      // What is no number is nothing to add to; the checker tells of it.
      this.#open.delete(client);
      return undefined;
    }
    return { op: "txn", compares: [{ key, target: "mod", is: "=", to: found.modRevision ?? 0 }], success: [{ op: "put", key, value: `${count + 1}` }], failure: [{ op: "get", key }] };
  }

  learn(client: number, operation: Operation): void {
    const open = this.#open.get(client);
    this.#open.delete(client);
    const found = foundBy(operation);
    if (open !== undefined && found !== undefined) this.#open.set(client, { ...open, found });
  }
}

/** The counter as a read found it, or an addition that another one came before. */
function foundBy(operation: Operation): GetAnswer | undefined {
  if (operation.outcome !== "ok") return undefined;
  if (operation.op === "get") return { value: operation.value ?? null, modRevision: operation.modRevision ?? 0 };
  const [answer] = operation.op === "txn" && operation.succeeded === false ? (operation.responses ?? []) : [];
  return answer?.op === "get" ? answer : undefined;
}

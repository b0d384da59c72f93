import { z } from "zod";
import { elementsOf, emptyList, listText } from "../recording/list-value.ts";
import type { Operation } from "../recording/operation.ts";
import type { Compare, TxnPart, TxnRequest } from "../recording/operations/txn.ts";
import type { Random } from "../random.ts";
import { Knowledge } from "./knowledge.ts";
import { loadOf, loadOptions, thinksInClosedLoop } from "./load-options.ts";
import { defineWorkload } from "./workload.ts";

/** With elements of six characters a list is as long as a value may be to stand in the history whole. */
const lengthMax = 8;
const pageLists = 8_000;

const options = z
  .strictObject({
    ...loadOptions,
    lists: z.number().int().min(1).max(10_000).default(10).meta({ description: "Lists in use at a time, all equally often." }),
    length: z.number().int().min(1).max(lengthMax).default(lengthMax).meta({ description: "Elements that a list gets; a new one takes the place of one that is full. History has values of 64 characters, hence no more than 8." }),
    parts: z.number().int().min(1).max(10).default(4).meta({ description: "Reads and appends of a transaction, from 1 to so many." }),
    reads: z.number().min(0).max(1).default(0.5).meta({ description: "The share of reads among these, from 0 to 1; the others append." }),
  })
  .refine(...thinksInClosedLoop);

/** What a transaction is to do with the list that is in use at a place. */
interface Part {
  readonly place: number;
  readonly appends: boolean;
}

/**
 * Elle's list-append: transactions that read lists and append unique elements to them. etcd has no lists, so that an
 * append puts the list back, longer by an element, if nobody has changed it since the clients last heard of
 * it; if somebody has, the transaction reads all its lists instead, and the client tries again.
 */
export const append = defineWorkload({
  kind: "append",
  summary: "Transactions that read lists and append unique elements to them, as Elle has it.",
  options,
  bind({ lists, length, parts, reads, ...load }) {
    const inUse = new ListsInUse(lists, length);
    /** What a client is about, until that is done or nobody knows. */
    const doing = new Map<number, readonly Part[]>();
    const draw = (random: Random): Part[] => Array.from({ length: random.int(1, parts) }, () => ({ place: random.int(0, lists - 1), appends: random.float() >= reads }));
    return {
      ...loadOf("append", load, `${lists} ${lists === 1 ? "list" : "lists"} of ${length}, 1 to ${parts} parts, ${Math.round(reads * 100)} % reads`),
      operations: ["txn"],
      // All keys begin with an a.
      finalRange: { key: "a", end: "b", limit: pageLists },
      next(client, sequence, random): TxnRequest {
        const wanted = doing.get(client) ?? draw(random);
        doing.set(client, wanted);
        return inUse.request(wanted, (sequence * load.clients + client) * parts);
      },
      heard(client, operation) {
        inUse.learn(operation, doing.get(client) ?? []);
        // Only where its guard did not hold is it certain that nothing was appended, and known what to go by.
        if (operation.op === "txn" && operation.succeeded !== false) doing.delete(client);
      },
    };
  },
});

/** The lists that are in use, one at each place, as far as the clients have heard: full ones are replaced. */
class ListsInUse {
  readonly #length: number;
  readonly #knowledge = new Knowledge();
  /** How many there were at each place before. */
  readonly #replaced: number[];

  constructor(places: number, length: number) {
    this.#length = length;
    this.#replaced = Array.from({ length: places }, () => 0);
  }

  request(parts: readonly Part[], firstElement: number): TxnRequest {
    const compares: Compare[] = [];
    let element = firstElement;
    const success = [...new Set(parts.map(({ place }) => place))].map((place): TxnPart => {
      const key = this.#key(place);
      const list = this.#list(key);
      const many = Math.min(parts.filter((part) => part.place === place && part.appends).length, this.#length - list.length);
      if (many === 0) return { op: "get", key };
      compares.push(this.#knowledge.guard(key));
      return { op: "put", key, value: listText([...list, ...Array.from({ length: many }, () => (element++).toString(36))]) };
    });
    return { op: "txn", compares, success, failure: compares.length === 0 ? [] : success.map(({ key }) => ({ op: "get", key })) };
  }

  learn(operation: Operation, parts: readonly Part[]): void {
    this.#knowledge.learn(operation);
    for (const { place } of parts) {
      const key = this.#key(place);
      if (this.#list(key).length < this.#length) continue;
      this.#replaced[place] = (this.#replaced[place] ?? 0) + 1;
      this.#knowledge.forget(key);
    }
  }

  #key(place: number): string {
    return `a${place}-${this.#replaced[place] ?? 0}`;
  }

  #list(key: string): readonly string[] {
    return elementsOf(this.#knowledge.value(key) ?? emptyList);
  }
}

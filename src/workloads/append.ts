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
    lists: z.number().int().min(1).max(10_000).default(5).meta({ description: "Lists in use at a time, all equally often." }),
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
 * append puts the list back, longer by an element, if nobody has changed it since the client last heard of
 * it; if somebody has, the transaction reads all its lists instead, and the client tries again.
 */
export const append = defineWorkload({
  kind: "append",
  summary: "Transactions that read lists and append unique elements to them, as Elle has it.",
  options,
  bind({ lists, length, parts, reads, ...load }) {
    const inUse = new ListsInUse(lists, length);
    const clients = Array.from({ length: load.clients }, () => new AppendClient(inUse));
    const draw = (random: Random): Part[] => Array.from({ length: random.int(1, parts) }, () => ({ place: random.int(0, lists - 1), appends: random.float() >= reads }));
    return {
      ...loadOf("append", load, `${lists} ${lists === 1 ? "list" : "lists"} of ${length}, 1 to ${parts} parts, ${Math.round(reads * 100)} % reads`),
      // All keys begin with an a.
      finalRange: { key: "a", end: "b", limit: pageLists },
      next(client, sequence, random): TxnRequest {
        const firstElement = (sequence * load.clients + client) * parts;
        return (clients[client] ?? new AppendClient(inUse)).next(() => draw(random), firstElement);
      },
      told: (client, operation) => clients[client]?.told(operation),
    };
  },
});

/** Which list is in use at each place, as far as any client has heard: full ones are replaced. */
class ListsInUse {
  readonly length: number;
  readonly #numbers: number[];

  constructor(places: number, length: number) {
    this.length = length;
    this.#numbers = Array.from({ length: places }, () => 0);
  }

  key(place: number): string {
    return `a${place}-${this.#numbers[place] ?? 0}`;
  }

  replace(place: number): void {
    this.#numbers[place] = (this.#numbers[place] ?? 0) + 1;
  }
}

class AppendClient {
  readonly #lists: ListsInUse;
  readonly #knowledge = new Knowledge();
  /** What it is about, until that is done or nobody knows. */
  #parts: readonly Part[] | undefined;

  constructor(lists: ListsInUse) {
    this.#lists = lists;
  }

  next(draw: () => readonly Part[], firstElement: number): TxnRequest {
    this.#parts ??= draw();
    const places = [...new Set(this.#parts.map(({ place }) => place))];
    const compares: Compare[] = [];
    let element = firstElement;
    const success = places.map((place): TxnPart => {
      const key = this.#lists.key(place);
      const list = this.#list(key);
      const many = Math.min(this.#parts?.filter((part) => part.place === place && part.appends).length ?? 0, this.#lists.length - list.length);
      if (many === 0) return { op: "get", key };
      compares.push(this.#knowledge.guard(key));
      return { op: "put", key, value: listText([...list, ...Array.from({ length: many }, () => (element++).toString(36))]) };
    });
    return { op: "txn", compares, success, failure: compares.length === 0 ? [] : success.map(({ key }) => ({ op: "get", key })) };
  }

  told(operation: Operation): void {
    this.#knowledge.learn(operation);
    for (const place of new Set(this.#parts?.map((part) => part.place))) {
      const key = this.#lists.key(place);
      if (this.#list(key).length < this.#lists.length) continue;
      this.#lists.replace(place);
      this.#knowledge.forget(key);
    }
    if (operation.op === "txn" && operation.succeeded !== false) this.#parts = undefined;
  }

  #list(key: string): readonly string[] {
    return elementsOf(this.#knowledge.value(key) ?? emptyList);
  }
}

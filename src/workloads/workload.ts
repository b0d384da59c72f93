import { z } from "zod";
import type { Random } from "../random.ts";
import type { Operation, OperationKind, Request } from "../recording/operation.ts";
import type { FinalRange } from "./final-read.ts";
import type { Told } from "./memory.ts";

/**
 * How requests come: so many a second over all clients whatever the answers (open loop), or
 * the next of a client once its last is answered and it has thought for so long (closed).
 */
export type Pacing = { readonly kind: "open"; readonly ratePerSecond: number } | { readonly kind: "closed"; readonly thinkMs: number };

/** A workload with its options. */
export interface Workload {
  readonly kind: string;
  readonly title: string;
  /** As the author wrote them: the load process, which no function can be sent to, binds them again. */
  readonly options: unknown;
  readonly clients: number;
  readonly pacing: Pacing;
  readonly timeoutMs: number;
  /** What it asks of etcd; absent where that cannot be said beforehand. */
  readonly operations?: readonly OperationKind[];
  /** Some of its reads are serializable. */
  readonly serializableReads?: boolean;
  /** All its keys, which are read once more when the load has ended. */
  readonly finalRange?: FinalRange;
  /** Which endpoints the clients use: client i takes endpoint i modulo their number. */
  readonly endpoints: "all" | string;
  /**
   * The client's next request; deterministic from its own generator and what it was told. Clients are counted from 0 on in
   * each workload, whatever others there are beside it. `sequence` counts the client's requests.
   */
  next(client: number, sequence: number, random: Random, told: Told): Request;
  /** Hears how each operation of a client ended, where the requests of all depend on that. Values are whole. */
  heard?(client: number, operation: Operation): void;
}

/** A kind of workload: one file, one object, one line in `src/workloads/index.ts`. */
export interface WorkloadDefinition<Schema extends z.ZodType> {
  readonly kind: string;
  readonly summary: string;
  readonly options: Schema;
  bind(options: z.output<Schema>): Omit<Workload, "kind" | "options">;
}

/** A workload kind whose option type is sealed inside, so that a table can hold all kinds. */
export interface WorkloadKind {
  readonly kind: string;
  readonly summary: string;
  readonly options: z.ZodType;
  /** Throws a ZodError when the options do not fit. */
  bind(options: unknown): Workload;
}

export function defineWorkload<Schema extends z.ZodType>(definition: WorkloadDefinition<Schema>): WorkloadKind {
  const { kind, summary, options: schema } = definition;
  return {
    kind,
    summary,
    options: schema,
    bind: (raw) => ({ ...definition.bind(schema.parse(raw)), kind, options: raw }),
  };
}

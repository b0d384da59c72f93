import { z } from "zod";
import type { Random } from "../random.ts";
import type { Operation, Request } from "../recording/operation.ts";
import type { RangeRequest } from "../recording/operations/key-value.ts";
import type { TxnPart, TxnRequest } from "../recording/operations/txn.ts";
import { cumulated, indexOf } from "./key-choice.ts";
import { loadOf, loadOptions, thinksInClosedLoop } from "./load-options.ts";
import { ObjectPool } from "./object-pool.ts";
import { defineWorkload } from "./workload.ts";

/** Long enough for every `<client>-<sequence>` that a run can have. */
const valueBytesMin = 16;
const finalPageBytes = 1_048_576;
const keyValueMaxBytes = 128;
/** Half of the names are in use on average, so that objects come back under names that were deleted. */
const namesPerObject = 2;

const kinds = ["create", "update", "delete", "get", "list"] as const;
type Kind = (typeof kinds)[number];
type Weights = Readonly<Record<Kind, number>>;

/** Nearly as etcd's own robustness tests have it, with reads. */
const usualMix: Weights = { create: 10, update: 60, delete: 12, get: 10, list: 8 };

const weight = z.number().min(0).default(0);
const mix = z
  .strictObject({
    create: weight.meta({ description: "Creations of an object, if there is none of its name." }),
    update: weight.meta({ description: "Updates of an object, if nobody has changed it since." }),
    delete: weight.meta({ description: "Deletions of an object, if nobody has changed it since." }),
    get: weight.meta({ description: "Reads of an object." }),
    list: weight.meta({ description: "Lists of all objects of a resource, page by page." }),
  })
  .refine((weights) => kinds.some((kind) => weights[kind] > 0), { error: "needs an operation with a weight above 0" })
  .meta({ description: "How often each kind of operation comes, in proportion." });

const options = z
  .strictObject({
    ...loadOptions,
    objects: z.number().int().min(2).max(10_000).default(50).meta({ description: "How many objects there are on average: below half of it writes create, and above one and a half times they delete." }),
    resources: z.number().int().min(1).max(20).default(2).meta({ description: "Resources among which the objects are divided, the first five pods, configmaps, leases, secrets and endpoints; a list is of one of them." }),
    namespaces: z.number().int().min(1).max(100).default(2).meta({ description: "Namespaces of each resource." }),
    page: z.number().int().min(1).max(10_000).default(10).meta({ description: "Objects on a page of a list." }),
    mix: mix.optional(),
    "value-bytes": z.number().int().min(valueBytesMin).max(65_536).default(256).meta({ description: "Size of the objects. Each value is written once in a run." }),
  })
  .refine(...thinksInClosedLoop);

/**
 * The load of a Kubernetes API server: objects under `/registry/<resource>/<namespace>/<name>`, each written in a
 * transaction that goes by the revision of its last change, and lists in pages of one revision. Its informers are the
 * watchers beside it, with `list-first`.
 */
export const kubernetes = defineWorkload({
  kind: "kubernetes",
  summary: "What an API server of Kubernetes asks: guarded creations, updates and deletions of objects, and lists in pages.",
  options,
  bind({ objects, resources, namespaces, page, mix: weights = usualMix, "value-bytes": valueBytes, ...load }) {
    const clients = new ApiClients(keysOf(objects * namesPerObject, resources, namespaces), { objects, resources, page, weights, valueBytes });
    const shown = kinds.filter((kind) => weights[kind] > 0).map((kind) => `${weights[kind]} ${kind}`).join(" : ");
    return {
      ...loadOf("kubernetes", load, `about ${objects} objects of ${resources} ${resources === 1 ? "resource" : "resources"} in ${namespaces} ${namespaces === 1 ? "namespace" : "namespaces"}, ${shown}`),
      operations: ["get", "range", "txn"],
      finalRange: { key: "/registry/", end: "/registry0", limit: Math.floor(finalPageBytes / (valueBytes + keyValueMaxBytes)) },
      next: (client, sequence, random) => clients.next(client, sequence, random),
      heard: (client, operation) => clients.heard(client, operation),
    };
  },
});

interface Plan {
  readonly objects: number;
  readonly resources: number;
  readonly page: number;
  readonly weights: Weights;
  readonly valueBytes: number;
}

class ApiClients {
  readonly #pool: ObjectPool;
  readonly #plan: Plan;
  readonly #sums: Float64Array;
  /** What a client is to ask next: the following page of a list, or an object that it could not create. */
  readonly #following = new Map<number, Request>();

  constructor(keys: readonly string[], plan: Plan) {
    this.#pool = new ObjectPool(keys);
    this.#plan = plan;
    this.#sums = cumulated(kinds.map((kind) => plan.weights[kind]));
  }

  next(client: number, sequence: number, random: Random): Request {
    const following = this.#following.get(client);
    if (following !== undefined) return following;
    const { objects, resources, page, valueBytes } = this.#plan;
    const kind = this.#kind(random);
    if (kind === "list") return listOf(random.int(0, resources - 1), page);
    const { size } = this.#pool;
    if (kind === "get" && size > 0) return { op: "get", key: this.#pool.pickThere(random) };
    const value = `${client}-${sequence}`.padEnd(valueBytes, ".");
    const [isFew, isMany] = [size < objects / 2, size > objects * 1.5];
    if (isFew || (kind === "create" && !isMany)) {
      const key = this.#pool.pickAbsent(random);
      // As the API server has it: whoever cannot create an object is not told what there is.
      return guarded(key, 0, { op: "put", key, value }, []);
    }
    const key = this.#pool.pickThere(random);
    const change: TxnPart = kind === "delete" || isMany ? { op: "delete", key } : { op: "put", key, value };
    return guarded(key, this.#pool.mod(key), change, [{ op: "get", key }]);
  }

  heard(client: number, operation: Operation): void {
    this.#pool.learn(operation);
    this.#following.delete(client);
    const following = followingOf(operation);
    if (following !== undefined) this.#following.set(client, following);
  }

  #kind(random: Random): Kind {
    return kinds[indexOf(this.#sums, random.float() * (this.#sums.at(-1) ?? 0))] ?? "get";
  }
}

function followingOf(operation: Operation): Request | undefined {
  if (operation.outcome !== "ok") return undefined;
  if (operation.op === "txn") {
    const [compare] = operation.compares;
    return operation.succeeded === false && operation.failure.length === 0 && compare !== undefined ? { op: "get", key: compare.key } : undefined;
  }
  if (operation.op !== "range") return undefined;
  const { end, limit = 0, kvs = [], count = 0, atRevision, revision = 0 } = operation;
  const last = kvs.at(-1);
  return last === undefined || count <= kvs.length ? undefined : { op: "range", key: `${last.key}\0`, end, limit, atRevision: atRevision ?? revision };
}

/** Does it if the object's last change was at this revision; 0: if there is no such object. */
function guarded(key: string, mod: number, change: TxnPart, otherwise: readonly TxnPart[]): TxnRequest {
  return { op: "txn", compares: [{ key, target: "mod", is: "=", to: mod }], success: [change], failure: otherwise };
}

/** The first page of all objects of a resource: those before the character that follows the slash. */
function listOf(resource: number, limit: number): RangeRequest {
  return { op: "range", key: `/registry/${resourceName(resource)}/`, end: `/registry/${resourceName(resource)}0`, limit };
}

const names = ["pods", "configmaps", "leases", "secrets", "endpoints"];

function resourceName(resource: number): string {
  return names[resource] ?? `resource-${resource}`;
}

function keysOf(many: number, resources: number, namespaces: number): string[] {
  return Array.from({ length: many }, (_, index) => `/registry/${resourceName(index % resources)}/ns-${Math.floor(index / resources) % namespaces}/o${index}`);
}

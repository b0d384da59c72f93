import type { Random } from "../random.ts";
import type { Load, Options } from "./sketch.ts";

const ms = (value: number): string => `${value}ms`;

/** One kind of workload, with options by chance. */
export function drawLoad(kind: string, random: Random): Load {
  return { kind, options: loadMenu[kind]?.(random) ?? {} };
}

/** Every kind of workload that is drawn; all of them have a checker. */
const loadMenu: Readonly<Record<string, (random: Random) => Options>> = {
  kv: (random) => ({
    ...pace(random),
    keys: random.pick([3, 10, 50]),
    mix: { get: random.int(1, 3), put: random.int(1, 4), range: random.int(0, 2), delete: random.int(0, 3), swap: random.int(0, 3) },
    serializable: random.pick([0, 0.2]),
    "old-reads": random.pick([0, 0.1]),
    ...random.pick<Options>([{}, {}, { "value-bytes": 4_000 }]),
  }),
  txn: (random) => ({ ...pace(random), groups: random.pick([2, 10]), keys: random.int(2, 5) }),
  append: (random) => ({ ...pace(random), lists: random.pick([3, 10]), parts: random.int(2, 5) }),
  kubernetes: (random) => ({ ...pace(random), objects: random.pick([10, 40]) }),
  compaction: (random) => ({
    ...pace(random),
    keys: random.pick([3, 10, 30]),
    every: ms(random.pick([300, 800, 1_500])),
    keep: random.pick([0, 10, 50]),
    deletes: random.pick([0.3, 0.6]),
    reads: random.pick([0.2, 0.5]),
    "writes-that-read": random.pick([0, 0, 0, 0, 0.2]),
  }),
  queue: (random) => ({ ...pace(random), length: random.pick([3, 10]) }),
  counter: (random) => ({ ...pace(random), counters: random.pick([1, 3]) }),
  lease: (random) => ({ clients: random.int(2, 8), ttl: "2s" }),
  lock: (random) => ({ clients: random.int(3, 9), locks: random.int(1, 3) }),
};

export const loadKinds: readonly string[] = Object.keys(loadMenu);

/** Mostly so many requests a second; sometimes as many as the clients can, which outruns what etcd keeps for those who lag behind. */
function pace(random: Random): Options {
  const clients = random.int(3, 12);
  return random.float() < 0.15 ? { clients: clients + 8 } : { rate: random.pick([50, 100, 200]), clients };
}

/** How they watch. */
export function drawWatch(random: Random): Options {
  return {
    ...random.pick<Options>([{}, {}, { "list-first": true }, { "from-revision": random.pick([50, 200, 500]) }]),
    ...random.pick<Options>([{}, { "prev-kv": false }]),
    "progress-every": random.pick(["10ms", "100ms", "1m"]),
    ...random.pick<Options>([{}, { "restart-every": "300ms" }, { "restart-every": "1s" }]),
  };
}

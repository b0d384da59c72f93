import fc from "fast-check";

/** Sound scenario documents of the test's catalogue, as plain data; what refers to something refers to what is there. */

const duration = fc.oneof(
  fc.integer({ min: 1, max: 5_000 }).map((ms) => `${ms}ms`),
  fc.integer({ min: 1, max: 60 }).map((s) => `${s}s`),
  fc.integer({ min: 1, max: 9 }).map((m) => `${m}m30s`),
);
const target = fc.constantFrom("leader", "minority", "majority", "random", "all", "etcd-1", "etcd-3");
const optional = { requiredKeys: [] };

const fault = fc.oneof(
  fc.record({ partition: fc.record({ target, mode: fc.constantFrom("blocking", "closing") }, { requiredKeys: ["target"] }) }),
  fc.record({ latency: fc.record({ target, delay: duration, toxicity: fc.double({ min: 0, max: 1, noNaN: true }) }, { requiredKeys: ["target", "delay"] }) }),
  fc.record({ pause: fc.record({ target }) }),
  fc.record({ kill: fc.record({ target }), at: fc.constant("0s"), for: fc.constant("1ms") }, { requiredKeys: ["kill"] }),
);

const timedFault = fc.oneof(
  fault,
  fc.record({ "one-of": fc.array(fault.filter((each) => !("at" in each || "for" in each)), { minLength: 2, maxLength: 3 }) }),
  fc.record({ pause: fc.record({ target: fc.constant("leader") }), every: fc.constant("1m"), for: fc.constant("1ms"), at: fc.constant("0s"), follow: fc.constant("leader") }, { requiredKeys: ["pause", "for"] }),
);

const flags = fc.dictionary(
  fc.stringMatching(/^x[a-z0-9-]{0,10}$/),
  fc.oneof(fc.boolean(), fc.integer(), fc.constantFrom("debug", "1h", "")),
);

const cluster = fc.record({ members: fc.constantFrom(3, 5, 7), etcd: fc.constantFrom("3.5", 3.4, "3.5.30", "image:etcd:1", "./etcd"), flags }, optional);

const workload = fc.record({
  kv: fc.record(
    { rate: fc.integer({ min: 1, max: 1_000 }), clients: fc.integer({ min: 1, max: 50 }), endpoints: fc.constantFrom("all", "etcd-2") },
    { requiredKeys: ["rate"] },
  ),
});

function assertion(phases: readonly string[]): fc.Arbitrary<unknown> {
  const during = fc.constantFrom(...phases, "run");
  const title = fc.constantFrom("Something", "Something else");
  return fc.oneof(
    fc.record({ "leader-changes": fc.record({ during, "at-least": fc.nat(), "new-leader-within": duration }, { requiredKeys: ["during"] }), title }, { requiredKeys: ["leader-changes"] }),
    fc.record({
      metric: fc.record({
        name: fc.constant("etcd_x_total"),
        statistic: fc.constantFrom("increase", "rate", "last"),
        during: fc.oneof(during, fc.subarray([...phases], { minLength: 1, maxLength: Math.min(2, phases.length) })),
        bound: fc.oneof(fc.record({ "at-least": fc.integer() }), fc.record({ "at-most": fc.integer() })),
      }),
    }),
    fc.record({ health: fc.record({ serializable: fc.boolean() }, optional) }),
  );
}

export const scenarioDocument: fc.Arbitrary<object> = fc
  .uniqueArray(fc.stringMatching(/^p[a-z0-9-]{0,8}$/), { minLength: 1, maxLength: 4 })
  .chain((names) =>
    fc.record(
      {
        description: fc.constantFrom("A test.", "Another: with a colon", "- dashes"),
        cluster,
        workload,
        timeline: fc.tuple(...names.map((name) => fc.record({ phase: fc.constant(name), duration, faults: fc.array(timedFault, { maxLength: 3 }) }, { requiredKeys: ["phase", "duration"] }))),
        "abort-if": fc.oneof(fc.record({ "no-leader-for": duration }), fc.record({ violated: fc.array(assertion(names), { minLength: 1, maxLength: 2 }), "nothing-acknowledged-for": duration }, { requiredKeys: ["violated"] })),
        assertions: fc.array(assertion(names), { minLength: 1, maxLength: 4 }),
      },
      { requiredKeys: ["description", "timeline", "assertions"] },
    ),
  );

/** What one slip can do to a document: at any place, a key too many, a key or item gone, a value of another kind. */
export interface Slip {
  readonly kind: "add" | "remove" | "replace";
  /** Which place of the document, modulo their number. */
  readonly place: number;
  readonly value: unknown;
}

export const slip: fc.Arbitrary<Slip> = fc.record({
  kind: fc.constantFrom("add", "remove", "replace"),
  place: fc.nat(10_000),
  value: fc.constantFrom<unknown>(null, true, 12, -1, 0.5, "", " ", "word", "5s", "-5s", "leader", "run", [], ["x"], {}, { partition: { target: "all" } }),
});

/** The document after the slip; the document given is left as it was. */
export function slipped(document: object, { kind, place, value }: Slip): unknown {
  const copy: unknown = structuredClone(document);
  const places = placesOf(copy);
  const chosen = places[place % places.length];
  if (chosen === undefined) return copy;
  const { holder, key } = chosen;
  const inner: unknown = Reflect.get(holder, key);
  if (kind === "add" && typeof inner === "object" && inner !== null && !Array.isArray(inner)) Reflect.set(inner, "surplus", value);
  else if (kind === "remove" && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (kind === "remove") Reflect.deleteProperty(holder, key);
  else Reflect.set(holder, key, value);
  return copy;
}

function placesOf(holder: unknown): { holder: object; key: string }[] {
  if (typeof holder !== "object" || holder === null) return [];
  return Object.entries(holder).flatMap(([key, inner]) => [{ holder, key }, ...placesOf(inner)]);
}

import { z } from "zod";
import { expressions } from "../../assertions/expression/language.ts";
import { defineAssertion } from "../../assertions/assertion.ts";
import { defineFault, type FaultKind } from "../../src/faults/fault.ts";
import { targetSchema } from "../../src/faults/target.ts";
import type { Capability } from "../../src/cluster/member.ts";
import type { Catalogue } from "../../src/scenario/catalogue.ts";
import { durationOption } from "../../src/units/duration-option.ts";
import { formatDuration } from "../../src/units/duration.ts";
import { defineWorkload } from "../../src/workloads/workload.ts";

/** A small catalogue with every shape of options: the tests of the language don't depend on what the real one holds. */

/** Options as a real fault has them; acting is not what is tested here. */
function faultOf<Schema extends z.ZodType<z.output<typeof plain>>>(kind: string, options: Schema, needs: readonly Capability[], title: (options: z.output<Schema>) => string): FaultKind {
  return defineFault({
    kind,
    summary: `Does what ${kind} does.`,
    glyph: "x",
    options,
    needs,
    title,
    inject: () => Promise.reject(new Error("not in this test")),
  });
}

const plain = z.strictObject({ target: targetSchema });

const partition = faultOf(
  "partition",
  plain.extend({ mode: z.enum(["blocking", "closing"]).default("blocking").meta({ description: "How it is cut." }) }),
  [],
  ({ target, mode }) => `partition ${target}, ${mode}`,
);
const latency = faultOf(
  "latency",
  plain.extend({ delay: durationOption("Added to everything."), toxicity: z.number().min(0).max(1).default(1) }),
  [],
  ({ target, delay }) => `latency ${formatDuration(delay)} on ${target}`,
);
const pause = faultOf("pause", plain, ["pause"], ({ target }) => `pause ${target}`);
const kill = faultOf("kill", plain, ["kill", "restart"], ({ target }) => `kill ${target}`);

const kv = defineWorkload({
  kind: "kv",
  summary: "Puts and gets.",
  options: z.strictObject({
    rate: z.number().positive().max(100_000).meta({ description: "Requests a second." }),
    clients: z.number().int().min(1).max(1000).default(10),
    keys: z.number().int().min(1).default(50),
    endpoints: z.union([z.literal("all"), z.string().regex(/^etcd-[1-9]$/)]).default("all"),
  }),
  bind: ({ rate, clients, endpoints }) => ({
    title: `kv, ${rate} a second by ${clients} clients`,
    clients,
    pacing: { kind: "open", ratePerSecond: rate },
    timeoutMs: 1_000,
    endpoints,
    next: () => ({ op: "get", key: "k" }),
  }),
});

const during = z.string().meta({ description: "The phase, or run for all of them." });

const leaderChanges = defineAssertion({
  kind: "leader-changes",
  summary: "How often the leader changes.",
  options: z.strictObject({ during, "at-least": z.number().int().min(0).optional(), "new-leader-within": durationOption("From the start of the phase.").optional() }),
  title: (options) => `leader changes during ${options.during}`,
  phases: (options) => [options.during],
  judge: () => ({ outcome: "inconclusive", observed: "", bound: "", evidence: [] }),
});

const metric = defineAssertion({
  kind: "metric",
  summary: "A metric's value.",
  options: z.strictObject({
    name: z.string().min(1),
    statistic: z.enum(["increase", "rate", "delta", "min", "max", "last"]),
    during: z.union([during, z.array(during).min(1)]).default("run"),
    bound: z.union([z.strictObject({ "at-least": z.number() }), z.strictObject({ "at-most": z.number() })]),
  }),
  title: ({ name, statistic }) => `${statistic} of ${name}`,
  phases: (options) => [options.during].flat(),
  judge: () => ({ outcome: "inconclusive", observed: "", bound: "", evidence: [] }),
});

const health = defineAssertion({
  kind: "health",
  summary: "All members are healthy at the end.",
  rules: ["unhealthy", "never-seen"],
  options: z.strictObject({
    serializable: z.boolean().optional(),
    of: z.string().optional(),
    during: z.union([during, z.tuple([during, during])]).optional(),
    after: durationOption("Skip so much.").optional(),
  }),
  title: () => "all members are healthy",
  phases: () => [],
  judge: () => ({ outcome: "inconclusive", observed: "", bound: "", evidence: [] }),
});

export const testCatalogue: Catalogue = {
  faults: [partition, latency, pause, kill],
  workloads: [kv],
  assertions: [leaderChanges, metric, health],
  expressions,
};

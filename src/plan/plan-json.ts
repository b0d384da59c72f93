import { z } from "zod";
import { abortWords } from "./abort-words.ts";
import type { Plan } from "./plan.ts";

/** `plan.json`: what was going to happen, as plain data. Times are milliseconds from the timeline's start. */
export const planJsonSchema = z.strictObject({
  format: z.literal(1),
  scenario: z.string(),
  description: z.string(),
  seed: z.number().int(),
  cluster: z.strictObject({
    members: z.number().int(),
    etcd: z.string(),
    flags: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  /** What the workloads do; absent without load. */
  workload: z.string().optional(),
  durationMs: z.number(),
  phases: z.array(z.strictObject({ name: z.string(), startMs: z.number(), endMs: z.number() })),
  faults: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      phase: z.string(),
      title: z.string(),
      target: z.string(),
      injectAtMs: z.number(),
      healAtMs: z.number(),
    }),
  ),
  /** What ends the run before its time, in words. */
  abortIf: z.array(z.string()).optional(),
  /** What has to hold before the first fault and after the last. */
  steadyState: z.array(z.string()).optional(),
  assertions: z.array(z.strictObject({ kind: z.string(), title: z.string() })),
  unavailable: z.array(z.strictObject({ fault: z.string(), because: z.string() })),
});
export type PlanJson = z.infer<typeof planJsonSchema>;

/** What `plan.json` holds of a plan. */
export function planJson({ scenario, seed, durationMs, phases, faults, unavailable }: Plan): PlanJson {
  const { name, description, cluster, workload, abortIf, steadyState, assertions } = scenario;
  return {
    format: 1,
    scenario: name,
    description,
    seed,
    cluster: { members: cluster.memberCount, etcd: cluster.etcd, flags: { ...cluster.flags } },
    ...(workload === undefined ? {} : { workload: workload.titles.join("; ") }),
    durationMs,
    phases: phases.map((phase) => ({ ...phase })),
    faults: faults.map(({ id, phase, title, injectAtMs, healAtMs, fault }) => ({ id, kind: fault.kind, phase, title, target: fault.target, injectAtMs, healAtMs })),
    ...(abortIf === undefined ? {} : { abortIf: abortWords(abortIf) }),
    ...(steadyState === undefined ? {} : { steadyState: steadyState.assertions.map(({ title }) => title) }),
    assertions: assertions.map(({ kind, title }) => ({ kind, title })),
    unavailable: unavailable.map((each) => ({ ...each })),
  };
}

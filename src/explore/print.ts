import { stringify } from "yaml";
import type { Promised } from "./promises.ts";
import type { Sketch } from "./sketch.ts";

export interface Printed {
  readonly description: string;
  /** As `cluster.etcd` has it. */
  readonly etcd: string;
  readonly promises: readonly Promised[];
}

/** The scenario file of a sketch. A part of it that takes no time is left out, and with it its phase. */
export function scenarioText(sketch: Sketch, { description, etcd, promises }: Printed): string {
  const { members, flags, loads, watch, quietMs, stormMs, faults } = sketch;
  const workload = { ...Object.fromEntries(loads.map(({ kind, options }) => [kind, options])), ...(watch === undefined ? {} : { watch }) };
  const storm = {
    phase: "storm",
    duration: ms(stormMs),
    ...(faults.length === 0 ? {} : { faults: faults.map(({ kind, options, atMs, forMs }) => ({ [kind]: options, at: ms(atMs), for: ms(forMs) })) }),
  };
  const quiet = (phase: string, lengthMs: number): object[] => (lengthMs === 0 ? [] : [{ phase, duration: ms(lengthMs) }]);
  const scenario = {
    description,
    cluster: { members, etcd, ...(Object.keys(flags).length === 0 ? {} : { flags }) },
    workload,
    timeline: [...quiet("before", quietMs.before), storm, ...quiet("after", quietMs.after)],
    assertions: promises,
  };
  return stringify(scenario, { lineWidth: 0 });
}

function ms(value: number): string {
  return `${Math.round(value)}ms`;
}

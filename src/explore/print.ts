import { Document } from "yaml";
import type { Promised } from "./promises.ts";
import type { Options, Sketch } from "./sketch.ts";

export interface Printed {
  readonly description: string;
  /** As `cluster.etcd` has it. */
  readonly etcd: string;
  readonly promises: readonly Promised[];
}

/** The scenario file of a sketch. A part of it that takes no time is left out, and with it its phase. */
export function scenarioText(sketch: Sketch, { description, etcd, promises }: Printed): string {
  const { members, flags, loads, watch, quietMs, stormMs, faults } = sketch;
  const document = new Document();
  const inLine = (options: Options): unknown => document.createNode(options, { flow: true });
  const storm = {
    phase: "storm",
    duration: ms(stormMs),
    ...(faults.length === 0 ? {} : { faults: faults.map(({ kind, options, atMs, forMs }) => ({ [kind]: inLine(options), at: ms(atMs), for: ms(forMs) })) }),
  };
  const quiet = (phase: string, lengthMs: number): object[] => (lengthMs === 0 ? [] : [{ phase, duration: ms(lengthMs) }]);
  document.contents = document.createNode({
    description,
    cluster: { members, etcd, ...(Object.keys(flags).length === 0 ? {} : { flags: inLine(flags) }) },
    workload: { ...Object.fromEntries(loads.map(({ kind, options }) => [kind, inLine(options)])), ...(watch === undefined ? {} : { watch: inLine(watch) }) },
    timeline: [...quiet("before", quietMs.before), storm, ...quiet("after", quietMs.after)],
    assertions: promises.map((promised) => Object.fromEntries(Object.entries(promised).map(([kind, options]) => [kind, inLine(options)]))),
  });
  return document.toString({ lineWidth: 0 });
}

function ms(value: number): string {
  return `${Math.round(value)}ms`;
}

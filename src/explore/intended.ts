import { distinct, type Feature } from "./feature.ts";
import type { Sketch } from "./sketch.ts";

/** What a sketch sets out to cover. Whether its run did, the recording tells. */
export function intendedFeatures({ faults, flags, loads, watch }: Sketch): Feature[] {
  const kinds = loads.map(({ kind }) => kind);
  const pairs = faults.flatMap((one, index) =>
    faults.slice(index + 1).filter((other) => one.atMs < other.atMs + other.forMs && other.atMs < one.atMs + one.forMs).map((other) => pairName(one.kind, other.kind)),
  );
  return distinct([
    ...faults.map(({ kind }): Feature => ({ of: "fault", name: kind })),
    ...pairs.map((name): Feature => ({ of: "pair of faults", name })),
    ...faults.map(({ kind, options }): Feature => ({ of: "role of the target", name: `${kind} on ${String(options["target"])}` })),
    ...(faults.length === 0 ? ["no fault"] : faults.map(({ kind }) => kind)).flatMap((fault) => kinds.map((kind): Feature => ({ of: "fault under load", name: `${fault}, ${kind}` }))),
    ...Object.entries(watch ?? { nobody: "watches" }).map(([option, value]): Feature => ({ of: "way of watching", name: `${option} ${String(value)}` })),
    ...Object.entries(flags).map(([flag, value]): Feature => ({ of: "flag", name: `${flag} ${value}` })),
  ]);
}

/** The same whichever comes first. */
export function pairName(one: string, other: string): string {
  return [one, other].sort().join(" + ");
}

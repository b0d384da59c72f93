import type { Random } from "../random.ts";
import { faultMenu, type MenuItem } from "./fault-menu.ts";
import type { Limits } from "./limits.ts";
import { drawLoad, drawWatch, loadKinds } from "./load-menu.ts";
import type { Load, Sketch, SketchedFault } from "./sketch.ts";

/** Loads side by side share one machine, and what matters is how they meet: few do. */
const loadsMax = 3;
/** The share of runs in which somebody watches. */
const watched = 0.8;
const stepMs = 250;

/** A scenario by chance, within the limits: the same for the same random numbers. */
export function drawSketch(random: Random, limits: Limits): Sketch {
  const members = random.pick(limits.members);
  const stormMs = rounded(random.int(...limits.stormMs));
  const empty: Sketch = { members, flags: drawFlags(random), loads: drawLoads(random), quietMs: limits.quietMs, stormMs, faults: [] };
  const seen = random.float() < watched ? { ...empty, watch: drawWatch(random) } : empty;
  return Array.from({ length: random.int(0, limits.faultsMax) }).reduce<Sketch>((sketch) => withFault(sketch, random, limits), seen);
}

/** One thing of it changed: a fault more, less or another, another load, another way to watch, other flags. */
export function varied(sketch: Sketch, random: Random, limits: Limits): Sketch {
  switch (random.pick(["fault", "fault", "less", "load", "watch", "flags"] as const)) {
    case "fault": {
      const kept = sketch.faults.length < limits.faultsMax ? sketch : without(sketch, random);
      return withFault(kept, random, limits);
    }
    case "less":
      return without(sketch, random);
    case "load":
      return { ...sketch, loads: drawLoads(random) };
    case "watch":
      return { ...sketch, watch: drawWatch(random) };
    case "flags":
      return { ...sketch, flags: drawFlags(random) };
  }
}

function without(sketch: Sketch, random: Random): Sketch {
  if (sketch.faults.length === 0) return sketch;
  const gone = random.int(0, sketch.faults.length - 1);
  return { ...sketch, faults: sketch.faults.filter((_, index) => index !== gone) };
}

function drawFlags(random: Random): Sketch["flags"] {
  return {
    "heartbeat-interval": 50,
    "election-timeout": 500,
    ...random.pick([{}, {}, { "snapshot-count": 100 }, { "snapshot-count": 1_000 }]),
  };
}

function drawLoads(random: Random): Load[] {
  const kinds = new Set(Array.from({ length: random.int(1, loadsMax) }, () => random.pick(loadKinds)));
  return [...kinds].map((kind) => drawLoad(kind, random));
}

/** With one fault more, in order of time; without it where none goes with those that are there. */
function withFault(sketch: Sketch, random: Random, limits: Limits): Sketch {
  const fitting = faultMenu.filter(({ kind, leastMs }) => !limits.without.has(kind) && leastMs <= sketch.stormMs).filter((item) => sketch.members > 1 || isForOne(item));
  const item = random.pick(fitting);
  const targets = item.targets.filter((target) => sketch.members > 1 || target === "leader" || target === "all");
  const forMs = rounded(random.int(item.leastMs, Math.max(item.leastMs, sketch.stormMs / 2)));
  const atMs = rounded(random.int(0, sketch.stormMs - forMs));
  const drawn = item.options(random);
  // A single member has links to clients alone.
  const options = sketch.members === 1 && "on" in drawn ? { ...drawn, on: "clients" } : drawn;
  const fault = { kind: item.kind, options: { target: random.pick(targets), ...options }, atMs, forMs };
  if (!goesWith(fault, item, sketch, limits)) return sketch;
  return { ...sketch, faults: [...sketch.faults, fault].sort((a, b) => a.atMs - b.atMs) };
}

/** Faults between members need some. */
function isForOne({ kind, targets }: MenuItem): boolean {
  return !["partition", "packet-drop", "packet-loss", "move-leader", "slicer", "rolling-restart"].includes(kind) && (targets.includes("leader") || targets.includes("all"));
}

/** Members count as lost for a while after a fault has healed, until they have caught up. */
const recoveryMs = 1_000;

/** More at a time than a pair are in each other's way, and show nothing. */
const besideMax = 1;

/** One at a time loses members, so that the lost ones are a minority; nothing strikes twice in the same way at a time. */
function goesWith(fault: SketchedFault, { loses }: MenuItem, { faults, members }: Sketch, { beyondMinority }: Limits): boolean {
  if (loses && members === 1 && !beyondMinority) return false;
  const beside = faults.filter((other) => other.atMs < fault.atMs + fault.forMs + recoveryMs && fault.atMs < other.atMs + other.forMs + recoveryMs);
  if (beside.length > besideMax || beside.some(({ kind }) => kind === fault.kind)) return false;
  return beyondMinority || !loses || !beside.some(({ kind }) => faultMenu.some((item) => item.kind === kind && item.loses));
}

function rounded(ms: number): number {
  return Math.ceil(ms / stepMs) * stepMs;
}

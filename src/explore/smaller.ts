import { timelineEntries, type Load, type Options, type Sketch } from "./sketch.ts";

const stormLeastMs = 1_000;
const afterFaultMs = 500;
const clientsLeast = 1;

/** Without any fault, in one phase of half the time; undefined where there is no fault to leave out. */
export function bare(sketch: Sketch): Sketch | undefined {
  if (sketch.faults.length === 0) return undefined;
  return { ...sketch, faults: [], quietMs: { before: 0, after: 0 }, stormMs: Math.max(stormLeastMs, Math.round(sketch.stormMs / 2)) };
}

/** Sketches that are smaller by one thing, those first that leave out most or make the next runs shorter. */
export function* smaller(sketch: Sketch): Generator<Sketch> {
  const { faults, loads, watch, quietMs, flags, members } = sketch;
  // Changes nothing of what happens, so that no later step has to be taken back to before it.
  if (quietMs.before > 0 || quietMs.after > 0) yield asOnePhase(sketch);
  if (faults.length > 1) {
    yield { ...sketch, faults: [] };
    const half = Math.ceil(faults.length / 2);
    yield { ...sketch, faults: faults.slice(0, half) };
    yield { ...sketch, faults: faults.slice(half) };
  }
  for (const gone of faults) yield { ...sketch, faults: faults.filter((fault) => fault !== gone) };
  yield* shorter(sketch);
  if (loads.length > 1) {
    for (const load of loads) yield { ...sketch, loads: [load] };
    for (const gone of loads) yield { ...sketch, loads: loads.filter((load) => load !== gone) };
  }
  if (watch !== undefined) yield withoutWatch(sketch);
  if (members > 1 && faults.length === 0) yield { ...sketch, members: 1 };
  if (members > 3) yield { ...sketch, members: 3 };
  if (watch !== undefined) for (const option of Object.keys(watch)) yield { ...sketch, watch: withoutOption(watch, option) };
  for (const load of loads) for (const less of lighter(load)) yield { ...sketch, loads: loads.map((each) => (each === load ? less : each)) };
  for (const flag of Object.keys(flags)) yield { ...sketch, flags: Object.fromEntries(Object.entries(flags).filter(([name]) => name !== flag)) };
}

/** One phase for all: what was quiet around the faults becomes part of it. */
function asOnePhase(sketch: Sketch): Sketch {
  const { quietMs, stormMs, faults } = sketch;
  return {
    ...sketch,
    quietMs: { before: 0, after: 0 },
    stormMs: quietMs.before + stormMs + quietMs.after,
    faults: faults.map((fault) => ({ ...fault, atMs: fault.atMs + quietMs.before })),
  };
}

function withoutWatch({ watch: _, ...rest }: Sketch): Sketch {
  return rest;
}

/** Half the time, with what is left of the faults; then faults of half the length. */
function* shorter(sketch: Sketch): Generator<Sketch> {
  const { stormMs, faults } = sketch;
  const lastMs = Math.max(0, ...faults.map(({ atMs, forMs }) => atMs + forMs + afterFaultMs));
  for (const shorterMs of [stormMs / 4, stormMs / 2, (stormMs * 3) / 4].map(Math.round)) {
    if (shorterMs >= stormLeastMs && shorterMs >= lastMs) yield { ...sketch, stormMs: shorterMs };
  }
  for (const fault of faults) {
    if (fault.forMs >= 2 * stormLeastMs) yield { ...sketch, faults: faults.map((each) => (each === fault ? { ...fault, forMs: Math.round(fault.forMs / 2) } : each)) };
  }
}

/** Fewer clients, kinds of requests, requests a second, and options that are as usual. */
function* lighter({ kind, options }: Load): Generator<Load> {
  const { clients, rate, mix } = options;
  if (typeof clients === "number" && clients > clientsLeast) yield { kind, options: { ...options, clients: Math.max(clientsLeast, Math.floor(clients / 2)) } };
  if (typeof mix === "object" && !Array.isArray(mix)) {
    const asked = Object.entries(mix).filter(([, weight]) => weight !== 0);
    if (asked.length > 1) for (const [gone] of asked) yield { kind, options: { ...options, mix: Object.fromEntries(asked.filter(([name]) => name !== gone)) } };
  }
  if (typeof rate === "number" && rate >= 40) yield { kind, options: { ...options, rate: Math.floor(rate / 2) } };
  for (const option of Object.keys(options)) {
    if (!["clients", "rate", "mix"].includes(option)) yield { kind, options: withoutOption(options, option) };
  }
}

function withoutOption(options: Options, gone: string): Options {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== gone));
}

/** How large a sketch is, for people: entries of the timeline, workloads, and options that are not as usual. */
export function sizeOf(sketch: Sketch): { readonly entries: number; readonly loads: number; readonly options: number } {
  const { loads, watch = {}, flags } = sketch;
  const options = [...loads.map((load) => load.options), watch, flags].reduce((sum, each) => sum + Object.keys(each).length, 0);
  return { entries: timelineEntries(sketch), loads: loads.length, options };
}

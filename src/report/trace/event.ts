import { clip, printable } from "../text.ts";

/** Values of an event that a viewer shows beside it. */
export type Args = Readonly<Record<string, string | number>>;

/**
 * What the Trace Event format has of which we make use (Chromium's document of that name): a slice, a moment, values, or
 * the name of a track. Times are microseconds on the run's clock.
 */
export type TraceEvent =
  | { readonly ph: "X"; readonly pid: number; readonly tid: number; readonly name: string; readonly cat: string; readonly ts: number; readonly dur: number; readonly args?: Args }
  | { readonly ph: "i"; readonly pid: number; readonly tid: number; readonly name: string; readonly cat: string; readonly ts: number; readonly s: "t" | "p" | "g"; readonly args?: Args }
  | { readonly ph: "C"; readonly pid: number; readonly tid: number; readonly name: string; readonly ts: number; readonly args: Args }
  | { readonly ph: "M"; readonly pid: number; readonly tid: number; readonly name: "process_name" | "process_sort_index" | "thread_name" | "thread_sort_index"; readonly args: Args };

/** Where an event is drawn: a track of a group. */
export interface Track {
  readonly pid: number;
  readonly tid: number;
}

export interface Slice {
  readonly name: string;
  readonly cat: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly args?: Args;
}

const nameMax = 120;
const argMax = 300;

export function slice({ pid, tid }: Track, { name, cat, startMs, endMs, args }: Slice): TraceEvent {
  return { ph: "X", pid, tid, name: shown(name, nameMax), cat, ts: microseconds(startMs), dur: Math.max(0, microseconds(endMs) - microseconds(startMs)), ...shownArgs(args) };
}

export function instant({ pid, tid }: Track, { name, cat, atMs, scope = "t", args }: { readonly name: string; readonly cat: string; readonly atMs: number; readonly scope?: "t" | "p" | "g"; readonly args?: Args }): TraceEvent {
  return { ph: "i", pid, tid, name: shown(name, nameMax), cat, ts: microseconds(atMs), s: scope, ...shownArgs(args) };
}

export function counter(pid: number, name: string, atMs: number, values: Readonly<Record<string, number>>): TraceEvent {
  return { ph: "C", pid, tid: 0, name, ts: microseconds(atMs), args: values };
}

/** A group of tracks; viewers show groups in the order of their numbers. */
export function groupNamed(pid: number, name: string): TraceEvent[] {
  return [
    { ph: "M", pid, tid: 0, name: "process_name", args: { name } },
    { ph: "M", pid, tid: 0, name: "process_sort_index", args: { sort_index: pid } },
  ];
}

export function trackNamed({ pid, tid }: Track, name: string): TraceEvent[] {
  return [
    { ph: "M", pid, tid, name: "thread_name", args: { name: shown(name, nameMax) } },
    { ph: "M", pid, tid, name: "thread_sort_index", args: { sort_index: tid } },
  ];
}

/** In order of time on each track, names of tracks first, and of slices that begin together the longer one, which holds the other. */
export function inOrder(events: readonly TraceEvent[]): TraceEvent[] {
  const [names, timed] = [events.filter(({ ph }) => ph === "M"), events.flatMap((event) => (event.ph === "M" ? [] : [event]))];
  const durationOf = (event: TraceEvent): number => (event.ph === "X" ? event.dur : 0);
  return [...names, ...timed.sort((a, b) => a.ts - b.ts || durationOf(b) - durationOf(a))];
}

function shownArgs(args: Args | undefined): { readonly args?: Args } {
  if (args === undefined) return {};
  return { args: Object.fromEntries(Object.entries(args).map(([key, value]) => [key, typeof value === "string" ? shown(value, argMax) : value])) };
}

function shown(text: string, lengthMax: number): string {
  return clip(printable(text), lengthMax);
}

/** To a thousandth: the clock's own nanoseconds. */
function microseconds(ms: number): number {
  return Math.round(ms * 1e6) / 1e3;
}

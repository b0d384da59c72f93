import type { FaultEvent, Proof } from "../recording/events.ts";
import type { Recording } from "../recording/recording.ts";

/** The life of one fault, as far as the recording tells. */
export interface FaultWindow {
  readonly fault: string;
  readonly kind: string;
  readonly title: string;
  readonly phase: string;
  readonly targets: readonly string[];
  readonly because: string;
  readonly requestedMs: number;
  /** Set where it is proven that it bit. */
  readonly effectiveMs?: number;
  readonly healingMs?: number;
  /** Set where it is proven that it healed. */
  readonly healedMs?: number;
  readonly outcome: "proven" | "ineffective" | "unhealed" | "failed" | "cut-short";
  readonly proofs: { readonly injected: readonly Proof[]; readonly healed: readonly Proof[] };
  readonly error?: string;
}

/** One window per fault, in order of their requests. */
export function faultWindows({ events }: Recording): FaultWindow[] {
  const lives = new Map<string, FaultEvent[]>();
  for (const event of events) {
    if (event.type !== "fault") continue;
    const life = lives.get(event.fault);
    if (life === undefined) lives.set(event.fault, [event]);
    else life.push(event);
  }
  return [...lives.values()].map(windowOf).sort((a, b) => a.requestedMs - b.requestedMs);
}

function windowOf(life: readonly FaultEvent[]): FaultWindow {
  const atMs = (state: FaultEvent["state"]): number | undefined => life.find((event) => event.state === state)?.atMs;
  const error = life.find((event) => event.state === "failed")?.error;
  return {
    ...identity(life),
    ...defined({ effectiveMs: atMs("effective"), healingMs: atMs("healing"), healedMs: atMs("healed") }),
    outcome: outcomeOf(new Set(life.map(({ state }) => state))),
    proofs: {
      injected: life.flatMap((event) => (event.state === "effective" || event.state === "ineffective" ? event.proofs : [])),
      healed: life.flatMap((event) => (event.state === "healed" || event.state === "unhealed" ? event.proofs : [])),
    },
    ...(error === undefined ? {} : { error }),
  };
}

/** A fault whose target stood for nobody failed before it was requested: then its id is all there is. */
function identity(life: readonly FaultEvent[]): Pick<FaultWindow, "fault" | "kind" | "title" | "phase" | "targets" | "because" | "requestedMs"> {
  const requested = life.find((event) => event.state === "requested");
  if (requested !== undefined) {
    const { fault, kind, title, phase, targets, because, atMs } = requested;
    return { fault, kind, title, phase, targets, because, requestedMs: atMs };
  }
  const { fault = "", kind = "", atMs = 0 } = life[0] ?? {};
  return { fault, kind, title: kind, phase: fault.split("/")[0] ?? "", targets: [], because: "no target was found", requestedMs: atMs };
}

function outcomeOf(states: ReadonlySet<FaultEvent["state"]>): FaultWindow["outcome"] {
  if (states.has("failed")) return "failed";
  if (states.has("unhealed")) return "unhealed";
  if (states.has("ineffective")) return "ineffective";
  return states.has("effective") && states.has("healed") ? "proven" : "cut-short";
}

/** Without the keys that are undefined. */
function defined<Key extends string>(values: Readonly<Record<Key, number | undefined>>): { [Each in Key]?: number } {
  const kept: { [Each in Key]?: number } = {};
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}

import type { Outage } from "../../analysis/availability.ts";
import type { FaultWindow } from "../../analysis/fault-windows.ts";
import type { Leadership } from "../../analysis/leadership.ts";
import type { Proof, RunEvent } from "../../recording/events.ts";
import type { Recording } from "../../recording/recording.ts";
import { formatDuration } from "../../units/duration.ts";
import { count, seconds } from "../text.ts";

export type StoryKind = "fault" | "leader" | "outage" | "member" | "workload" | "note";

/** One thing that happened: a row of the story. */
export interface StoryEntry {
  /** Anchor in the page. */
  readonly id: string;
  readonly atMs: number;
  readonly kind: StoryKind;
  readonly glyph: string;
  readonly what: string;
  readonly member?: string;
  /** Set where it belongs to another phase than its time says: a fault may be asked for just before its phase begins. */
  readonly phase?: string;
  /** Why, or how it is known. */
  readonly details: readonly string[];
  readonly proofs: readonly Proof[];
  readonly tone?: "bad" | "good";
  /** How long after the fault it was: `1.21 s into partition`. */
  readonly since?: string;
}

export interface Story {
  readonly entries: readonly StoryEntry[];
  /** Entries that there was no room for; the least telling are left out first. */
  readonly left: number;
}

type Draft = Omit<StoryEntry, "id" | "since">;

/** The key events of a run, merged from all sources, in order of time. */
export function tellStory(
  recording: Recording,
  faults: readonly FaultWindow[],
  leaderships: readonly Leadership[],
  outages: readonly Outage[],
  entriesMax: number,
): Story {
  const byId = new Map(faults.map((each) => [each.fault, each]));
  const drafts = [
    ...recording.events.flatMap((event) => eventDraft(event, byId)),
    ...leaderships.map(leaderDraft),
    ...outages.flatMap((outage) => outageDrafts(outage)),
  ];
  const kept = mostTelling(drafts, entriesMax).sort((a, b) => a.atMs - b.atMs);
  const entries = kept.map((draft, index): StoryEntry => {
    const since = timed.has(draft.kind) ? sinceFault(draft.atMs, faults) : undefined;
    return { ...draft, id: `t${index + 1}`, ...(since === undefined ? {} : { since }) };
  });
  return { entries, left: drafts.length - kept.length };
}

/** Kinds that follow from a fault, so that the time since it says something. */
const timed: ReadonlySet<StoryKind> = new Set(["leader", "outage", "member"]);

const rank = { fault: 0, outage: 1, leader: 1, member: 2, workload: 3, note: 3 } as const satisfies Record<StoryKind, number>;

function mostTelling(drafts: readonly Draft[], most: number): Draft[] {
  return [...drafts].sort((a, b) => rank[a.kind] - rank[b.kind]).slice(0, most);
}

function eventDraft(event: RunEvent, faults: ReadonlyMap<string, FaultWindow>): Draft[] {
  const base = { atMs: event.atMs, details: [], proofs: [] };
  switch (event.type) {
    case "fault":
      return [faultDraft(event, faults)];
    case "member":
      return [
        {
          ...base,
          kind: "member",
          glyph: memberGlyphs[event.state],
          what: `${event.member} ${event.state}`,
          member: event.member,
          details: event.detail === undefined ? [] : [event.detail],
          ...(downStates.has(event.state) ? { tone: "bad" as const } : {}),
        },
      ];
    case "workload":
      return [
        {
          ...base,
          kind: "workload",
          glyph: "≡",
          what: `workload ${event.state}`,
          details: event.detail === undefined ? [] : [event.detail],
          ...(event.state === "failed" ? { tone: "bad" as const } : {}),
        },
      ];
    case "note":
      return [{ ...base, kind: "note", glyph: event.level === "warning" ? "!" : "i", what: event.text }];
    case "interrupted":
      return [{ ...base, kind: "fault", glyph: "✗", what: `run interrupted by ${event.signal}`, tone: "bad" }];
    // The page groups the story by phase.
    case "phase":
    case "clock":
    case "missed":
      return [];
  }
}

const downStates: ReadonlySet<string> = new Set(["paused", "killed", "stopped", "exited"]);

const memberGlyphs = { started: "▸", ready: "▲", paused: "‖", resumed: "▶", killed: "✕", exited: "✕", stopped: "■", replaced: "↻" } as const;

function faultDraft(event: Extract<RunEvent, { type: "fault" }>, faults: ReadonlyMap<string, FaultWindow>): Draft {
  const fault = faults.get(event.fault);
  const title = fault?.title ?? event.kind;
  const targets = fault === undefined ? "" : ` on ${fault.targets.join(", ")}`;
  const base = { atMs: event.atMs, kind: "fault", details: [], proofs: [] } as const;
  switch (event.state) {
    case "requested":
      return { ...base, glyph: "ϟ", what: `${event.title}: requested on ${event.targets.join(", ")}`, details: [event.because], tone: "bad", phase: event.phase };
    case "effective":
      return { ...base, glyph: "ϟ", what: `${title}: in effect${targets}`, proofs: event.proofs, tone: "bad" };
    case "ineffective":
      return { ...base, glyph: "?", what: `${title}: no evidence that it took effect${targets}`, proofs: event.proofs, tone: "bad" };
    case "healing":
      return { ...base, glyph: "↺", what: `${title}: being healed${targets}` };
    case "healed":
      return { ...base, glyph: "↺", what: `${title}: healed${targets}`, proofs: event.proofs, tone: "good" };
    case "unhealed":
      return { ...base, glyph: "✗", what: `${title}: not healed${targets}`, proofs: event.proofs, tone: "bad" };
    case "failed":
      return { ...base, glyph: "✗", what: `${title}: failed${targets}`, details: [event.error], tone: "bad" };
  }
}

function leaderDraft({ firstSeenMs, leader, term, seenBy, source, text }: Leadership): Draft {
  const how = seenBy === "log" ? `log of ${source}` : `status of ${source}`;
  return {
    atMs: firstSeenMs,
    kind: "leader",
    glyph: "★",
    what: `${leader} seen as leader at term ${term}`,
    member: leader,
    details: [`${how}: ${text}`],
    proofs: [],
  };
}

function outageDrafts({ startMs, endMs, attempted }: Outage): Draft[] {
  const lasted = formatDuration(endMs - startMs);
  const base = { kind: "outage", proofs: [] } as const;
  return [
    { ...base, atMs: startMs, glyph: "✗", what: "writes stop being acknowledged", details: [`for ${lasted}, until ${seconds(endMs)} s`], tone: "bad" },
    {
      ...base,
      atMs: endMs,
      glyph: "✓",
      what: `writes acknowledged again after ${lasted}`,
      details: [`${count(attempted)} writes were attempted meanwhile`],
      tone: "good",
    },
  ];
}

const faultsNamedMax = 3;

/** How long after the faults in force were asked for; where none is, after the latest was healed. */
export function sinceFault(atMs: number, faults: readonly FaultWindow[]): string | undefined {
  const begun = faults.filter((fault) => fault.requestedMs <= atMs);
  const inForce = begun.filter(({ healedMs }) => healedMs === undefined || healedMs > atMs);
  if (inForce.length > 0) {
    const named = inForce.slice(-faultsNamedMax);
    return named.map(({ kind, requestedMs }) => `${formatDuration(atMs - requestedMs)} into ${kind}`).join(", ");
  }
  const healed = begun.reduce<FaultWindow | undefined>((latest, fault) => ((latest?.healedMs ?? -1) > (fault.healedMs ?? -1) ? latest : fault), undefined);
  return healed?.healedMs === undefined ? undefined : `${formatDuration(atMs - healed.healedMs)} after ${healed.kind} healed`;
}

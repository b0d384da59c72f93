import picocolors from "picocolors";
import type { MemberView } from "../../observe/index.ts";
import { statsEveryMs } from "../../workloads/stats.ts";
import type { Plan } from "../../plan/plan.ts";
import { formatDuration } from "../../units/duration.ts";
import type { Availability, LiveState } from "./live-state.ts";

export interface FrameOptions {
  readonly plan: Plan;
  /** Milliseconds since the timeline's start. */
  readonly elapsedMs: number;
  readonly columns: number;
  readonly colour: boolean;
}

type Paint = ReturnType<typeof picocolors.createColors>;
type Colour = (text: string) => string;
/** A piece of a row, with how it is painted. */
type Piece = string | readonly [text: string, colour: Colour];

const rowWidthMax = 100;

/** The live view as lines of text, none wider than the terminal. Every state has a word beside its colour. */
export function frame(state: LiveState, { plan, elapsedMs, columns, colour }: FrameOptions): string[] {
  const paint = picocolors.createColors(colour);
  const width = Math.max(1, Math.min(columns - 1, rowWidthMax));
  const rows = [phaseRow(state, plan, elapsedMs, width, paint), ...faultRows(state, paint), ...loadRows(state, width, paint), ...state.members.map((view) => memberRow(view, paint))];
  return ["", ...rows.map((row) => fit(row, width)), ""];
}

/** Cuts a row that is wider, and says so by its last character; then paints it, since colours take no room. */
function fit(row: readonly Piece[], width: number): string {
  const pieces = row.map((piece) => (typeof piece === "string" ? ([piece, String] as const) : piece));
  const cut = pieces.reduce((length, [text]) => length + [...text].length, 0) > width;
  let left = cut ? width - 1 : width;
  const shown = pieces.map(([text, colour]) => {
    const kept = [...text].slice(0, left);
    left -= kept.length;
    return kept.length === 0 ? "" : colour(kept.join(""));
  });
  return `${shown.join("")}${cut ? "…" : ""}`;
}

function phaseRow({ phase, faults }: LiveState, plan: Plan, elapsedMs: number, width: number, { bold, cyan, dim }: Paint): Piece[] {
  const planned = plan.phases.find(({ name }) => name === phase);
  const left = planned === undefined ? "" : `  ${formatDuration(Math.max(0, Math.ceil((planned.endMs - elapsedMs) / 1e3) * 1e3))} left`;
  const name = phase ?? (faults.size > 0 ? "healing" : "between phases");
  const clock = `${(Math.min(elapsedMs, plan.durationMs) / 1e3).toFixed(1)} of ${formatDuration(plan.durationMs)}`;
  const barWidth = Math.max(0, width - name.length - left.length - clock.length - 4);
  const filled = Math.round(barWidth * Math.min(1, Math.max(0, elapsedMs) / plan.durationMs));
  return [[name, bold], `${left}  `, ["━".repeat(filled), cyan], ["─".repeat(barWidth - filled), dim], `  ${clock}`];
}

function faultRows({ faults }: LiveState, { dim, red, yellow }: Paint): Piece[][] {
  if (faults.size === 0) return [[["no fault in force", dim]]];
  const colours = { injecting: yellow, effective: red, "without effect": yellow, healing: yellow } as const;
  return [...faults.values()].map(({ state, title, targets }) => [[`${state}: ${title} → ${targets.join(", ")}`, colours[state]]]);
}

const cells = { acknowledged: "█", partly: "▅", none: "▁", idle: " " } as const satisfies Record<Availability, string>;

function loadRows({ latest, totals, strip }: LiveState, width: number, { dim, green, red, yellow }: Paint): Piece[][] {
  if (latest === undefined) return [[["no load", dim]]];
  const perSecond = Math.round(((latest.ok + latest.fail + latest.info) * 1e3) / statsEveryMs);
  const quantiles = [["p50", latest.p50Ms] as const, ["p99", latest.p99Ms] as const].map(([name, ms]) => `${name} ${ms === null ? "–" : formatDuration(ms)}`);
  const paints = { acknowledged: green, partly: yellow, none: red, idle: dim } as const;
  const label = "answers ";
  const shown = strip.slice(-Math.max(1, width - label.length));
  return [
    [`${perSecond} ops/s   ok ${totals.ok}   fail ${totals.fail}   unknown ${totals.info}${totals.missed === 0 ? "" : `   never sent ${totals.missed}`}   ${quantiles.join("   ")}`],
    ...(latest.kinds === undefined ? [] : [[latest.kinds.map(({ kind, ok, fail, info }) => `${kind} ${Math.round(((ok + fail + info) * 1e3) / statsEveryMs)}/s`).join("   ")]]),
    [[label, dim], ...shown.map((cell): Piece => [cells[cell], paints[cell]])],
  ];
}

const glyphs = { leader: "★", follower: "•", leaderless: "?", unreachable: "✖", unknown: " " } as const;
const words = { leader: "leader", follower: "follower", leaderless: "knows no leader", unreachable: "no answer", unknown: "not seen yet" } as const;

function memberRow({ member, role, term, healthy }: MemberView, { dim, green, red, yellow }: Paint): Piece[] {
  const colours = { leader: green, follower: String, leaderless: yellow, unreachable: red, unknown: dim } as const satisfies Record<MemberView["role"], Colour>;
  const health: Piece[] = healthy === undefined ? [] : healthy ? ["healthy"] : [["unhealthy", yellow]];
  return [`${member}  `, [`${glyphs[role]} ${words[role].padEnd(15)}`, colours[role]], `  term ${String(term ?? "–").padEnd(4)}  `, ...health];
}

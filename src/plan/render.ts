import { formatDuration } from "../units/duration.ts";
import { abortWords } from "./abort-words.ts";
import { drawPlan } from "./drawing.ts";
import type { Plan, PlannedFault } from "./plan.ts";

/** The plan as a timetable for the terminal, with a line break at its end. */
export function renderPlan(plan: Plan): string {
  const { scenario, unavailable } = plan;
  const sections = [
    [scenario.name, ...scenario.description.split(/\r?\n/).map((line) => `  ${line}`)],
    aligned(facts(plan), ["left", "left"]),
    timetable(plan),
    drawPlan(plan),
    ...(scenario.abortIf === undefined ? [] : [["aborted if", ...abortWords(scenario.abortIf).map((words) => `  ${words}`)]]),
    ...(scenario.steadyState === undefined ? [] : [["steady state, before the first fault and after the last", ...scenario.steadyState.assertions.map(({ title }) => `  ${title}`)]]),
    ["assertions", ...scenario.assertions.map(({ title }, index) => `  ${index + 1}. ${title}`)],
    ...(scenario.expect === undefined ? [] : [["expected", `  ${scenario.expect.title}`]]),
    ...(unavailable.length === 0 ? [] : [["not available here", ...unavailable.map(({ fault, because }) => `  ${fault}: ${because}`)]]),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function facts({ scenario: { cluster, workload }, seed, durationMs }: Plan): string[][] {
  const flags = Object.entries(cluster.flags).map(([name, value]) => `--${name}=${value}`);
  return [
    ["cluster", `${cluster.memberCount} ${cluster.memberCount === 1 ? "member" : "members"} of etcd ${cluster.etcd}`],
    ...(flags.length === 0 ? [] : [["flags", flags.join(" ")]]),
    ...(workload?.titles ?? ["none"]).map((title, index) => [index === 0 ? "workload" : "", title]),
    ["seed", String(seed)],
    ["length", formatDuration(durationMs)],
  ];
}

/** Phases at the margin, their faults below them. */
function timetable({ phases, faults, unavailable }: Plan): string[] {
  const rows = phases.flatMap(({ name, startMs, endMs }) => [
    row(startMs, endMs, name),
    ...faults.filter(({ phase }) => phase === name).map((fault) => faultRow(fault, unavailable.some((each) => each.fault === fault.id))),
  ]);
  return aligned([["from", "to", "for", "what"], ...rows], ["right", "right", "right", "left"]);
}

function faultRow({ injectAtMs, healAtMs, title }: PlannedFault, missing: boolean): string[] {
  return row(injectAtMs, healAtMs, `  ${title}${missing ? " (not available here)" : ""}`);
}

function row(startMs: number, endMs: number, what: string): string[] {
  return [formatDuration(startMs), formatDuration(endMs), formatDuration(endMs - startMs), what];
}

/** Columns as wide as their widest cell, two spaces apart. */
function aligned(rows: readonly (readonly string[])[], sides: readonly ("left" | "right")[]): string[] {
  const widths = sides.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    sides[column] === "right" ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((cells) => cells.map(pad).join("  ").trimEnd());
}

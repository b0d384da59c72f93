import { z } from "zod";

import { faultWindows } from "../src/analysis/fault-windows.ts";
import type { TimeWindow } from "../src/analysis/windows.ts";
import type { Recording } from "../src/recording/recording.ts";
import { ledStretches } from "./led.ts";
import { worst, type Evidence, type Outcome, type Verdict } from "./verdict.ts";
import type { SeenWindow } from "./window.ts";

const memberName = z.string().regex(/^etcd-[1-9]$/, "must be a member's name such as etcd-1");
const hint = "faulted and unfaulted are the members that a fault hit, or did not hit, in that time.";

/** Which members an assertion is about, where members can be added up. */
export const ofWithAll = z
  .union([z.enum(["each", "any", "all", "faulted", "unfaulted"]), memberName], { error: "must be each, any, all, faulted, unfaulted or a member's name such as etcd-1" })
  .default("each")
  .meta({ description: `Whom it must hold for: each member, any, all added up, faulted, unfaulted, or one by name. ${hint}` });

/** Which members an assertion is about, one by one. */
export const ofEach = z
  .union([z.enum(["each", "any", "faulted", "unfaulted"]), memberName], { error: "must be each, any, faulted, unfaulted or a member's name such as etcd-1" })
  .default("each")
  .meta({ description: `Whom it must hold for: each member, any, faulted, unfaulted, or one by name. ${hint}` });

/** The same with whoever led, for what is judged anew for each who led in turn. */
export const ofWithLeader = orLeader(ofWithAll, "each, any, all, faulted, unfaulted, leader or a member's name such as etcd-1");
export const ofEachOrLeader = orLeader(ofEach, "each, any, faulted, unfaulted, leader or a member's name such as etcd-1");

function orLeader<Schema extends typeof ofWithAll | typeof ofEach>(schema: Schema, words: string) {
  return z
    .union([schema.unwrap(), z.literal("leader")], { error: `must be ${words}` })
    .default("each")
    .meta({ description: `${schema.meta()?.description ?? ""} leader is whoever led, each while it led.` });
}

export type Of = z.output<typeof ofWithAll>;

/** The members, and whether it has to hold for each of them, any, or all added up. */
export interface ChosenMembers {
  readonly names: readonly string[];
  readonly quantifier: "each" | "any" | "all";
}

/** Faults are asked for at a phase's start and healed at its end, and either may be recorded first. */
const raceMs = 100;

/**
 * The members that `of` stands for in a window, or why there are none. A fault counts from its
 * request until it healed; so the phase that begins with its healing has it too, the one that ends with its request has not.
 */
export function chooseMembers(recording: Recording, of: Of, window: TimeWindow): ChosenMembers | { readonly reason: string } {
  const all = recording.info.members.map(({ name }) => name);
  if (of === "each" || of === "any" || of === "all") return { names: all, quantifier: of };
  if (of !== "faulted" && of !== "unfaulted") {
    return all.includes(of) ? { names: [of], quantifier: "each" } : { reason: `this cluster has no member ${of}, only ${all.join(", ")}` };
  }
  const hit = new Set(
    faultWindows(recording)
      .filter(({ requestedMs, healedMs = Infinity }) => requestedMs < window.endMs - raceMs && healedMs > window.startMs - raceMs)
      .flatMap(({ targets }) => targets),
  );
  const names = all.filter((name) => hit.has(name) === (of === "faulted"));
  if (names.length > 0) return { names, quantifier: "each" };
  return { reason: of === "faulted" ? `no fault hit a member in ${window.name}` : `faults hit every member in ${window.name}` };
}

/** `, each member`, `, etcd-1`, at the end of a title. */
export function ofTitle(of: Of | "leader"): string {
  const words: Readonly<Record<string, string>> = {
    each: "each member",
    any: "any member",
    all: "all members added up",
    faulted: "each member that a fault hit",
    unfaulted: "each member that no fault hit",
    leader: "the leader",
  };
  return `, ${words[of] ?? of}`;
}

/** What was found for one member, or for all added up. */
export interface Part {
  /** `etcd-1`, or `all members`. */
  readonly who: string;
  readonly outcome: Outcome;
  readonly observed: string;
  /** For a fail or an inconclusive; without the member's name. */
  readonly reason?: string;
  /** Orders parts of the same outcome: the larger, the nearer to a violation. */
  readonly badness: number;
  readonly evidence: readonly Evidence[];
}

/** Judges the chosen members one by one, or together, to one verdict. */
export function judgeMembers(
  recording: Recording,
  of: Of,
  window: TimeWindow,
  bound: string,
  judge: (members: readonly string[], who: string) => Part,
): Verdict {
  const chosen = chooseMembers(recording, of, window);
  if ("reason" in chosen) return { outcome: "inconclusive", observed: "no member to judge", bound, reason: chosen.reason, evidence: [] };
  const { names, quantifier } = chosen;
  if (quantifier === "all") return verdictOf([judge(names, "all members")], "each", bound);
  return verdictOf(names.map((name) => judge([name], name)), quantifier, bound);
}

/** The same where it may be about whoever led: it has to hold for each, in the time in which it led. */
export function judgeMembersOrLeader(recording: Recording, of: Of | "leader", window: SeenWindow, bound: string, judge: (members: readonly string[], who: string, window: SeenWindow) => Part): Verdict {
  if (of !== "leader") return judgeMembers(recording, of, window, bound, (members, who) => judge(members, who, window));
  const led = ledStretches(recording, window);
  if (led.length === 0) return { outcome: "inconclusive", observed: "no leader to judge", bound, reason: `no leader was seen in ${window.name}`, evidence: [] };
  return verdictOf(led.map(({ leader, window: stretch }) => judge([leader], led.length === 1 ? leader : `${leader} while it led`, stretch)), "each", bound);
}

const evidenceMax = 10;
const reasonsMax = 3;

/** Judges several parts to one verdict: it holds for each, or for any. */
export function verdictOf(parts: readonly Part[], quantifier: "each" | "any", bound: string, noun = "members"): Verdict {
  const outcome = quantifier === "each" ? worst(parts.map((part) => part.outcome)) : best(parts);
  const sign = quantifier === "each" ? -1 : 1;
  const telling = parts.filter((part) => part.outcome === outcome).sort((a, b) => sign * (a.badness - b.badness));
  const [headline] = telling;
  const rest = parts.length > 1 ? ` (${quantifier === "each" ? "worst" : "best"} of ${parts.length} ${noun})` : "";
  const observed = headline === undefined ? "nothing" : `${headline.observed} on ${headline.who}${rest}`;
  const share = Math.max(1, Math.floor(evidenceMax / Math.max(1, telling.length)));
  const evidence = telling.flatMap((part) => part.evidence.slice(0, share)).slice(0, evidenceMax);
  return { outcome, observed, bound, ...(outcome === "pass" ? {} : { reason: reasonOf(telling) }), evidence };
}

function best(parts: readonly Part[]): Outcome {
  return (["pass", "inconclusive"] as const).find((outcome) => parts.some((part) => part.outcome === outcome)) ?? "fail";
}

/** Members that have the same reason are told together. */
function reasonOf(parts: readonly Part[]): string {
  const whoByReason = new Map<string, string[]>();
  for (const { who, reason, observed } of parts) {
    const text = reason ?? observed;
    whoByReason.set(text, [...(whoByReason.get(text) ?? []), who]);
  }
  const told = [...whoByReason].slice(0, reasonsMax).map(([reason, who]) => `${who.join(", ")}: ${reason}`);
  return `${told.join("; ")}${whoByReason.size > reasonsMax ? `; and ${whoByReason.size - reasonsMax} more` : ""}`;
}

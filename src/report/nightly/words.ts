import type { Attempt, EndedTurn, Nightly } from "../../nightly/nightly.ts";
import { strainOf } from "../../nightly/jobs.ts";
import { attemptsOf, byScenario, standingOf, standings, worstStanding, type Standing } from "../../nightly/standing.ts";
import type { Outcome } from "../../../assertions/verdict.ts";
import { formatDuration } from "../../units/duration.ts";
import { counted } from "../text.ts";

/** How a standing is shown: glyph and word, and the word behind a number of them; `tone` is the outcome whose colour it has, none where it says nothing about etcd. */
export const standingWords: Readonly<Record<Standing, { readonly glyph: string; readonly word: string; readonly many: string; readonly sign: string; readonly tone: Outcome | undefined }>> = {
  fail: { glyph: "✗", word: "Fail", many: "failed", sign: "❌", tone: "fail" },
  flake: { glyph: "≈", word: "Flake", many: "flaked", sign: "⚠️", tone: "fail" },
  broken: { glyph: "!", word: "Broken", many: "broken", sign: "💥", tone: "inconclusive" },
  inconclusive: { glyph: "?", word: "Inconclusive", many: "inconclusive", sign: "❔", tone: "inconclusive" },
  interrupted: { glyph: "■", word: "Interrupted", many: "interrupted", sign: "⏹️", tone: "inconclusive" },
  "not-run": { glyph: "○", word: "Not run", many: "not run", sign: "⚪", tone: "inconclusive" },
  unplayable: { glyph: "–", word: "Cannot be played here", many: "cannot be played here", sign: "➖", tone: undefined },
  pass: { glyph: "✓", word: "Pass", many: "passed", sign: "✅", tone: "pass" },
};

/** `2 failed, 1 flaked, 25 passed`; parts of zero are left out. */
export function standingTally(all: readonly Standing[]): string {
  const parts = standings.map((standing) => [standingWords[standing].many, all.filter((each) => each === standing).length] as const);
  return parts.filter(([, many]) => many > 0).map(([word, many]) => `${many} ${word}`).join(", ") || "nothing to run";
}

/** The whole as one outcome: flakes count as fails unless they are allowed, and a nightly in which nothing passed is not green. */
export function nightlyOutcome({ turns, flakesOk, signal }: Pick<Nightly, "turns" | "flakesOk" | "signal">): Outcome {
  const all = turns.map(({ end }) => standingOf(end)).filter((standing) => standing !== "unplayable" && !(flakesOk && standing === "flake"));
  const worst = worstStanding(all);
  if (worst === "fail" || worst === "flake") return "fail";
  const ran = turns.some(({ end }) => end.kind === "played");
  return (worst === "pass" || (all.length === 0 && ran)) && signal === undefined ? "pass" : "inconclusive";
}

/** What it was and what it came to, in one sentence. */
export function nightlySentence({ turns, tookMs, runtime, shard }: Nightly): string {
  const part = shard === undefined ? "" : `shard ${shard.index} of ${shard.of}, `;
  const scenarios = counted(byScenario(turns).length, "scenario");
  return `${standingTally(turns.map(({ end }) => standingOf(end)))}: ${part}${scenarios} in the ${runtime} runtime, in ${formatDuration(Math.round(tookMs / 1_000) * 1_000)}`;
}

/** `partition on etcd 3.4, seed 42`. */
export function turnName({ scenario, seed, etcd }: Pick<EndedTurn, "scenario" | "seed" | "etcd">): string {
  return `${scenario}${etcd === undefined ? "" : ` on etcd ${etcd}`}, seed ${seed}`;
}

/** Why a turn is what it is: of a flake how often it did not pass, and the first attempt's own words. */
export function turnText(turn: EndedTurn): string {
  const { end } = turn;
  if (end.kind === "unplayable") return `cannot be played here, because ${end.because}`;
  if (end.kind === "not-run") return `not run: ${end.because}`;
  const { attempts, unrepeated } = end;
  const missed = attempts.filter(({ outcome }) => outcome !== "pass");
  const [first] = missed;
  if (first === undefined) return attempts.at(-1)?.sentence ?? "";
  const [only, ...others] = attempts;
  const rate = others.length === 0 && only !== undefined ? `${attemptWords(only)}: ` : `${missed.length} of ${attempts.length} did not pass (${attempts.map(attemptWords).join("; ")}): `;
  return `${rate}${first.sentence}${unrepeated === undefined ? "" : `; not repeated: ${unrepeated}`}`;
}

/** `fail beside 2 others`, `pass alone`; how busy the machine was, where that may be the reason. */
export function attemptWords({ outcome, why, beside, cpuPressure, timerLateMaxMs }: Attempt): string {
  const busy = outcome !== "pass" && strainOf({ cpuPressure, timerLateMaxMs }) !== undefined ? `, on a busy machine (CPU pressure ${Math.round((cpuPressure ?? 0) * 100)} %)` : "";
  return `${outcome}${beside > 0 ? ` beside ${counted(beside, "other")}` : " alone"}${why === "retry" ? ", a retry" : ""}${busy}`;
}

/** What kept the attempts of a turn from passing, each thing once. */
export function findingsOfTurn(turn: EndedTurn): Attempt["findings"] {
  const findings = attemptsOf(turn).flatMap((attempt) => attempt.findings);
  return findings.filter(({ title }, index) => findings.findIndex((other) => other.title === title) === index);
}

/** The rules by which it is to be read. */
export const nightlyRules = [
  "What did not pass with other runs beside it was repeated alone, and both results count: passed at last, it is a flake, not a pass.",
  "A retry hides nothing for the same reason.",
  "What was not run is not green; what cannot be played here is neither green nor red.",
] as const;

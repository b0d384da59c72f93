import type { EndedTurn, Nightly } from "../../nightly/nightly.ts";
import { attemptsOf, byScenario, standingOf, type ScenarioTurns } from "../../nightly/standing.ts";
import { xml } from "../junit.ts";
import { clip, seconds } from "../text.ts";
import { attemptWords, standingWords, turnText } from "./words.ts";

/** What a turn's case holds: nothing for a pass. */
type Mark = "failure" | "error" | "skipped" | "flakyFailure";

/**
 * `nightly.junit.xml`: a suite for each scenario, a case for each of its runs. A flake is a failure unless flakes are
 * allowed: readers show one that is marked as flaky as passed.
 */
export function renderNightlyJunit(nightly: Nightly): string {
  const suites = byScenario(nightly.turns);
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="etcd-chaos nightly" ${counts(nightly.turns, nightly)}>`,
    ...suites.flatMap((suite) => suiteLines(suite, nightly)),
    `</testsuites>`,
    ``,
  ].join("\n");
}

function suiteLines({ scenario, turns }: ScenarioTurns, nightly: Nightly): string[] {
  const etcds = [...new Set(turns.flatMap(attemptsOf).flatMap(({ etcd }) => etcd ?? []))];
  const properties = { runtime: nightly.runtime, ...(etcds.length === 0 ? {} : { etcd: etcds.join(", ") }) };
  const started = nightly.startedAt.replace(/\.\d+/, "").replace(/Z$/, "");
  return [
    `  <testsuite name="${xml(scenario)}" timestamp="${xml(started)}" ${counts(turns, nightly)} skipped="${having(turns, "skipped", nightly)}">`,
    `    <properties>`,
    ...Object.entries(properties).map(([name, value]) => `      <property name="${name}" value="${xml(value)}"/>`),
    `    </properties>`,
    ...turns.map((turn) => caseOf(turn, nightly)),
    `  </testsuite>`,
  ];
}

function caseOf(turn: EndedTurn, nightly: Nightly): string {
  const open = `    <testcase classname="${xml(`nightly.${turn.scenario}`)}" name="${xml(`run ${turn.repeat}, seed ${turn.seed}`)}" time="${took([turn])}">`;
  const mark = markOf(turn, nightly);
  const said = xml(clip(textOf(turn), 20_000));
  if (mark === undefined) return `${open}\n      <system-out>${said}</system-out>\n    </testcase>`;
  const standing = standingOf(turn.end);
  const message = turn.end.kind === "played" ? `${standingWords[standing].word.toLowerCase()}: ${turnText(turn)}` : turnText(turn);
  return `${open}\n      <${mark} type="${standing}" message="${xml(clip(message, 1_000))}">${said}</${mark}>\n    </testcase>`;
}

function textOf(turn: EndedTurn): string {
  const attempts = attemptsOf(turn).flatMap((attempt) => [
    `${attemptWords(attempt)}: ${attempt.sentence}`,
    ...attempt.findings.map(({ outcome, title, line, text }) => `  ${outcome}: ${title}${line === undefined ? "" : ` (${turn.path}:${line})`}: ${text}`),
    ...(attempt.folder === undefined ? [] : [`  ${attempt.folder}`]),
    ...(attempt.replay === undefined ? [] : [`  Replay: ${attempt.replay}`]),
  ]);
  return attempts.length === 0 ? turnText(turn) : attempts.join("\n");
}

function markOf({ end }: EndedTurn, { flakesOk }: Nightly): Mark | undefined {
  switch (standingOf(end)) {
    case "pass":
      return undefined;
    case "fail":
      return "failure";
    case "flake":
      return flakesOk ? "flakyFailure" : "failure";
    case "unplayable":
      return "skipped";
    case "broken":
    case "inconclusive":
    case "interrupted":
    case "not-run":
      return "error";
  }
}

function counts(turns: readonly EndedTurn[], nightly: Nightly): string {
  return `tests="${turns.length}" failures="${having(turns, "failure", nightly)}" errors="${having(turns, "error", nightly)}" time="${took(turns)}"`;
}

function having(turns: readonly EndedTurn[], mark: Mark, nightly: Nightly): number {
  return turns.filter((turn) => markOf(turn, nightly) === mark).length;
}

function took(turns: readonly EndedTurn[]): string {
  return seconds(turns.flatMap(attemptsOf).reduce((sum, { tookMs }) => sum + tookMs, 0));
}

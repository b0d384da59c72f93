import { countsAs, worst, type Outcome } from "../../assertions/verdict.ts";
import type { JudgedAssertion, Results } from "../judge/results.ts";
import type { Recording } from "../recording/recording.ts";
import { clip, counted, printable, seconds } from "./text.ts";

interface TestCase {
  readonly group: "assumptions" | "assertions" | "run";
  readonly name: string;
  readonly outcome: Outcome;
  /** As its file has it: `12.345`. */
  readonly seconds: string;
  /** One line for a list of failures. */
  readonly message: string;
  /** Everything there is to say. */
  readonly text: string;
}

/** `junit.xml`: a suite per run; fail is a failure, inconclusive an error, for no data is never a pass. */
export function renderJunit(recording: Recording, results: Results): string {
  const cases = named(testCases(results, runSeconds(recording)));
  const counts =
    `tests="${cases.length}" failures="${having(cases, "fail")}" ` +
    `errors="${having(cases, "inconclusive")}" time="${runSeconds(recording)}"`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="etcd-chaos" ${counts}>`,
    `  <testsuite name="${xml(results.scenario)}" timestamp="${xml(timestamp(recording))}" ${counts} skipped="0">`,
    `    <properties>`,
    ...properties(recording, results).map(([name, value]) => `      <property name="${name}" value="${xml(value)}"/>`),
    `    </properties>`,
    ...cases.map((testCase) => element(testCase, results.scenario)),
    `    <system-out>${xml(`${results.sentence}\nReplay: ${results.replay}`)}</system-out>`,
    `  </testsuite>`,
    `</testsuites>`,
    ``,
  ].join("\n");
}

/** Judging takes no time worth telling: the run's time is that of its first case, so that the cases add up to it. */
function testCases(results: Results, ofRun: string): TestCase[] {
  const judged = [
    ...results.assumptions.map(({ title, outcome, observed }): Judged => ({ group: "assumptions", name: title, outcome, message: observed, text: observed })),
    ...results.assertions.map(assertionCase),
    ...expectationCase(results),
  ];
  // A run that was cut short may have nothing judged; a suite without a red case would show as green.
  const shown = worst(judged.map(({ outcome }) => outcome));
  const { outcome, sentence } = results;
  const whole = judged.length > 0 && (outcome === "pass" || shown === outcome);
  const cases: readonly Judged[] = whole ? judged : [...judged, { group: "run", name: "verdict", outcome, message: sentence, text: sentence }];
  return cases.map((each, index) => ({ ...each, seconds: index === 0 ? ofRun : "0" }));
}

type Judged = Omit<TestCase, "seconds">;

/** What is violated as expected is no failure of the suite; that it is not violated is one. */
function expectationCase({ expectation, outcome, sentence }: Results): Judged[] {
  if (expectation === undefined) return [];
  const { issue = "a known bug", fail, on } = expectation;
  return [{ group: "run", name: `${issue} breaks ${fail.join(" and ")} on etcd ${on}, and on no other`, outcome, message: sentence, text: sentence }];
}

function assertionCase(judged: JudgedAssertion): Judged {
  const { title, line, verdict, expected } = judged;
  const figures = `observed ${verdict.observed}, bound ${verdict.bound}`;
  const evidence = verdict.evidence
    .slice(0, 20)
    .map(({ atMs, member, text }) => `  ${seconds(atMs)} s ${member === undefined ? "" : `${member}: `}${clip(text, 500)}`);
  const left = verdict.evidence.length - evidence.length;
  const from = line === undefined ? [] : [`scenario.yaml:${line}`];
  return {
    group: "assertions",
    name: title,
    outcome: countsAs(judged),
    message: verdict.reason ?? figures,
    text: [...(expected === true ? ["violated, as expected"] : []), ...(verdict.reason === undefined ? [] : [verdict.reason]), figures, ...evidence, ...(left > 0 ? [`  ${counted(left, "more piece of evidence", "more pieces of evidence")} in results.json`] : []), ...from].join("\n"),
  };
}

/** Readers of JUnit files take cases of one name for one case: later ones get a number. */
function named(cases: readonly TestCase[]): TestCase[] {
  const seen = new Map<string, number>();
  return cases.map((testCase) => {
    const key = `${testCase.group} ${testCase.name}`;
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? testCase : { ...testCase, name: `${testCase.name} (${times})` };
  });
}

function element({ group, name, outcome, seconds: took, message, text }: TestCase, scenario: string): string {
  const open = `    <testcase classname="${xml(`${scenario}.${group}`)}" name="${xml(clip(name, 500))}" time="${took}"`;
  if (outcome === "pass") return `${open}>\n      <system-out>${xml(text)}</system-out>\n    </testcase>`;
  const tag = outcome === "fail" ? "failure" : "error";
  const said = outcome === "fail" ? message : `inconclusive: ${message}`;
  const body = outcome === "fail" ? text : `inconclusive: ${text}`;
  return `${open}>\n      <${tag} type="${outcome}" message="${xml(clip(said, 1_000))}">${xml(clip(body, 20_000))}</${tag}>\n    </testcase>`;
}

function having(cases: readonly TestCase[], outcome: Outcome): number {
  return cases.filter((testCase) => testCase.outcome === outcome).length;
}

function properties({ info }: Recording, results: Results): [string, string][] {
  return [
    ["run", info.id],
    ["seed", String(results.seed)],
    ["outcome", results.outcome],
    ["runtime", info.runtime.kind],
    ["etcd", info.etcd.version],
    ["replay", results.replay],
  ];
}

/** The schema of JUnit files has no room for a time zone or fractions. */
function timestamp({ info }: Recording): string {
  return info.startedAt.replace(/\.\d+/, "").replace(/Z$/, "");
}

function runSeconds({ info, phases }: Recording): string {
  return seconds(info.endedMs ?? phases.at(-1)?.endMs ?? 0);
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\n": "&#10;", "\t": "&#9;" };

/** Text for XML 1.0, in an element or an attribute: characters it cannot hold, even escaped, are shown as pictures of themselves. */
export function xml(text: string): string {
  return printable(text).replace(/[&<>"'\n\t]/g, (character) => entities[character] ?? character);
}

import { basename, extname } from "node:path";
import type { Assertion } from "../../assertions/assertion.ts";
import type { Expectation } from "../../assertions/expectation.ts";
import { HarnessError } from "../errors.ts";
import type { Catalogue } from "./catalogue.ts";
import { crossProblems } from "./checks.ts";
import { isVerbatim } from "./cluster-schema.ts";
import { isMap } from "./document-schema.ts";
import { unmeasurable, type Circumstances } from "./measured-checks.ts";
import { type Bound, type Outline, outlineOf, type OutlineExpectation, type OutlineFault, type OutlinePhase } from "./outline.ts";
import { type Problem, ScenarioError } from "./problem.ts";
import type { Phase, Scenario, TimedFault } from "./scenario.ts";
import { Source } from "./source.ts";
import { structureProblems } from "./structure.ts";
import { telemetrySpecOf } from "./telemetry-schema.ts";
import { workloadsOf } from "./workload-outline.ts";
import { type Place, readYamlTree } from "./yaml-tree.ts";

/**
 * Reads a scenario from YAML. `fileName` names it in messages, and its base name names
 * the scenario. What it is run with, or that it was, tells what there is to measure. Pure.
 *
 * @throws ScenarioError with everything that is wrong, in the order of the file.
 */
export function parseScenario(text: string, fileName: string, catalogue: Catalogue, circumstances: Circumstances = {}): Scenario {
  const withoutMark = text.replace(/^\uFEFF/, "");
  const source = new Source(withoutMark);
  const fail = (problems: readonly Problem[]): never => {
    throw new ScenarioError(fileName, withoutMark, problems);
  };

  const tree = readYamlTree(source, { keepsDigits: isVerbatim });
  if (tree.root === undefined) return fail(tree.problems.length > 0 ? tree.problems : [nothingThere(source)]);
  const notMap = notAMap(tree.root, source);
  if (notMap !== undefined) return fail([...tree.problems, notMap]);

  const outline = outlineOf(tree.root, catalogue);
  const problems = [...tree.problems, ...structureProblems(tree.root, catalogue, source), ...crossProblems(outline, source, circumstances)];
  if (problems.length > 0) return fail(problems);
  const warnings = unmeasurable(outline, source, circumstances).filter(({ isWarning }) => isWarning).map(({ span, message, hint }) => warningText(fileName, source.problem(span, message, hint)));
  return { ...assemble(outline, source, fileName, text), ...(warnings.length === 0 ? {} : { warnings }) };
}

function warningText(fileName: string, { line, column, message, hint }: Problem): string {
  return `${fileName}:${line}:${column}: ${message}${hint === undefined ? "" : `; ${hint}`}`;
}

const firstLines = "A scenario begins with `description:`; docs/scenarios.md shows one.";

function nothingThere(source: Source): Problem {
  const message = source.text.trim() === "" ? "the file is empty" : "the file holds nothing but comments";
  return source.problem({ start: 0, end: 0 }, message, firstLines);
}

function notAMap({ value, span }: Place, source: Source): Problem | undefined {
  if (isMap(value)) return undefined;
  if (value === null) return nothingThere(source);
  const what = Array.isArray(value) ? "a list" : "a single value";
  return source.problem({ start: span.start, end: span.start }, `a scenario is a map of keys, and this is ${what}`, firstLines);
}

/** A document without problems has no part that the outline left out. */
function assemble({ description, tags, cluster, load, telemetry, phases, abortIf, steadyState, metrics, assertions, expectation }: Outline, source: Source, fileName: string, text: string): Scenario {
  const located = ({ thing, place }: Bound<Assertion>): Assertion => ({ ...thing, line: source.position((place.keySpan ?? place.span).start).line });
  return {
    name: basename(fileName, extname(fileName)),
    description: sound(description),
    tags,
    cluster: { memberCount: sound(cluster).members, etcd: sound(cluster).etcd, flags: sound(cluster).flags },
    ...(load === undefined ? {} : { workload: sound(workloadsOf(load)) }),
    ...(telemetry === undefined ? {} : { telemetry: telemetrySpecOf(telemetry) }),
    phases: phases.map(phaseOf),
    ...(abortIf === undefined ? {} : { abortIf: { ...abortIf, violated: abortIf.violated.map(located) } }),
    ...(steadyState === undefined ? {} : { steadyState: { assertions: steadyState.assertions.map(located), settleMs: steadyState.settleMs ?? 0 } }),
    assertions: assertions.map(located),
    ...(metrics === undefined ? {} : { metrics }),
    ...(expectation === undefined ? {} : { expect: expectationOf(expectation) }),
    text,
  };
}

function expectationOf({ options: { on, issue }, violations }: OutlineExpectation): Expectation {
  const title = `${issue ?? "a known bug"} breaks ${violations.map(({ name }) => name).join(" and ")} on etcd ${on}`;
  return { fail: violations.map(({ expected }) => expected), on, ...(issue === undefined ? {} : { issue }), title };
}

function phaseOf({ name, durationMs, faults }: OutlinePhase): Phase {
  return { name: sound(name), durationMs: sound(durationMs), faults: faults.map(timedFault) };
}

function timedFault({ choices, atMs = 0, forMs, until, everyMs, follows }: OutlineFault): TimedFault {
  return {
    choices: choices.map(({ thing, weight }) => ({ fault: thing, weight })),
    atMs,
    ...(forMs === undefined ? {} : { forMs }),
    ...(until === undefined ? {} : { until }),
    ...(everyMs === undefined ? {} : { everyMs }),
    follows,
  };
}

function sound<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new HarnessError("internal", "a scenario without problems lacks a part");
  return value;
}

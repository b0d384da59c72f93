import { Ajv } from "ajv";
import { expect } from "chai";
import fc from "fast-check";
import { stringify } from "yaml";
import { scenarioJsonSchema } from "../../src/scenario/json-schema.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { ScenarioError, type Problem } from "../../src/scenario/problem.ts";
import { scenarioDocument, slip, slipped } from "./arbitraries.ts";
import { testCatalogue } from "./test-catalogue.ts";

const schema = scenarioJsonSchema(testCatalogue);
const isValid = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);

function problemsOf(document: unknown): readonly Problem[] {
  try {
    parseScenario(stringify(document), "test.yaml", testCatalogue);
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems;
    throw error;
  }
}

/** Rules between parts, or finer than a schema says: only the parser knows them. */
const beyondSchema =
  /^unknown phase|is on line \d+ already|the fault would|there is no etcd-|is no etcd version|names no container image|etcd does not start|must be longer than zero|timeline is longer|comes? after|both say when|can follow the leader|a (?:cluster|minority) of one member|is expected here/;

describe("the JSON Schema for editors", () => {
  it("is draft-07 and closed: unknown keys are refused everywhere", () => {
    expect(schema.$schema).to.equal("http://json-schema.org/draft-07/schema#");
    const open = objectsIn(schema).filter(({ properties, additionalProperties }) => properties !== undefined && additionalProperties !== false);
    expect(open).to.deep.equal([]);
  });

  it("describes every key of the language itself, and every kind", () => {
    const silent = namedIn(schema).filter(({ name, value }) => languageKeys.includes(name) && typeof Reflect.get(value, "description") !== "string");
    expect(silent.map(({ name }) => name)).to.deep.equal([]);
  });

  it("accepts what the parser accepts", () => {
    fc.assert(
      fc.property(scenarioDocument, (document) => {
        expect(problemsOf(document)).to.deep.equal([]);
        expect(isValid(document), JSON.stringify(isValid.errors)).to.equal(true);
      }),
      { numRuns: 200 },
    );
  });

  it("agrees with the parser on documents with slips", () => {
    let refused = 0;
    fc.assert(
      fc.property(scenarioDocument, fc.array(slip, { minLength: 1, maxLength: 3 }), (document, slips) => {
        const wrong = slips.reduce<unknown>((before, each) => (typeof before === "object" && before !== null ? slipped(before, each) : before), document);
        const problems = problemsOf(wrong);
        const structural = problems.filter(({ message }) => !beyondSchema.test(message));
        refused += structural.length > 0 ? 1 : 0;
        const accepted = isValid(wrong);
        const told = `the parser: ${problems.map(({ message }) => message).join("; ")}\nthe schema: ${JSON.stringify(isValid.errors)}`;
        expect(accepted, told).to.equal(structural.length === 0);
      }),
      { numRuns: 1_000 },
    );
    expect(refused).to.be.greaterThan(300);
  }).timeout(60_000);
});

const languageKeys = [
  ...["description", "cluster", "members", "etcd", "flags", "workload", "timeline", "phase", "duration", "faults", "at", "for", "until", "every", "follow", "one-of", "weight", "abort-if", "no-leader-for", "nothing-acknowledged-for", "violated", "assertions", "title"],
  ...[...testCatalogue.faults, ...testCatalogue.workloads, ...testCatalogue.assertions].map(({ kind }) => kind),
];

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectsIn(value: unknown): Plain[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isPlain(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

/** Everything that stands under `properties`, by its key. */
function namedIn(value: unknown): { readonly name: string; readonly value: Plain }[] {
  return objectsIn(value).flatMap(({ properties }) => (isPlain(properties) ? Object.entries(properties) : [])).flatMap(([name, inner]) => (isPlain(inner) ? [{ name, value: inner }] : []));
}

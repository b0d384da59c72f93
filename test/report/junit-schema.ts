import { expect } from "chai";
import type { XmlElement } from "./well-formed.ts";

interface Rule {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly string[];
}

const text: Rule = { required: [], optional: [], children: [] };
const told: Rule = { required: ["type", "message"], optional: [], children: [] };

/**
 * What Jenkins' xUnit schema (junit-10.xsd), GitLab and the reporters of GitHub all take: no attribute or element beyond
 * those that each of them knows, and those that they need.
 */
const rules: Readonly<Record<string, Rule>> = {
  testsuites: { required: ["name", "tests", "failures", "errors", "time"], optional: [], children: ["testsuite"] },
  testsuite: { required: ["name", "tests", "failures", "errors", "skipped", "time", "timestamp"], optional: [], children: ["properties", "testcase", "system-out"] },
  properties: { required: [], optional: [], children: ["property"] },
  property: { required: ["name", "value"], optional: [], children: [] },
  testcase: { required: ["classname", "name", "time"], optional: [], children: ["skipped", "error", "failure", "flakyFailure", "system-out"] },
  failure: told,
  error: told,
  flakyFailure: told,
  skipped: told,
  "system-out": text,
};

const formats: Readonly<Record<string, RegExp>> = {
  tests: /^\d+$/, failures: /^\d+$/, errors: /^\d+$/, skipped: /^\d+$/,
  time: /^\d+(\.\d+)?$/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
};

/** Fails where readers of JUnit files would refuse the document, or count otherwise than it says. */
export function expectJunit(root: XmlElement): void {
  expect(root.name).to.equal("testsuites");
  expectElement(root);
  const suites = root.children;
  for (const suite of suites) expectCounts(suite, suite.children.filter(({ name }) => name === "testcase"), true);
  expectCounts(root, suites.flatMap(({ children }) => children.filter(({ name }) => name === "testcase")), false);
}

function expectElement({ name, attributes, children }: XmlElement): void {
  const { required, optional, children: allowed } = rules[name] ?? expect.fail(`<${name}> is no element of JUnit files`);
  expect(Object.keys(attributes), `<${name}>`).to.include.members([...required]);
  expect([...required, ...optional], `<${name}>`).to.include.members(Object.keys(attributes));
  for (const [attribute, value] of Object.entries(attributes)) expect(value, `${name}/@${attribute}`).to.match(formats[attribute] ?? /[^]*/);
  const order = children.map((child) => allowed.indexOf(child.name));
  expect(order, `in <${name}>: ${children.map((child) => child.name).join(", ")}`).to.deep.equal([...order].sort((a, b) => a - b)).and.to.not.include(-1);
  children.forEach(expectElement);
}

function expectCounts({ attributes }: XmlElement, cases: readonly XmlElement[], skipped: boolean): void {
  const having = (name: string): string => String(cases.filter(({ children }) => children.some((child) => child.name === name)).length);
  expect(attributes).to.include({ tests: String(cases.length), failures: having("failure"), errors: having("error"), ...(skipped ? { skipped: having("skipped") } : {}) });
  const names = cases.map((each) => `${each.attributes["classname"]} ${each.attributes["name"]}`);
  expect(new Set(names).size, "cases of one name are taken for one").to.equal(names.length);
}

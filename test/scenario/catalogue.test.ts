import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect } from "chai";
import { parse } from "yaml";
import { catalogue } from "../../src/catalogue.ts";
import { listScenarios, readScenarioFile } from "../../src/scenario/files.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { generatedFiles, schemaText } from "../../src/scenario/schema-file.ts";

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Blocks of YAML in the docs; one that begins with a description is a whole scenario. */
async function wholeScenariosIn(page: string): Promise<{ readonly text: string; readonly line: number }[]> {
  const text = await readFile(root(page), "utf8");
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
    .map(({ 1: block = "", index }) => ({ text: block, line: text.slice(0, index).split("\n").length + 1 }))
    .filter((block) => /^description:/m.test(block.text));
}

describe("the real catalogue", () => {
  it("has one kind of each name", () => {
    for (const kinds of [catalogue.faults, catalogue.workloads, catalogue.assertions]) {
      const names = kinds.map(({ kind }) => kind);
      expect(names).to.not.be.empty;
      expect(new Set(names).size).to.equal(names.length);
    }
  });

  it("has no kind that is named like a key beside it", () => {
    for (const key of ["at", "for", "until", "every", "follow", "weight", "one-of"]) expect(catalogue.faults.map(({ kind }) => kind)).to.not.include(key);
    expect(catalogue.assertions.map(({ kind }) => kind)).to.not.include("title");
  });

  it("is what docs/scenario.schema.json and docs/reference.md were made from (npm run schema)", async () => {
    for (const [path, text] of generatedFiles(catalogue)) expect((await readFile(path, "utf8")) === text, path).to.equal(true);
  });

  it("has a description for every option", () => {
    const silent = undescribed(JSON.parse(schemaText(catalogue)), "");
    expect(silent).to.deep.equal([]);
  });

  it("accepts every scenario, as its JSON Schema does, and each names the schema for editors", async () => {
    const isValid = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(schemaText(catalogue)));
    const scenarios = await listScenarios(root("scenarios"));
    expect(scenarios).to.not.be.empty;
    for (const { path, name } of scenarios) {
      const scenario = await readScenarioFile(path, catalogue);
      expect(isValid(parse(scenario.text)), `${name}: ${JSON.stringify(isValid.errors)}`).to.equal(true);
      const up = "../".repeat(name.split("/").length);
      expect(scenario.text.split("\n")[0], name).to.equal(`# yaml-language-server: $schema=${up}docs/scenario.schema.json`);
    }
  });

  it("accepts every scenario in docs/scenarios.md", async () => {
    const examples = await wholeScenariosIn("docs/scenarios.md");
    expect(examples.length).to.be.at.least(5);
    for (const { text, line } of examples) parseScenario(text, `docs/scenarios.md, block at line ${line}`, catalogue);
  });
});

/** Paths of properties in a JSON Schema that nothing is said about. */
function undescribed(schema: unknown, path: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((each) => undescribed(each, path));
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, inner]: [string, unknown]) => {
    if (key !== "properties" || typeof inner !== "object" || inner === null) return undescribed(inner, path);
    return Object.entries(inner).flatMap(([name, property]: [string, unknown]) => {
      const below = `${path}/${name}`;
      const isSilent = typeof property !== "object" || property === null || !("description" in property);
      return [...(isSilent ? [below] : []), ...undescribed(property, below)];
    });
  });
}

import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { functions } from "../../../assertions/expression/functions.ts";
import { expressions } from "../../../assertions/expression/language.ts";
import { memberWords, outcomeFilters, states, temporals } from "../../../assertions/expression/syntax.ts";
import { windowWords } from "../../../assertions/expression/window-parser.ts";
import { problemOf } from "./expressions.ts";

const words = [...Object.keys(functions), ...temporals, ...windowWords, ...outcomeFilters, ...memberWords, ...states, "leader-changes", "quantile", "sum", "for", "and", "or", "not", "then", "together", "serializable"];

describe("what is told of expressions", () => {
  it("has examples that are taken, of every function", () => {
    expect(expressions.examples.map(([text]) => problemOf(text)).filter((problem) => problem !== undefined)).to.deep.equal([]);
    const texts = expressions.examples.map(([text]) => text).join("\n");
    expect(Object.keys(functions).filter((name) => !texts.includes(`${name}(`))).to.deep.equal(["delta", "min"]);
  });

  it("names every word of the language in docs/scenarios.md and in the grammar", async () => {
    const read = (path: string): Promise<string> => readFile(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");
    const section = (await read("docs/scenarios.md")).split("### Assertions in one line")[1]?.split("\n### ")[0] ?? "";
    const grammar = /```ebnf[^]*```/.exec(await read("assertions/expression/parser.ts"))?.[0] ?? "";
    expect(words.filter((word) => !new RegExp(`\\b${word}\\b`).test(section)), "docs").to.deep.equal([]);
    expect(words.filter((word) => !grammar.includes(`"${word}"`)), "grammar").to.deep.equal([]);
  });
});

import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { functions } from "../../../assertions/expression/functions.ts";
import { expressions } from "../../../assertions/expression/language.ts";
import { memberWords, outcomeFilters, states, temporals } from "../../../assertions/expression/syntax.ts";
import { windowWords } from "../../../assertions/expression/window-parser.ts";
import { parse } from "yaml";
import { z } from "zod";
import { judged } from "../judged.ts";
import { judgedText, problemOf } from "./expressions.ts";
import { having, healthy, led, phases, scraped } from "./runs.ts";

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

describe("the table of what the long form says the same", () => {
  const runs = [() => healthy(led(scraped(having((atMs) => atMs / 1_000)))).log("etcd-1", 4_100, "a", { took: "3s" }).log("etcd-2", 5_000, "b", { took: "3s" }).operations(0, 10_000, 50), () => phases().log("etcd-1", 0, "c").log("etcd-2", 0, "c"), () => scraped(having(() => 1))];
  const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);

  it("is true: both come to the same over the same recordings", async () => {
    const page = await readFile(fileURLToPath(new URL("../../../docs/scenarios.md", import.meta.url)), "utf8");
    const rows = page.split("**What the long form says the same.**")[1]?.split("\n\n")[1]?.split("\n").slice(2) ?? [];
    let compared = 0;
    for (const [, text = "", options = ""] of rows.map((row) => row.split(" | ").length === 2 ? ["", ...row.split(" | ")] : [])) {
      const longs = quoted(options);
      for (const [index, short] of quoted(text).entries()) {
        const long = longs[index];
        if (problemOf(short) !== undefined || long === undefined) continue;
        const [[kind, given] = ["", {}]] = Object.entries(z.record(z.string(), z.record(z.string(), z.unknown())).parse(parse(long)));
        for (const run of runs) expect(judgedText(short, run()).outcome, short).to.equal(judged(kind, given, run()).outcome);
        compared += 1;
      }
    }
    expect(compared).to.equal(14);
  });
});

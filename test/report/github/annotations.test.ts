import { expect } from "chai";
import fc from "fast-check";
import type { Finding } from "../../../src/judge/findings.ts";
import { annotations, workflowCommand, type AnnotatedRun } from "../../../src/report/github/annotations.ts";

function annotated(findings: readonly Finding[], scenario = "partition"): AnnotatedRun {
  return { file: `scenarios/${scenario}.yaml`, scenario, sentence: "it went wrong", replay: "npm run scenario -- partition --seed 42", findings };
}

const fail: Finding = { outcome: "fail", title: "writes go on", line: 12, text: "9 s without a write" };
const open: Finding = { outcome: "inconclusive", title: "metric", line: 7, text: "no samples" };

/** Reads a command as GitHub's runner does. */
function parsed(line: string): { readonly name: string; readonly properties: Readonly<Record<string, string>>; readonly message: string } {
  const [, name = "", pairs = "", message = ""] = /^::(\w+) ([^\n]*?)::([^\n]*)$/.exec(line) ?? expect.fail(`no command: ${line}`);
  const plain = (text: string): string => text.replace(/%0D/g, "\r").replace(/%0A/g, "\n").replace(/%25/g, "%");
  const read = (text: string): string => plain(text.replace(/%3A/g, ":").replace(/%2C/g, ","));
  return { name, properties: Object.fromEntries(pairs.split(",").map((pair) => [pair.slice(0, pair.indexOf("=")), read(pair.slice(pair.indexOf("=") + 1))])), message: plain(message) };
}

describe("annotations for GitHub", () => {
  it("stand on the line of the violated assertion in its scenario, with the command that replays it", () => {
    expect(annotations([annotated([fail])])).to.deep.equal(["::error file=scenarios/partition.yaml,line=12,title=partition%3A writes go on::9 s without a write%0AReplay: npm run scenario -- partition --seed 42"]);
  });

  it("warn of what could not be told, after the violations of all runs", () => {
    const lines = annotations([annotated([open], "first"), annotated([fail], "second")]);
    expect(lines.map((line) => parsed(line)).map(({ name, properties }) => [name, properties["file"]])).to.deep.equal([["error", "scenarios/second.yaml"], ["warning", "scenarios/first.yaml"]]);
  });

  it("have no line where the finding has none", () => {
    const [line = ""] = annotations([annotated([{ outcome: "inconclusive", title: "the load kept time", text: "late" }])]);
    expect(parsed(line).properties).to.deep.equal({ file: "scenarios/partition.yaml", title: "partition: the load kept time" });
  });

  it("tell of a run that broke before anything was judged", () => {
    const [line = "", ...others] = annotations([annotated([])]);
    expect(others).to.deep.equal([]);
    expect(parsed(line)).to.include({ name: "error", message: "it went wrong\nReplay: npm run scenario -- partition --seed 42" });
  });

  it("are one for a run that broke off, since every assertion would say the same, but for what it had violated before", () => {
    const lines = annotations([{ ...annotated([open, open, open]), brokeOff: true }]);
    expect(lines.map((line) => parsed(line).properties["title"])).to.deep.equal(["partition: the run"]);
    expect(lines[0]).to.include("it went wrong");
    expect(annotations([{ ...annotated([fail, open]), brokeOff: true }]).map((line) => parsed(line).properties["title"])).to.deep.equal(["partition: writes go on"]);
  });

  it("are ten at most, and the last one says how many more there are", () => {
    expect(annotations([annotated(Array.from({ length: 10 }, () => fail))])).to.have.length(10).and.to.satisfy((lines: readonly string[]) => lines.every((line) => line.startsWith("::error ")));
    const lines = annotations([annotated(Array.from({ length: 30 }, () => open)), annotated([fail, fail])]);
    expect(lines).to.have.length(10);
    expect(lines.slice(0, 3).map((line) => parsed(line).name)).to.deep.equal(["error", "error", "warning"]);
    expect(lines.at(-1)).to.equal("::notice title=etcd-chaos::23 more findings in the step summary and in the reports");
  });

  it("come out as they were written, whatever the texts hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (value, message) => {
        const line = workflowCommand("error", { file: value, title: "x" }, message);
        expect(line).to.not.match(/[\r\n]/);
        expect(parsed(line)).to.deep.equal({ name: "error", properties: { file: value, title: "x" }, message });
      }),
      { examples: [["a,b:c%0A\r\n", "::error::%25"]] },
    );
  });
});

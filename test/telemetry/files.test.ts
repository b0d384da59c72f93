import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { beforeRun, takeFile } from "../../src/telemetry/files.ts";
import { temporaryFolder } from "../support/harness.ts";
import { Receiving } from "./receiving.ts";

const line = (name: string): string => `${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name, startTimeUnixNano: 1e15, endTimeUnixNano: "1000000000001000" }] }] }] })}\n`;

/** What is told of a file that is written between the run's beginning and its end. */
async function told(before: string | undefined, write: (path: string) => Promise<void>) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "otlp.jsonl");
  if (before !== undefined) await writeFile(path, before);
  const [file = { path: "", bytesBefore: 0 }] = await beforeRun([path]);
  await write(path);
  const receiving = new Receiving();
  await takeFile(file, receiving.intake);
  const { spans, gaps } = receiving.told();
  return { names: spans.map(({ name }) => name), gaps: gaps.map((gap) => gap.replace(path, "FILE")) };
}

describe("files with telemetry", () => {
  it("are read when they were written during the run", async () => {
    expect(await told(undefined, (path) => writeFile(path, line("a") + line("b")))).to.deep.equal({ names: ["a", "b"], gaps: [] });
  });

  it("are read from where they ended before the run, or from the beginning if they were begun anew", async () => {
    expect(await told(line("old"), (path) => appendFile(path, line("new")))).to.deep.equal({ names: ["new"], gaps: [] });
    expect(await told(line("old") + line("older"), (path) => writeFile(path, line("new")))).to.deep.equal({ names: ["new"], gaps: [] });
    expect(await told(line("old"), async () => undefined)).to.deep.equal({ names: [], gaps: [] });
  });

  it("are told to be missing where there are none, or where they cannot be read", async () => {
    expect(await told(undefined, async () => undefined)).to.deep.equal({ names: [], gaps: ["FILE: there is no such file at the end of the run"] });
    const { gaps } = await told(undefined, async (path) => void (await mkdir(path)));
    expect(gaps.join()).to.match(/^FILE: it cannot be read: EISDIR/);
  });

  it("lose the lines that are damaged, and say so", async () => {
    const torn = line("c").slice(0, 20);
    expect(await told(undefined, (path) => writeFile(path, `${line("a")}\n[1]\n${line("b")}${torn}`))).to.deep.equal({ names: ["a", "b"], gaps: ["FILE: 2 of 4 lines are no JSON object"] });
  });
});

describe("what is kept of telemetry", () => {
  it("has a limit; what comes after it is told to be missing, once", () => {
    const receiving = new Receiving(100);
    const request = { resourceSpans: [] };
    receiving.intake.take("a test", request, 60);
    receiving.intake.take("a test", request, 40);
    expect(receiving.warnings).to.deep.equal([]);
    receiving.intake.take("a test", request, 1);
    receiving.intake.take("a test", request, 1);
    expect(receiving.entries.filter((entry) => "otlp" in entry)).to.have.length(2);
    expect(receiving.told().gaps).to.deep.equal(["a test: no more than 100 bytes of telemetry are kept of a run, and there was more"]);
    expect(receiving.warnings).to.have.length(1);
  });
});

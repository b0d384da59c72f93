import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import { errnoOf } from "../../src/process.ts";
import { LineWriter, readLines, type LinesRead } from "../../src/recording/jsonl.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function linesOf(path: string, bytesMax = Infinity): Promise<LinesRead & { readonly texts: readonly (string | undefined)[] }> {
  const texts: (string | undefined)[] = [];
  const read = await readLines(path, (line, number) => {
    texts.push(line);
    expect(number).to.equal(texts.length);
  }, { bytesMax });
  return { ...read, texts };
}

const unexpected = (error: unknown): void => {
  throw error;
};

describe("lines of a file", () => {
  it("are read back as they were written, whatever is in them", async () => {
    const line = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", ""));
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (lines) => {
        using folder = temporaryFolder();
        const path = join(folder.path, "lines");
        const writer = new LineWriter(path, unexpected);
        for (const text of lines) writer.line(text);
        await writer.close();
        expect(await linesOf(path)).to.deep.equal({ lines: lines.length, torn: false, cut: false, texts: lines });
      }),
      { numRuns: 50 },
    );
  });

  it("are whole when they span the pieces in which the file is read", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "lines");
    const lines = ["é".repeat(700_000), "short", "", "ü".repeat(1_500_000), "end"];
    writeFileSync(path, `${lines.join("\n")}\n`);
    const read = await linesOf(path);
    expect(read.lines).to.equal(5);
    for (const [index, text] of lines.entries()) expect(read.texts[index] === text, `line ${index + 1}`).to.equal(true);
  });

  it("leave out a torn last line and say so", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "lines");
    writeFileSync(path, 'one\n{"tw');
    expect(await linesOf(path)).to.deep.equal({ lines: 1, torn: true, cut: false, texts: ["one"] });
  });

  it("are read up to the limit", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "lines");
    writeFileSync(path, "0123456789abcde\n".repeat(1_000_000));
    const read = await linesOf(path, 1_000_000);
    expect(read.cut).to.equal(true);
    expect(read.lines).to.be.greaterThan(60_000).and.lessThan(200_000);
  });

  it("are not kept when they are too long to be true", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "lines");
    writeFileSync(path, "before\n");
    for (let i = 0; i < 20; i += 1) appendFileSync(path, "x".repeat(1024 * 1024));
    appendFileSync(path, "\nafter\n");
    expect((await linesOf(path)).texts).to.deep.equal(["before", undefined, "after"]);
  });

  it("survive in order when writing goes on while they are flushed", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "lines");
    const writer = new LineWriter(path, unexpected);
    const flushes: Promise<void>[] = [];
    for (let i = 0; i < 1000; i += 1) {
      writer.line(String(i));
      if (i % 7 === 0) flushes.push(writer.flush());
      if (i % 50 === 0) await Promise.resolve();
    }
    await Promise.all(flushes);
    expect(readFileSync(path, "utf8")).to.equal(Array.from({ length: 1000 }, (_, i) => `${i}\n`).join(""));
    await writer.close();
  });

  it("are with the system at once when written with lineNow", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "lines");
    const writer = new LineWriter(path, unexpected);
    writer.lineNow("now");
    expect(readFileSync(path, "utf8")).to.equal("now\n");
    await writer.close();
  });

  it("stop at the first error, which is told once", async () => {
    const errors: unknown[] = [];
    for (const write of ["line", "lineNow"] as const) {
      const writer = new LineWriter("/dev/full", (error) => void errors.push(error));
      writer[write]("a");
      await writer.flush();
      writer[write]("b");
      await writer.close();
    }
    expect(errors.map(errnoOf)).to.deep.equal(["ENOSPC", "ENOSPC"]);
  });
});

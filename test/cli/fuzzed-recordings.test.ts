import { expect } from "chai";
import fc from "fast-check";
import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { conclude } from "../../src/cli/conclude.ts";
import { HarnessError } from "../../src/errors.ts";
import type { Results } from "../../src/judge/results.ts";
import { keptFiles, writeFiles } from "../recordings/kept.ts";
import { temporaryFolder } from "../support/harness.ts";

/** More of them, where somebody asks for it. */
const numRuns = Number(process.env["FUZZED_RECORDINGS"] ?? 30);

type Files = Map<string, Buffer>;
/** Does something to a file's bytes; undefined removes the file. */
type Damage = (bytes: Buffer) => Buffer | undefined;

const lines = (bytes: Buffer): string[] => bytes.toString("utf8").split("\n").slice(0, -1);
const ofLines = (all: readonly string[]): Buffer => Buffer.from(all.map((line) => `${line}\n`).join(""));

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const wrongValue = fc.oneof(
  fc.constantFrom<unknown>(null, true, "", "7", 0, -1, 0.5, 1e15, 1e308, -1e308, [], {}, [[]], "x".repeat(100_000), "</script><img src=x onerror=alert(1)>"),
  fc.string({ unit: "binary" }),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
);

const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.constant<Damage>(() => undefined),
  share.map((at): Damage => (bytes) => bytes.subarray(0, Math.floor(bytes.length * at))),
  share.map((at): Damage => (bytes) => ofLines(lines(bytes).filter((_, index, { length }) => index !== Math.floor(length * at)))),
  share.map((at): Damage => (bytes) => ofLines(lines(bytes).flatMap((line, index, { length }) => (index === Math.floor(length * at) ? [line, line] : [line])))),
  fc.integer({ min: 2, max: 997 }).map((step): Damage => (bytes) => ofLines(shuffled(lines(bytes), step))),
  fc.tuple(share, fc.uint8Array({ minLength: 1, maxLength: 200 })).map(([at, junk]): Damage => (bytes) => {
    const cut = Math.floor(bytes.length * at);
    return Buffer.concat([bytes.subarray(0, cut), junk, bytes.subarray(cut)]);
  }),
  fc.tuple(share, share, wrongValue).map(([at, which, value]): Damage => (bytes) => {
    return ofLines(lines(bytes).map((line, index, { length }) => (index === Math.floor(length * at) ? withValue(line, which, value) : line)));
  }),
  // Numbers that a decoder takes, and that nothing may count up to.
  fc.tuple(share, fc.constantFrom(-1e15, -1, 0, 1e12, 1e15, 1e300)).map(([at, number]): Damage => (bytes) => {
    return ofLines(lines(bytes).map((line, index, { length }) => (index === Math.floor(length * at) ? line.replaceAll(/(?<=:)-?\d+(\.\d+)?(?=[,}])/g, String(number)) : line)));
  }),
);

/** Every line somewhere else, the same way each time. */
function shuffled(all: readonly string[], step: number): string[] {
  return all.map((line, index) => ({ line, place: (index * step) % 1009 })).sort((a, b) => a.place - b.place).map(({ line }) => line);
}

/** A line of JSON with one of its values replaced. */
function withValue(line: string, which: number, value: unknown): string {
  let count = 0;
  const total = { leaves: 0 };
  try {
    const parsed: unknown = JSON.parse(line);
    JSON.stringify(parsed, (_, inner: unknown) => ((total.leaves += 1), inner));
    const chosen = Math.floor(total.leaves * which);
    return JSON.stringify(parsed, (_, inner: unknown) => (count++ === chosen ? value : inner));
  } catch {
    return JSON.stringify(value);
  }
}

async function concluded(files: Files, change: (folder: string) => Promise<void> = async () => undefined): Promise<Results | HarnessError> {
  await using folder = await temporaryFolder();
  await writeFiles(folder.path, files);
  await change(folder.path);
  return await conclude(folder.path).catch((error: unknown) => {
    if (error instanceof HarnessError) return error;
    throw error;
  });
}

/** Whatever was done to it, it is refused in plain words, or judged to the end. */
function expectSense(given: Results | HarnessError): void {
  if (given instanceof HarnessError) {
    expect(given.message).to.match(/\w{3,} \w+/).and.to.not.match(/undefined|\[object|TypeError|RangeError/);
    expect(given.code).to.be.oneOf(["recording", "scenario-invalid"]);
    return;
  }
  const crashed = given.assertions.filter(({ verdict }) => verdict.observed === "the assertion crashed");
  expect(crashed.map(({ title, verdict }) => `${title}: ${verdict.reason}`)).to.deep.equal([]);
}

describe("damaged recordings", function () {
  this.timeout(Math.max(180_000, numRuns * 4_000));
  const kept = ["mixed-0bc8980", "partition-9c2ee9e"] as const;
  const originals = new Map<string, Files>();
  before(async () => {
    for (const name of kept) originals.set(name, await keptFiles(name));
  });
  const original = (name: string): Files => new Map(originals.get(name));

  it("are refused in plain words or judged to the end, whatever was done to their files", async () => {
    const paths = [...original("mixed-0bc8980").keys()];
    const harm = fc.array(fc.tuple(fc.constantFrom(...paths), damages), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...kept), harm, async (name, harms) => {
        const files = original(name);
        for (const [path, damage] of harms) {
          const bytes = files.get(path);
          const damaged = bytes && damage(bytes);
          if (damaged === undefined) files.delete(path);
          else files.set(path, damaged);
        }
        expectSense(await concluded(files));
      }),
      { numRuns },
    );
  });

  it("never pass without one of their files", async () => {
    for (const path of [...original("mixed-0bc8980").keys()].filter((each) => each !== "watches.jsonl")) {
      const files = original("mixed-0bc8980");
      files.delete(path);
      const given = await concluded(files);
      expectSense(given);
      if (!(given instanceof HarnessError)) expect(given.outcome, path).to.be.oneOf(["inconclusive", "fail"]);
    }
  });

  it("never pass with a file that ends before its time", async () => {
    for (const [path, bytes] of original("mixed-0bc8980")) {
      if (path === "plan.json" || path === "scenario.yaml") continue;
      const files = original("mixed-0bc8980").set(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
      const given = await concluded(files);
      expectSense(given);
      if (!(given instanceof HarnessError)) expect(given.outcome, path).to.be.oneOf(["inconclusive", "fail"]);
    }
  });

  it("are judged as before, where their lines are merely in another order", async () => {
    const files = original("mixed-0bc8980");
    for (const path of ["history.jsonl", "status.jsonl", "metrics.jsonl"]) files.set(path, ofLines(shuffled(lines(files.get(path) ?? Buffer.of()), 7)));
    const given = await concluded(files);
    expectSense(given);
    expect(given).to.have.property("outcome").that.is.oneOf(["pass", "inconclusive"]);
  });

  it("are judged with a line of log of 100 MB, which is told as damage", async () => {
    const given = await concluded(original("mixed-0bc8980"), async (folder) => {
      const path = join(folder, "logs/etcd-2.log");
      await appendFile(path, "x".repeat(100 * 1024 * 1024));
      await appendFile(path, '\n{"level":"info","ts":"2026-11-27T08:26:00.000Z","msg":"afterwards"}\n');
    });
    expect(given).to.include({ outcome: "inconclusive" });
    expect(given).to.have.property("sentence").that.matches(/logs\/etcd-2\.log/);
  });

  it("are judged with a history of rubbish, in bounded words", async () => {
    const given = await concluded(original("mixed-0bc8980"), (folder) => writeFile(join(folder, "history.jsonl"), "x\n".repeat(200_000)));
    expectSense(given);
    expect(given).to.have.property("sentence").that.has.length.below(5_000);
  });
});

import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import fc from "fast-check";

import { HarnessError } from "../../src/errors.ts";
import { runCommand } from "../../src/process.ts";
import type { RunEvent } from "../../src/recording/events.ts";
import type { MachineSample } from "../../src/recording/machine.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { readRecording } from "../../src/recording/read.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import type { Recording } from "../../src/recording/recording.ts";
import type { HashSample, HealthSample, MetricsSample, StatusSample } from "../../src/recording/samples.ts";
import { ManualClock } from "../observe/manual-clock.ts";
import { runInfo } from "./run-info.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const members = ["etcd-1", "etcd-2"];
const operation: Operation = {
  process: 1, client: 1, member: "etcd-1", op: "put", key: "k", value: "v", intendedNs: 1e6, invokeNs: 2e6, returnNs: 3e6, outcome: "ok", revision: 2,
};

/** A whole recording, as a run leaves it; then `change` may damage it. */
async function recordingAfter(change: (folder: string) => void): Promise<Recording> {
  using folder = temporaryFolder();
  {
    await using recorder = Recorder.create(folder.path, runInfo, new ManualClock());
    for (const [index, state] of (["started", "ended"] as const).entries()) {
      recorder.event({ type: "phase", atMs: 10 + index, phase: "baseline", state });
    }
    for (const member of members) {
      recorder.logLine(member, '{"level":"info","ts":"2023-11-14T22:13:20.005Z","msg":"ready"}');
      recorder.status({ kind: "status", atMs: 5, member, ok: false, error: "refused" });
      recorder.health({ kind: "health", atMs: 6, member, serializable: false, healthy: true, tookMs: 1 });
      for (const atMs of [7, 8, 9]) recorder.metrics({ atMs, member, full: atMs === 7, values: { etcd_a: atMs } });
    }
    writeFileSync(recorder.historyPath, `${JSON.stringify(operation)}\n`.repeat(3));
    recorder.updateInfo({ status: "finished", endedMs: 20 });
  }
  change(folder.path);
  return await readRecording(folder.path);
}

async function refusal(change: (folder: string) => void): Promise<HarnessError> {
  const thrown: unknown = await recordingAfter(change).catch((error: unknown) => error);
  if (thrown instanceof HarnessError) return thrown;
  throw new Error("it was read");
}

describe("a recording read back", function () {
  this.timeout(30_000);

  it("is whole when the run was", async () => {
    const recording = await recordingAfter(() => undefined);
    expect(recording.defects).to.deep.equal([]);
    expect(recording.info).to.include({ status: "finished", endedMs: 20 });
    expect(recording.phases).to.deep.equal([{ name: "baseline", startMs: 10, endMs: 11 }]);
    expect(recording.operations).to.deep.equal([operation, operation, operation]);
    expect(recording.statuses.map(({ member }) => member)).to.deep.equal(members);
    expect(recording.health.map(({ member }) => member)).to.deep.equal(members);
    expect(recording.logs.map(({ atMs, member, msg }) => ({ atMs, member, msg }))).to.deep.equal(
      members.map((member) => ({ atMs: 5, member, msg: "ready" })),
    );
    expect(recording.metrics.scrapes("etcd-2")).to.deep.equal([7, 8, 9].map((atMs) => ({ atMs, ok: true })));
    expect(recording.metrics.series("etcd_a", "etcd-2")[0]?.points.map(({ value }) => value)).to.deep.equal([7, 8, 9]);
  });

  it("is what was recorded, whatever that was", async () => {
    const atMs = fc.double({ min: 0, max: 1e6, noNaN: true });
    const member = fc.constantFrom(...members);
    const text = fc.string({ unit: "binary" });
    const whole = fc.nat();
    const event: fc.Arbitrary<RunEvent> = fc.oneof(
      fc.record({ type: fc.constant("note" as const), atMs, level: fc.constantFrom("info" as const, "warning" as const), text }),
      fc.record({ type: fc.constant("member" as const), atMs, member, state: fc.constantFrom("paused" as const, "killed" as const), detail: text }),
      fc.record({
        type: fc.constant("fault" as const), atMs, fault: text, kind: text, state: fc.constant("effective" as const),
        proofs: fc.array(fc.record({ source: text, text, holds: fc.boolean() })),
      }),
    );
    const status: fc.Arbitrary<StatusSample> = fc.oneof(
      fc.record({
        kind: fc.constant("status" as const), atMs, member, ok: fc.constant(true as const), leader: fc.option(member),
        term: whole, revision: whole, raftIndex: whole, appliedIndex: whole,
      }),
      fc.record({ kind: fc.constant("status" as const), atMs, member, ok: fc.constant(false as const), error: text }),
    );
    const health: fc.Arbitrary<HealthSample> = fc.record(
      { kind: fc.constant("health" as const), atMs, member, serializable: fc.boolean(), healthy: fc.boolean(), tookMs: atMs, reason: text },
      { requiredKeys: ["kind", "atMs", "member", "serializable", "healthy", "tookMs"] },
    );
    const hash: fc.Arbitrary<HashSample> = fc.oneof(
      fc.record({ kind: fc.constant("hash" as const), atMs, member, atRevision: whole, ok: fc.constant(true as const), hash: whole, compactRevision: fc.integer({ min: -1 }), revision: whole }),
      fc.record(
        { kind: fc.constant("hash" as const), atMs, member, atRevision: whole, ok: fc.constant(false as const), error: text, learner: fc.constant(true as const) },
        { requiredKeys: ["kind", "atMs", "member", "atRevision", "ok", "error"] },
      ),
    );
    const metrics: fc.Arbitrary<MetricsSample> = fc.record({ atMs, member, error: text });
    const cpuTimes = fc.record({ ranMs: atMs, waitedMs: atMs });
    const machine: fc.Arbitrary<MachineSample> = fc.record(
      { atMs, overMs: atMs, processes: fc.dictionary(member, cpuTimes), loopLateMs: atMs, cpuStalledMs: atMs, ioStalledMs: atMs, stolenMs: atMs },
      { requiredKeys: ["atMs", "overMs", "processes", "loopLateMs"] },
    );
    const line = text.map((raw) => raw.replaceAll("\n", " "));
    const seen = fc.record({
      events: fc.array(event), statuses: fc.array(status), health: fc.array(health), hashes: fc.array(hash), metrics: fc.array(metrics), machine: fc.array(machine), lines: fc.array(line, { minLength: 1 }),
    });
    const byTime = <T extends { readonly atMs: number }>(list: readonly T[]): T[] => [...list].sort((a, b) => a.atMs - b.atMs);
    // JSON has no negative zero, and no clock gives one.
    const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

    await fc.assert(
      fc.asyncProperty(seen, async (given) => {
        const { events, statuses, health, hashes, metrics, machine, lines } = plain(given);
        using folder = temporaryFolder();
        {
          await using recorder = Recorder.create(folder.path, runInfo, new ManualClock());
          for (const one of events) recorder.event(one);
          for (const one of statuses) recorder.status(one);
          for (const one of health) recorder.health(one);
          for (const one of hashes) recorder.hash(one);
          for (const one of machine) recorder.machine(one);
          for (const one of metrics) recorder.metrics(one);
          for (const one of lines) members.forEach((name) => recorder.logLine(name, one));
          writeFileSync(recorder.historyPath, "");
          expect(recorder.failure).to.equal(undefined);
        }
        const recording = await readRecording(folder.path);
        expect(recording.defects).to.deep.equal([]);
        const clockReading = { type: "clock", atMs: 0, wallMs: 1_700_000_000_000 };
        expect(recording.events).to.deep.equal(byTime<{ readonly atMs: number }>([clockReading, ...events]));
        expect(recording.statuses).to.deep.equal(byTime(statuses));
        expect(recording.health).to.deep.equal(byTime(health));
        expect(recording.hashes).to.deep.equal(byTime(hashes));
        expect(recording.machine).to.deep.equal(byTime(machine));
        for (const name of members) {
          expect(recording.metrics.scrapes(name)).to.deep.equal(
            byTime(metrics.filter(({ member }) => member === name)).map(({ atMs }) => ({ atMs, ok: false })),
          );
          expect(recording.logs.filter(({ member }) => member === name).map(({ raw }) => raw)).to.deep.equal(lines);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is whole without samples of the machine, which older ones lack, and tells of one that is damaged", async () => {
    const older = await recordingAfter((folder) => rmSync(join(folder, "machine.jsonl")));
    expect([older.machine, older.defects]).to.deep.equal([[], []]);
    const damaged = await recordingAfter((folder) => appendFileSync(join(folder, "machine.jsonl"), '{"atMs":1,"overMs":1,"processes":{"etcd-1":{"ranMs":1}},"loopLateMs":0}\n'));
    expect([damaged.machine, damaged.defects]).to.deep.equal([[], ["machine.jsonl:1 is damaged and left out"]]);
  });

  it("has what a writer recorded until it was killed", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "run");
    const script = fileURLToPath(new URL("killed-writer.ts", import.meta.url));
    const killing = new AbortController();
    let last = { count: 0, atMs: 0 };
    await runCommand(process.execPath, ["--import", "tsx", script, path], {
      signal: killing.signal,
      onStdoutLine: (line) => {
        const [count = 0, atMs = 0] = line.split(" ").map(Number);
        last = { count, atMs };
        if (count === 300) killing.abort(new Error("killed"));
      },
    }).catch((error: unknown) => expect(String(error)).to.equal("Error: killed"));

    const recording = await readRecording(path);
    const texts = recording.events.flatMap((event) => (event.type === "note" ? [event.text] : []));
    expect(texts.length).to.be.at.least(last.count);
    expect(texts).to.deep.equal(texts.map((_, index) => `event ${index + 1}`));
    const statuses = recording.statuses.length;
    // Half a second's worth and more was recorded; all but the last moment must be there.
    expect(statuses).to.be.at.least(last.count / 2).and.at.most(texts.length);
    expect(recording.logs.map(({ msg }) => msg)).to.deep.equal(recording.logs.map((_, index) => `line ${index + 1}`));
    expect(recording.logs.length).to.be.at.least(last.count / 2);
    expect(recording.metrics.series("count", "etcd-1")[0]?.points.length).to.be.at.least(last.count / 2);
    for (const { atMs } of recording.logs) expect(atMs).to.be.within(-2, last.atMs + 1000);
    expect(recording.info.status).to.equal("running");
    expect(recording.phases[0]?.endMs).to.equal(recording.events.at(-1)?.atMs);
    expect(recording.defects).to.include("history.jsonl is not there").and.to.include(`${join("logs", "etcd-2.log")} is not there`);
    expect(recording.defects.join("\n")).to.include("phase baseline has no end");
  });

  for (const file of ["events.jsonl", "history.jsonl", "metrics.jsonl", "status.jsonl", "logs/etcd-1.log"]) {
    it(`says that ${file} is torn and keeps its whole lines`, async () => {
      const recording = await recordingAfter((folder) => appendFileSync(join(folder, file), '{"atMs":1'));
      expect(recording.defects).to.have.length(1);
      expect(recording.defects[0]).to.match(new RegExp(`^${file}:\\d+ is torn`));
    });

    it(`says that ${file} is missing and reads the rest`, async () => {
      const recording = await recordingAfter((folder) => rmSync(join(folder, file)));
      expect(recording.defects).to.deep.equal([`${file} is not there`]);
    });

    it(`says that ${file} cannot be read and reads the rest`, async () => {
      const recording = await recordingAfter((folder) => {
        rmSync(join(folder, file));
        mkdirSync(join(folder, file));
      });
      expect(recording.defects).to.have.length(1);
      expect(recording.defects[0]).to.include(`${file} cannot be read`).and.to.include("EISDIR");
    });
  }

  for (const file of ["events.jsonl", "history.jsonl", "metrics.jsonl", "status.jsonl"]) {
    for (const [what, bad] of [["not JSON", "{{"], ["empty", ""], ["of the wrong shape", '{"kind":"status","atMs":"1"}'], ["a hash without one", '{"kind":"hash","atMs":1,"member":"etcd-1","atRevision":5,"ok":true}'], ["no object", "null"]]) {
      it(`says which line of ${file} is damaged, and leaves it out: ${what}`, async () => {
        const recording = await recordingAfter((folder) => {
          const [first, ...rest] = readFileSync(join(folder, file), "utf8").split("\n");
          writeFileSync(join(folder, file), [first, bad, ...rest].join("\n"));
        });
        expect(recording.defects).to.deep.equal([`${file}:2 is damaged and left out`]);
        expect([recording.events.length, recording.operations.length, recording.statuses.length]).to.deep.equal([3, 3, 2]);
      });
    }
  }

  it("takes a damaged line of metrics for a failed scrape, since it may have held any change", async () => {
    const recording = await recordingAfter((folder) => {
      const path = join(folder, "metrics.jsonl");
      const lines = readFileSync(path, "utf8").split("\n");
      writeFileSync(path, lines.map((line) => (line.includes('"atMs":8') && line.includes("etcd-1") ? "damaged" : line)).join("\n"));
    });
    expect(recording.metrics.scrapes("etcd-1").map(({ ok }) => ok)).to.deep.equal([true, false, true]);
  });

  it("does not describe a file of rubbish line by line", async () => {
    const recording = await recordingAfter((folder) => writeFileSync(join(folder, "history.jsonl"), "x\n".repeat(1000)));
    expect(recording.defects).to.have.length(21);
    expect(recording.defects.at(-1)).to.equal("history.jsonl has 980 more damaged lines");
  });

  const wrong: readonly (readonly [string, object])[] = [
    ["without its revision's number", { revision: "7" }],
    ["that ended before it began", { returnNs: 1 }],
    ["of an unknown kind", { op: "toString" }],
    ["of an unknown outcome", { outcome: "maybe" }],
    ["with a value that is no text", { value: 7 }],
    ["without a key", { key: null }],
    ["of half a process", { process: 1.5 }],
  ];
  for (const [what, change] of wrong) {
    it(`leaves out an operation ${what}`, async () => {
      const recording = await recordingAfter((folder) => {
        appendFileSync(join(folder, "history.jsonl"), `${JSON.stringify({ ...operation, ...change })}\n`);
      });
      expect(recording.defects).to.deep.equal(["history.jsonl:4 is damaged and left out"]);
    });
  }

  it("has what came back to watchers, where anybody watched", async () => {
    expect((await recordingAfter(() => undefined)).watches).to.deep.equal([]);
    const response = { watcher: 0, member: "etcd-1", atNs: 5, kind: "progress", revision: 9 };
    const recording = await recordingAfter((folder) => writeFileSync(join(folder, "watches.jsonl"), `${JSON.stringify(response)}\n{}\n{"w`));
    expect(recording.watches).to.deep.equal([response]);
    expect(recording.defects).to.deep.equal(["watches.jsonl:2 is damaged and left out", "watches.jsonl:3 is torn, as by a writer that was killed, and left out"]);
  });

  it("has operations in order of invocation, as they are written when they return", async () => {
    const recording = await recordingAfter((folder) => {
      const early = { ...operation, invokeNs: 1e6, returnNs: 9e6, outcome: "info", error: "timeout" };
      appendFileSync(join(folder, "history.jsonl"), `${JSON.stringify(early)}\n`);
    });
    expect(recording.operations.map(({ invokeNs }) => invokeNs)).to.deep.equal([1e6, 2e6, 2e6, 2e6]);
  });

  it("gives log lines without a time that of the line before, and keeps the member's order", async () => {
    const recording = await recordingAfter((folder) => {
      const lines = ["panic: first", '{"level":"info","ts":"2023-11-14T22:13:20.100Z","msg":"a"}', "goroutine 1", "\tmain.go:1",
        '{"level":"info","ts":"2023-11-14T22:13:20.0999Z","msg":"b"}', '{"level":"info","ts":"2023-11-14T22:13:20.200Z","msg":"c"}'];
      writeFileSync(join(folder, "logs/etcd-1.log"), lines.map((line) => `${line}\n`).join(""));
      writeFileSync(join(folder, "logs/etcd-2.log"), '{"level":"info","ts":"2023-11-14T22:13:20.150Z","msg":"other"}\n');
    });
    expect(recording.logs.map(({ atMs, msg }) => [atMs, msg])).to.deep.equal([
      [0, "panic: first"], [100, "a"], [100, "goroutine 1"], [100, "\tmain.go:1"], [100, "b"], [150, "other"], [200, "c"],
    ]);
  });

  it("reads the log of a member that run.json does not know yet", async () => {
    const recording = await recordingAfter((folder) => writeFileSync(join(folder, "logs/etcd-3.log"), "hello\n"));
    expect(recording.logs.map(({ member }) => member)).to.include("etcd-3");
  });

  it("reads only the beginning of a log too large to keep, and says so", async () => {
    const recording = await recordingAfter((folder) => {
      const path = join(folder, "logs/etcd-1.log");
      writeFileSync(path, `${"x".repeat(1024 * 1024 - 1)}\n`.repeat(66));
    });
    expect(recording.defects).to.have.length(1);
    expect(recording.defects[0]).to.match(/logs\/etcd-1.log is too large; only its first 6[45] lines were read/);
  });

  it("is refused without run.json, naming the folder", async () => {
    const error = await refusal((folder) => rmSync(join(folder, "run.json")));
    expect(error.code).to.equal("recording");
    expect(error.message).to.match(/etcd-chaos-test-\w+ is not the folder of a run/).and.to.include("ENOENT");
    expect(error.hint).to.include("reports/");
  });

  for (const [what, text] of [["torn", '{"format":1,'], ["something else's", '{"name":"etcd-chaos","version":"0.1.0"}'], ["no object", "7"], ["empty", ""]]) {
    it(`is refused with a run.json that is ${what}`, async () => {
      const error = await refusal((folder) => writeFileSync(join(folder, "run.json"), text ?? ""));
      expect(error).to.include({ code: "recording" });
      expect(error.message).to.include("is not the folder of a run");
    });
  }

  it("is refused when it is of another format, saying which", async () => {
    const error = await refusal((folder) => writeFileSync(join(folder, "run.json"), '{"format":2}'));
    expect(error.message).to.include("has format 2; this version of etcd-chaos reads format 1");
  });

  it("is refused when there is no such folder", async () => {
    const error: unknown = await readRecording("/nonexistent/run").catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(HarnessError).and.to.include({ code: "recording" });
  });

  it("survives truncation of every file at any byte", async () => {
    const file = fc.constantFrom("events.jsonl", "history.jsonl", "metrics.jsonl", "status.jsonl", "logs/etcd-1.log");
    await fc.assert(
      fc.asyncProperty(file, fc.double({ min: 0, max: 1, noNaN: true }), async (name, share) => {
        const recording = await recordingAfter((folder) => {
          const path = join(folder, name);
          const { length } = readFileSync(path);
          truncateSync(path, Math.floor(length * share));
        });
        for (const defect of recording.defects) expect(defect).to.match(/is torn|no end/);
      }),
      { numRuns: 60 },
    );
  });
});

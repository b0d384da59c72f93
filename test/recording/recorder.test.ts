import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { HarnessError } from "../../src/errors.ts";
import type { RunEvent } from "../../src/recording/events.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import { runInfoSchema } from "../../src/recording/run-info.ts";
import { ManualClock } from "../observe/manual-clock.ts";
import { runInfo } from "./run-info.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const note = (text: string): RunEvent => ({ type: "note", atMs: 0, level: "info", text });
const eventsIn = (folder: string): RunEvent[] =>
  readFileSync(join(folder, "events.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));

function thrownBy(act: () => unknown): HarnessError {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof HarnessError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

describe("the recorder", () => {
  it("makes the folder with run.json and the wall clock's first reading", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "partition", "one");
    await using recorder = Recorder.create(path, runInfo, new ManualClock());
    expect(JSON.parse(readFileSync(join(path, "run.json"), "utf8"))).to.deep.equal(runInfo);
    expect(eventsIn(path)).to.deep.equal([{ type: "clock", atMs: 0, wallMs: 1_700_000_000_000 }]);
    expect(recorder.historyPath).to.equal(join(path, "history.jsonl"));
    expect(recorder.failure).to.equal(undefined);
  });

  it("writes run.json anew at each step and leaves no half of one behind", async () => {
    using folder = temporaryFolder();
    await using recorder = Recorder.create(folder.path, runInfo, new ManualClock());
    recorder.updateInfo({ status: "interrupted", signal: "SIGINT" });
    recorder.updateInfo({ endedMs: 1234.5 });
    const info = runInfoSchema.parse(JSON.parse(readFileSync(join(folder.path, "run.json"), "utf8")));
    expect(info).to.deep.equal({ ...runInfo, status: "interrupted", signal: "SIGINT", endedMs: 1234.5 });
    expect(recorder.info).to.deep.equal(info);
    expect(readdirSync(folder.path)).to.not.include("run.json.new");
  });

  it("has each event on disk before the listeners hear of it", async () => {
    using folder = temporaryFolder();
    await using recorder = Recorder.create(folder.path, runInfo, new ManualClock());
    const heard: RunEvent[] = [];
    const stop = recorder.onEvent((event) => {
      heard.push(event);
      expect(eventsIn(folder.path).at(-1)).to.deep.equal(event);
    });
    recorder.event(note("one"));
    stop();
    recorder.event(note("two"));
    expect(heard).to.deep.equal([note("one")]);
    expect(recorder.failure).to.equal(undefined);
  });

  it("goes on when a listener throws, and keeps that", async () => {
    using folder = temporaryFolder();
    await using recorder = Recorder.create(folder.path, runInfo, new ManualClock());
    const heard: RunEvent[] = [];
    recorder.onEvent(() => {
      throw new Error("drawing failed");
    });
    recorder.onEvent((event) => void heard.push(event));
    recorder.event(note("one"));
    expect(heard).to.have.length(1);
    expect(recorder.failure).to.include({ code: "internal", message: "a listener to events threw: drawing failed" });
  });

  it("never writes over another run", () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "run.json"), "{}");
    expect(thrownBy(() => Recorder.create(folder.path, runInfo, new ManualClock()))).to.include({ code: "recording" });
    expect(readFileSync(join(folder.path, "run.json"), "utf8")).to.equal("{}");
  });

  it("says where it cannot write, why and what to do", () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "file");
    writeFileSync(file, "");
    const error = thrownBy(() => Recorder.create(join(file, "run"), runInfo, new ManualClock()));
    expect(error.code).to.equal("recording");
    expect(error.message).to.include(join(file, "run")).and.to.include("ENOTDIR");
    expect(error.hint).to.include("--out");
  });

  for (const full of ["run.json.new", "events.jsonl"]) {
    it(`says so when the disk is full at the start, as seen on ${full}`, () => {
      using folder = temporaryFolder();
      symlinkSync("/dev/full", join(folder.path, full));
      const error = thrownBy(() => Recorder.create(folder.path, runInfo, new ManualClock()));
      expect(error).to.include({ code: "recording" });
      expect(error.message).to.include("ENOSPC");
      expect(error.hint).to.include("disk is full");
    });
  }

  for (const [full, write] of [
    ["status.jsonl", (r: Recorder): void => r.status({ kind: "status", atMs: 1, member: "etcd-1", ok: false, error: "x" })],
    ["metrics.jsonl", (r: Recorder): void => r.metrics({ atMs: 1, member: "etcd-1", error: "x" })],
    ["machine.jsonl", (r: Recorder): void => r.machine({ atMs: 1, overMs: 1, processes: {}, loopLateMs: 0 })],
    ["logs/etcd-1.log", (r: Recorder): void => r.logLine("etcd-1", "x")],
  ] as const) {
    it(`throws nothing when the disk is full later, but keeps the failure: ${full}`, async () => {
      using folder = temporaryFolder();
      mkdirSync(join(folder.path, "logs"));
      symlinkSync("/dev/full", join(folder.path, full));
      const recorder = Recorder.create(folder.path, runInfo, new ManualClock());
      write(recorder);
      await recorder[Symbol.asyncDispose]();
      write(recorder);
      expect(recorder.failure).to.include({ code: "recording" });
      expect(recorder.failure?.message).to.include(full).and.to.include("ENOSPC");
    });
  }

  it("throws nothing when run.json cannot be written later, but keeps the failure", async () => {
    using folder = temporaryFolder();
    await using recorder = Recorder.create(folder.path, runInfo, new ManualClock());
    symlinkSync("/dev/full", join(folder.path, "run.json.new"));
    recorder.updateInfo({ status: "finished" });
    expect(recorder.failure?.message).to.include("ENOSPC");
    expect(JSON.parse(readFileSync(join(folder.path, "run.json"), "utf8"))).to.include({ status: "running" });
  });

  it("records the wall clock again when it was moved by more than a millisecond, and only then", async () => {
    using folder = temporaryFolder();
    const clock = new ManualClock();
    await using recorder = Recorder.create(folder.path, runInfo, clock);
    recorder.startClockWatch();
    await clock.advance(5500);
    clock.moveWall(0.9);
    await clock.advance(2000);
    clock.moveWall(-60_000);
    await clock.advance(3000);
    expect(eventsIn(folder.path).map(({ atMs }) => atMs)).to.deep.equal([0, 8000]);
    expect(eventsIn(folder.path)[1]).to.deep.equal({ type: "clock", atMs: 8000, wallMs: 1_700_000_000_000 + 8000 + 0.9 - 60_000 });
  });

  it("keeps log files within the folder whatever a member is called", async () => {
    using folder = temporaryFolder();
    await using recorder = Recorder.create(join(folder.path, "run"), runInfo, new ManualClock());
    recorder.logLine("../../escaped", "x");
    expect(recorder.failure?.message).to.include("cannot be the name of a log file");
    expect(readdirSync(folder.path)).to.deep.equal(["run"]);
  });
});

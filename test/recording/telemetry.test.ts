import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import type { RunEvent } from "../../src/recording/events.ts";
import { telemetryOf } from "../../src/recording/otlp-json.ts";
import { readRecording } from "../../src/recording/read.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import type { Telemetry } from "../../src/recording/telemetry.ts";
import { ManualClock } from "../observe/manual-clock.ts";
import { runInfo } from "./run-info.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const startMs = 1_700_000_000_000;
const clocks: RunEvent[] = [{ type: "clock", atMs: 0, wallMs: startMs }];

/** Nanoseconds as OTLP has them. */
const ns = (wallMs: number): string => `${wallMs}000000`;

function spanAt(wallMs: number, more: object = {}): object {
  return { name: "a", startTimeUnixNano: ns(wallMs), endTimeUnixNano: ns(wallMs + 5), ...more };
}

function told(spans: readonly unknown[], events: readonly RunEvent[] = clocks): Telemetry {
  return telemetryOf([{ atMs: 1, from: "a test", otlp: { resourceSpans: [{ scopeSpans: [{ spans }] }] } }], events);
}

function toldRecord(record: object): Telemetry {
  return telemetryOf([{ atMs: 1, from: "a test", otlp: { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] } }], clocks);
}

describe("telemetry on the run's clock", () => {
  it("goes by the wall clock at that time, in whatever order it comes", () => {
    const { spans } = told([spanAt(startMs + 900), spanAt(startMs + 100), spanAt(startMs - 50)]);
    expect(spans.map(({ atMs, durationMs }) => [atMs, durationMs])).to.deep.equal([[-50, 5], [100, 5], [900, 5]]);
  });

  it("goes by the clock that held then, where the wall clock was moved", () => {
    const moved: RunEvent[] = [...clocks, { type: "clock", atMs: 1_000, wallMs: startMs + 3_601_000 }];
    const { spans } = told([spanAt(startMs + 3_602_000), spanAt(startMs + 500)], moved);
    expect(spans.map(({ atMs }) => atMs)).to.deep.equal([500, 2_000]);
  });

  it("keeps durations to the nanosecond", () => {
    const { spans } = told([{ name: "a", startTimeUnixNano: "1700000000123456789", endTimeUnixNano: "1700000000123456790" }]);
    expect(spans[0]?.durationMs).to.equal(0.000001);
  });
});

describe("OTLP's JSON", () => {
  it("may have numbers as numbers or text, and statuses by number or name", () => {
    const { spans } = told([spanAt(startMs, { status: { code: 2 } }), spanAt(startMs, { status: { code: "STATUS_CODE_OK" } }), { ...spanAt(startMs), startTimeUnixNano: 1.7e18, endTimeUnixNano: 1.7e18 }]);
    expect(spans.map(({ status }) => status)).to.deep.equal(["error", "ok", "unset"]);
    expect(spans[2]).to.deep.include({ atMs: 0, durationMs: 0 });
  });

  it("loses spans without a name or a time, or that end before they begin, and says how many", () => {
    const bad = [{ ...spanAt(startMs), name: 7 }, { name: "a", startTimeUnixNano: ns(startMs) }, { ...spanAt(startMs), endTimeUnixNano: ns(startMs - 1) }, null, "span"];
    const { spans, gaps } = told([spanAt(startMs), ...bad]);
    expect(spans).to.have.length(1);
    expect(gaps).to.deep.equal(["a test: 5 of the spans or records of one request could not be read"]);
  });

  it("takes the time at which a record was observed where it has no other", () => {
    expect(toldRecord({ observedTimeUnixNano: ns(startMs + 7), body: { stringValue: "x" } }).logs).to.deep.equal([{ atMs: 7, service: "", attributes: {}, severity: 0, severityText: "", body: "x" }]);
    expect(toldRecord({ timeUnixNano: "0", body: {} }).gaps).to.have.length(1);
  });

  it("shows values of all types as text", () => {
    const attribute = (value: object) => told([spanAt(startMs, { attributes: [{ key: "k", value }] })]).spans[0]?.attributes["k"];
    expect(attribute({ stringValue: "a" })).to.equal("a");
    expect(attribute({ intValue: "9007199254740993" })).to.equal("9007199254740993");
    expect(attribute({ boolValue: false })).to.equal("false");
    expect(attribute({ doubleValue: 0.5 })).to.equal("0.5");
    expect(attribute({ kvlistValue: { values: [{ key: "a", value: { arrayValue: { values: [{ intValue: "1" }, { stringValue: "b" }] } } }] } })).to.equal('{"a":[1,"b"]}');
    expect(attribute({})).to.equal("");
  });

  it("lets what is the item's own count before what is its resource's", () => {
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "shop" } }, { key: "k", value: { stringValue: "resource" } }] };
    const own = spanAt(startMs, { attributes: [{ key: "k", value: { stringValue: "own" } }] });
    const { spans } = telemetryOf([{ atMs: 1, from: "a test", otlp: { resourceSpans: [{ resource, scopeSpans: [{ spans: [own] }] }] } }], clocks);
    expect(spans[0]).to.deep.include({ service: "shop", attributes: { "service.name": "shop", k: "own" } });
  });

  it("may be anything at all without an error", () => {
    fc.assert(fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), (spans, resource) => {
      told(spans);
      telemetryOf([{ atMs: 1, from: "a test", otlp: { resourceSpans: [{ resource, scopeSpans: spans }], resourceLogs: spans } }], clocks);
    }));
  });
});

describe("a run's folder", () => {
  async function reread(record: (recorder: Recorder) => void, change: (file: string) => void = () => undefined) {
    using folder = temporaryFolder();
    {
      await using recorder = Recorder.create(folder.path, runInfo, new ManualClock());
      writeFileSync(recorder.historyPath, "");
      record(recorder);
    }
    change(join(folder.path, "telemetry.jsonl"));
    return await readRecording(folder.path);
  }

  it("gives back the telemetry that was recorded", async () => {
    const { telemetry } = await reread((recorder) => {
      recorder.telemetry({ atMs: 1, from: "OTLP over gRPC", opened: true, etcdShare: 0.5 });
      recorder.telemetry({ atMs: 2, from: "OTLP over gRPC", otlp: { resourceSpans: [{ scopeSpans: [{ spans: [spanAt(startMs)] }] }] } });
      recorder.telemetry({ atMs: 3, from: "f.jsonl", missing: "there is no such file" });
    });
    expect(telemetry).to.deep.include({ sources: ["OTLP over gRPC"], etcdShare: 0.5, gaps: ["f.jsonl: there is no such file"], logs: [] });
    expect(telemetry?.spans.map(({ name }) => name)).to.deep.equal(["a"]);
  });

  it("has no telemetry where nobody was to be listened to, as in older runs", async () => {
    expect(await reread(() => undefined)).to.not.have.property("telemetry");
  });

  it("tells of lines that are damaged or torn", async () => {
    const { defects, telemetry } = await reread(
      (recorder) => recorder.telemetry({ atMs: 1, from: "f", opened: true }),
      (file) => appendFileSync(file, '{"atMs":2,"from":"f"}\nnonsense\n{"atMs":3,"fr'),
    );
    expect(telemetry?.sources).to.deep.equal(["f"]);
    expect(defects.filter((defect) => defect.startsWith("telemetry"))).to.deep.equal([
      "telemetry.jsonl:2 is damaged and left out",
      "telemetry.jsonl:3 is damaged and left out",
      "telemetry.jsonl:4 is torn, as by a writer that was killed, and left out",
    ]);
  });
});

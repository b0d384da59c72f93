import { expect } from "chai";
import type { RunEvent } from "../../../src/recording/events.ts";
import { renderHtml } from "../../../src/report/html/page.tsx";
import { sampleRecording, sampleResults } from "../sample.ts";
import { readable } from "./tags.ts";

const sizeMax = 2_000_000;

describe("report.html of a large recording", function () {
  this.timeout(120_000);

  it("stays below 2 MB with a million operations and a hundred thousand log lines, and says what is left out", () => {
    const page = renderHtml(sampleRecording({ operationsPerSecond: 50_000, extraLogLines: 100_000 }), sampleResults("mixed"), "s".repeat(1_000_000), "p".repeat(1_000_000));
    expect(Buffer.byteLength(page)).to.be.below(sizeMax);
    const text = readable(page);
    expect(text).to.include("1,000,000 operations");
    expect(text).to.match(/[\d,]+ lines? of 100,0\d\d, of all members/);
    expect(text).to.match(/[\d,]+ further lines near these events left out/);
    expect(text).to.match(/s… \([\d,]+ more characters\)/);
  });

  it("stays below 2 MB when everything is long and there is very much of it", () => {
    const long = `"<&'`.repeat(20_000);
    const recording = sampleRecording({ hostileText: long });
    const events = Array.from({ length: 20_000 }, (_, index): RunEvent[] => [
      { type: "fault", atMs: index, fault: `isolated/${index}-pause`, kind: "pause", state: "requested", phase: "isolated", title: long.slice(0, 500), targets: ["etcd-1"], because: long.slice(0, 500) },
      { type: "fault", atMs: index + 0.5, fault: `isolated/${index}-pause`, kind: "pause", state: "failed", error: long },
      { type: "member", atMs: index, member: "etcd-1", state: "killed", detail: long.slice(0, 500) },
      { type: "note", atMs: index, level: "warning", text: long.slice(0, 500) },
    ]).flat();
    const assertion = {
      kind: "log",
      title: long,
      verdict: { outcome: "fail", observed: long, bound: long, reason: long, evidence: Array.from({ length: 100 }, (_, atMs) => ({ kind: "log", atMs, text: long }) as const) },
    } as const;
    const results = { ...sampleResults(), assertions: Array.from({ length: 500 }, () => assertion) };
    const page = renderHtml({ ...recording, events, defects: Array.from({ length: 500 }, () => long) }, results, long, long);
    expect(Buffer.byteLength(page)).to.be.below(sizeMax);
    expect(readable(page)).to.include("more are in results.json");
  });
});

import { expect } from "chai";
import { recoveryTimes } from "../../../src/analysis/recovery-times.ts";
import { runWindow } from "../../../src/analysis/windows.ts";
import { faultFigures } from "../../../src/report/html/fault-figures.ts";
import { renderHtml } from "../../../src/report/html/page.tsx";
import type { Recording } from "../../../src/recording/recording.ts";
import { recording } from "../../recordings/builder.ts";
import { sampleRecording, sampleResults } from "../sample.ts";
import { readable, section } from "./tags.ts";

const run = (): Recording =>
  recording()
    .phase("whole", 0, 10_000)
    .fault({ phase: "whole", targets: ["etcd-1"], requestedMs: 2_000, effectiveMs: 2_100, healingMs: 3_000, healedMs: 3_200 })
    .fault({ kind: "pause", phase: "whole", targets: ["etcd-2"], requestedMs: 6_000, effectiveMs: 6_100, healingMs: 7_000, healedMs: 7_100 })
    .fault({ kind: "pause", phase: "whole", targets: ["etcd-3"], requestedMs: 9_000 })
    .operations(0, 10_000, 100, (atMs) => ({ tookMs: atMs >= 2_000 && atMs < 3_000 ? 50 : 5, outcome: atMs >= 6_000 && atMs < 6_500 ? "info" : "ok" }))
    .build();
const figuresOf = (of: Recording) => faultFigures(of.operations, recoveryTimes(of), runWindow(of), 100);

describe("what clients got before, during and after each fault", () => {
  it("reaches back to the healing of the one before and forward to the request of the next", () => {
    expect(figuresOf(run()).map(({ parts }) => parts.map(({ when, startMs, endMs }) => [when, startMs, endMs]))).to.deep.equal([
      [["before", 0, 2_000], ["during", 2_000, 3_000], ["after", 3_000, 6_000]],
      [["before", 3_200, 6_000], ["during", 6_000, 7_000], ["after", 7_000, 9_000]],
      [["before", 7_100, 9_000], ["during", 9_000, 10_000]],
    ]);
  });

  it("counts what was attempted and what of it was ok, with percentiles of the latter", () => {
    const [slow, unanswered] = figuresOf(run()).map(({ parts }) => parts.find(({ when }) => when === "during")?.figures);
    expect(slow).to.deep.equal({ attempted: 10, ok: 10, p50Ms: 50, p99Ms: 50 });
    expect(unanswered).to.deep.equal({ attempted: 10, ok: 5, p50Ms: 5, p99Ms: 5 });
  });

  it("is told on the page with what followed on the fault", () => {
    const text = readable(section(renderHtml(sampleRecording(), sampleResults(), "", ""), "faults"));
    expect(text).to.match(/partition leader \(blocking\) etcd-2 before 0\.000–5\.002 s 1,001 100 % /);
    expect(text).to.match(/during 5\.002–13\.004 s .* new leader: 1\.\d+ s first acknowledged write: /);
    expect(text).to.match(/after 13\.004–20\.000 s .* first acknowledged write: /);
  });
});

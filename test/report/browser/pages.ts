import type { Results } from "../../../src/judge/results.ts";
import { renderHtml } from "../../../src/report/html/page.tsx";
import { crowdedRecording } from "../crowded.ts";
import { planted, plantedResults } from "../planted.ts";
import { samplePlanText, sampleRecording, sampleResults, sampleScenarioText } from "../sample.ts";

/** What a page must not do: markup, handlers and scripts in every text that a run can bring. */
export const hostile = `</script></style><script>globalThis.hacked = true; alert("x")</script><img src="http://127.0.0.1:9/x" onerror="globalThis.hacked = true"><svg onload="alert(1)">' " onmouseover="alert(2)" \u202e\u0000 javascript:alert(3)`;

function emptyResults(): Results {
  return { ...sampleResults(), outcome: "inconclusive", sentence: "Nothing was recorded.", assertions: [], assumptions: [] };
}

const drawn = (recording = sampleRecording(), results = sampleResults("mixed")): string => renderHtml(recording, results, sampleScenarioText, samplePlanText);

/** Pages of runs of every kind, as `report.html` is. */
export const pages = {
  "a run that passed": () => drawn(sampleRecording(), sampleResults()),
  "a run that failed": () => drawn(),
  "counterexamples of all checkers": () => drawn(sampleRecording(), plantedResults(Object.keys(planted).slice(0, 12))),
  "seven members, thirty phases and forty faults": () => drawn(crowdedRecording()),
  "a run that crashed before its first phase": () => {
    const { info, ...recording } = sampleRecording();
    const nothing = { phases: [], events: [], operations: [], statuses: [], logs: [], metrics: { series: () => [], scrapes: () => [], names: [] } };
    return drawn({ ...recording, ...nothing, info: { ...info, status: "crashed", error: "etcd-1 exited with 1" }, defects: ["history.jsonl is not there"] }, emptyResults());
  },
  "a run without faults and without load": () => {
    const recording = sampleRecording();
    return drawn({ ...recording, operations: [], events: recording.events.filter(({ type }) => type === "phase") }, sampleResults());
  },
  "hostile texts everywhere": () => {
    const results = sampleResults();
    const evidence = [{ kind: "window", atMs: 1, endMs: 2, member: hostile, text: hostile }, { kind: "log", atMs: 6_213, member: "etcd-1", text: hostile }] as const;
    const verdict = { outcome: "fail", observed: hostile, bound: hostile, reason: hostile, evidence } as const;
    const hostileResults: Results = { ...results, outcome: "fail", scenario: hostile, sentence: hostile, replay: hostile, assumptions: [{ title: hostile, outcome: "fail", observed: hostile }], assertions: [{ kind: hostile, title: hostile, verdict }] };
    return renderHtml(sampleRecording({ hostileText: hostile }), hostileResults, hostile, hostile, [{ name: hostile, measure: "rate" }]);
  },
} as const satisfies Readonly<Record<string, () => string>>;

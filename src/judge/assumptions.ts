import type { Assertion } from "../../assertions/assertion.ts";
import type { Shared } from "../../assertions/shared.ts";
import type { FaultWindow } from "../analysis/fault-windows.ts";
import { operationCounts } from "../analysis/key-figures.ts";
import { missedRequests } from "../analysis/missed.ts";
import type { Recording } from "../recording/recording.ts";
import { conditions } from "./conditions.ts";
import type { JudgedAssumption } from "./results.ts";
import { violationIn } from "./violation.ts";

/** What must hold for the assertions' verdicts to mean anything. */
export function assumptions(recording: Recording, faults: readonly FaultWindow[], watched: readonly Assertion[], shared: Shared): JudgedAssumption[] {
  return [wholeRun(recording), wholeRecording(recording), ...faults.map(faultBit), ...load(recording), ...conditions(recording), ...nothingViolated(recording, watched, shared)];
}

function wholeRun({ info }: Recording): JudgedAssumption {
  const title = "the run went to its end";
  switch (info.status) {
    case "finished":
      return { title, outcome: "pass", observed: "every phase had its time" };
    case "interrupted":
      return { title, outcome: "inconclusive", observed: `interrupted by ${info.signal ?? "a signal"}` };
    case "crashed":
      return { title, outcome: "inconclusive", observed: `the harness stopped it: ${info.error ?? "no reason recorded"}` };
    case "running":
      return { title, outcome: "inconclusive", observed: "the harness was killed while it ran" };
  }
}

function wholeRecording({ defects }: Recording): JudgedAssumption {
  const title = "the recording is whole";
  if (defects.length === 0) return { title, outcome: "pass", observed: "nothing is missing or damaged" };
  return { title, outcome: "inconclusive", observed: defects.join("; ") };
}

function faultBit(window: FaultWindow): JudgedAssumption {
  const title = `${window.title} took effect and healed`;
  const holding = [...window.proofs.injected, ...window.proofs.healed].filter(({ holds }) => !holds).map(({ text }) => text);
  switch (window.outcome) {
    case "proven":
      return { title, outcome: "pass", observed: `on ${window.targets.join(", ")}: ${window.proofs.injected.map(({ text }) => text).join("; ")}` };
    case "failed":
      return { title, outcome: "inconclusive", observed: `it could not be injected: ${window.error ?? "no reason recorded"}` };
    case "ineffective":
      return { title, outcome: "inconclusive", observed: `no evidence that it took effect: ${holding.join("; ") || "none was found"}` };
    case "unhealed":
      return { title, outcome: "inconclusive", observed: `no evidence that it healed: ${holding.join("; ") || "none was found"}` };
    case "cut-short":
      return { title, outcome: "inconclusive", observed: "the run ended before it was proven" };
  }
}

/** Without operations nothing of what clients see was tested; a scenario without workload asks for none. */
function load(recording: Recording): JudgedAssumption[] {
  const { events } = recording;
  const started = events.some((event) => event.type === "workload" && event.state === "started");
  if (!started) return [];
  const title = "the workload ran";
  const broken = events.find((event) => event.type === "workload" && event.state === "failed");
  if (broken?.type === "workload") return [{ title, outcome: "inconclusive", observed: broken.detail ?? "it failed" }];
  const { ok, due } = operationCounts(recording);
  const missed = missedRequests(events).reduce((sum, { count }) => sum + count, 0);
  const sent = due - missed;
  if (ok === 0) return [{ title, outcome: "inconclusive", observed: `${sent} operations, none acknowledged` }];
  const unsent = missed === 0 ? "" : `; ${missed} more were due and never sent, as the clients were all waiting`;
  return [{ title, outcome: "pass", observed: `${sent} operations, ${ok} acknowledged${unsent}` }, ...keptTime(recording)];
}

/** Later than this, and latencies tell more of this machine than of etcd. */
const timerLateLimitMs = 1_000;

function keptTime({ events }: Recording): JudgedAssumption[] {
  const stopped = events.find((event) => event.type === "workload" && event.state === "stopped");
  if (stopped?.type !== "workload" || stopped.timerLateMaxMs === undefined) return [];
  const observed = `it was woken at most ${Math.ceil(stopped.timerLateMaxMs)} ms too late`;
  return [{ title: "the load generator kept time", outcome: stopped.timerLateMaxMs <= timerLateLimitMs ? "pass" : "inconclusive", observed }];
}

/** What ends a run may be seen too late to end it, or whoever looks for it may have failed: the run must not pass then either. */
function nothingViolated(recording: Recording, watched: readonly Assertion[], shared: Shared): JudgedAssumption[] {
  if (watched.length === 0 || recording.info.status !== "finished") return [];
  const title = "nothing under abort-if was violated";
  const violation = violationIn(recording, watched, shared);
  if (violation !== undefined) return [{ title, outcome: "inconclusive", observed: violation }];
  return [{ title, outcome: "pass", observed: `no violation was seen of: ${watched.map((assertion) => assertion.title).join("; ")}` }];
}

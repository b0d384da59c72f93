import { runWindow } from "../analysis/windows.ts";
import type { Assertion } from "../../assertions/assertion.ts";
import { MonotonicClock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { findPrometheus } from "../prometheus/program.ts";
import { askRecorded } from "../prometheus/replay.ts";
import type { PromqlAnswer } from "../recording/promql.ts";
import type { Recording } from "../recording/recording.ts";
import { queriesOf } from "../run/prometheus.ts";
import { startWatchdog } from "../watchdog/watchdog.ts";
import { world } from "./world.ts";

/**
 * The recording with answers to those PromQL queries that were not asked while it ran: from what was
 * recorded of the members' metrics, by a Prometheus that is started for it. Where there is none, the
 * answer says so.
 */
export async function withRecordedAnswers(recording: Recording, assertions: readonly Assertion[]): Promise<Recording> {
  const unasked = queriesOf({ assertions }).filter((query) => recording.promql.every((answer) => answer.query !== query));
  if (unasked.length === 0) return recording;
  const answers = await answersTo(unasked, recording).catch((error: unknown) => unasked.map((query) => unanswered(query, recording, messageOf(error))));
  return { ...recording, promql: [...recording.promql, ...answers] };
}

async function answersTo(queries: readonly string[], recording: Recording): Promise<PromqlAnswer[]> {
  const { info, metrics } = recording;
  const clock = new MonotonicClock();
  const program = await findPrometheus(world(clock));
  const { startMs: fromMs, endMs: toMs } = runWindow(recording);
  const id = `judge-${process.pid}-${clock.originNs}`;
  // Removes process and folder also when this is killed.
  await using _ = await startWatchdog(id);
  return await askRecorded(program, queries, { metrics, members: info.members.map(({ name }) => name), zeroWallMs: Date.parse(info.startedAt), fromMs, toMs }, { id, clock });
}

function unanswered(query: string, recording: Recording, why: string): PromqlAnswer {
  const { startMs: fromMs, endMs: toMs } = runWindow(recording);
  return { query, fromMs, toMs, stepMs: 1, error: `this query was not asked while it ran, and what was recorded cannot be asked: ${why}` };
}

import { blindSpots } from "../analysis/coverage.ts";
import { faultWindows } from "../analysis/fault-windows.ts";
import { machineWaits } from "../analysis/machine-waits.ts";
import { meantIn } from "../analysis/meant.ts";
import { missedIn, missedRequests } from "../analysis/missed.ts";
import { runWindow } from "../analysis/windows.ts";
import type { Recording } from "../recording/recording.ts";
import { formatDuration } from "../units/duration.ts";
import type { JudgedAssumption } from "./results.ts";

/** The conditions under which a run was recorded, as assumptions: its load, its clocks, its observers, its machine. */
export function conditions(recording: Recording): JudgedAssumption[] {
  return [...loadReached(recording), ...clocksAgreed(recording), ...watchedThroughout(recording), machineHadTime(recording)];
}

/** Of what was due in a phase without faults, so much has to have been sent at least, or the load was another one. */
const sentShareMin = 0.5;

/**
 * By phase, what of the load was sent. Only phases in which no fault was in force can break it: clients that all wait for a
 * cluster that is down send nothing, which is what availability tells. A closed loop is never behind, but has to do something.
 */
function loadReached(recording: Recording): JudgedAssumption[] {
  if (!recording.events.some((event) => event.type === "workload" && event.state === "started")) return [];
  const missed = missedRequests(recording.events);
  const faults = faultWindows(recording);
  const phases = recording.phases.map((phase) => {
    const sent = meantIn(recording.operations, phase).filter(({ final }) => final !== true).length;
    const due = sent + missedIn(missed, phase);
    const hurt = faults.some(({ requestedMs, healedMs = Infinity }) => requestedMs < phase.endMs && healedMs > phase.startMs);
    return { name: phase.name, share: due === 0 ? 0 : sent / due, due, hurt };
  });
  const low = phases.filter(({ share, hurt }) => !hurt && share < sentShareMin);
  const words = ({ name, share, due }: (typeof phases)[number]): string => (due === 0 ? `nothing in ${name}` : `${Math.floor(share * 100)} % in ${name}`);
  return [{ title: "the load that was asked for was sent", outcome: low.length > 0 ? "inconclusive" : "pass", observed: `of what was due: ${(low.length > 0 ? low : phases).map(words).join(", ")}` }];
}

/** More than this, and times in members' logs may be out of order with all others. */
const clockJumpMaxMs = 100;

function clocksAgreed({ events }: Recording): JudgedAssumption[] {
  const ahead = events.flatMap((event) => (event.type === "clock" ? [{ atMs: event.atMs, offsetMs: event.wallMs - event.atMs }] : []));
  if (ahead.length === 0) return [];
  const moves = ahead.slice(1).map(({ atMs, offsetMs }, index) => ({ atMs, byMs: offsetMs - (ahead[index]?.offsetMs ?? offsetMs) }));
  const jump = moves.reduce<(typeof moves)[number] | undefined>((worst, move) => (worst !== undefined && Math.abs(worst.byMs) >= Math.abs(move.byMs) ? worst : move), undefined);
  const title = "the wall clock kept pace with the run's clock";
  if (jump === undefined) return [{ title, outcome: "pass", observed: "it was never moved" }];
  const observed = `it was moved by ${formatDuration(jump.byMs)} at ${formatDuration(jump.atMs)}`;
  return [{ title, outcome: Math.abs(jump.byMs) > clockJumpMaxMs ? "inconclusive" : "pass", observed: `${observed}, the most of ${moves.length} times` }];
}

/** Status is asked for every 100 ms with a time limit of 500 ms, metrics every 250 ms with one of 1 s: by then somebody has asked again, unless the harness itself was held up. */
const unaskedMaxMs = 3_000;

/** Whether members were asked all the time, whatever they answered; nothing where a recording has no samples at all. */
function watchedThroughout(recording: Recording): JudgedAssumption[] {
  const run = runWindow(recording);
  const sources = recording.info.members.flatMap(({ name }) => [
    { what: `Status of ${name}`, askedMs: recording.statuses.filter(({ member }) => member === name).map(({ atMs }) => atMs) },
    { what: `metrics of ${name}`, askedMs: recording.metrics.scrapes(name).map(({ atMs }) => atMs) },
  ]);
  const known = sources.filter(({ askedMs }) => askedMs.length > 0);
  if (known.length === 0) return [];
  const gaps = known.flatMap(({ what, askedMs }) => blindSpots(askedMs, run, unaskedMaxMs).map(({ startMs, endMs }) => `${what} was not asked for from ${formatDuration(startMs)} to ${formatDuration(endMs)}`));
  const title = "members were watched throughout";
  const [gap] = gaps;
  if (gap === undefined) return [{ title, outcome: "pass", observed: `no pause of more than ${formatDuration(unaskedMaxMs)}` }];
  return [{ title, outcome: "inconclusive", observed: gaps.length === 1 ? gap : `${gap}, and ${gaps.length - 1} times more` }];
}

/** Never inconclusive: what holds on a busy machine holds, and each time bound that was missed on one is left open by itself. */
function machineHadTime(recording: Recording): JudgedAssumption {
  const title = "the machine had time for the run";
  const { machine } = recording;
  if (machine.length === 0) return { title, outcome: "pass", observed: "not recorded" };
  const waits = machineWaits(recording);
  const worst = waits.reduce<(typeof waits)[number] | undefined>((most, wait) => (most !== undefined && most.share >= wait.share ? most : wait), undefined);
  if (worst === undefined) return { title, outcome: "pass", observed: `no process waited long for a CPU in ${machine.length} samples` };
  const busy = new Set(waits.map(({ endMs }) => endMs)).size;
  const observed = `processes waited long for a CPU in ${busy} of ${machine.length} samples, ${worst.process} most: ${Math.floor(worst.share * 100)} % of the time in which it wanted one; time bounds missed for that alone are left open`;
  return { title, outcome: "pass", observed };
}

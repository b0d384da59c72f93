import { clip, counted, seconds } from "../../text.ts";
import { formatDuration } from "../../../units/duration.ts";
import { Section } from "../sections/parts.tsx";
import type { ReportView } from "../view.ts";
import { AvailabilityLane, attemptStretches } from "./availability-lane.tsx";
import { drawing, timeAxis, type TimeAxis } from "./axis.ts";
import { EvidenceLane, evidenceLaneHeight, markedAssertions } from "./evidence-lane.tsx";
import { FaultLane, FaultShades, faultRowHeight, faultRows } from "./fault-lane.tsx";
import { FsyncLane } from "./fsync-lane.tsx";
import { stack, type LaneBox } from "./lane.ts";
import { LatencyLane } from "./latency-lane.tsx";
import { Legend } from "./legend.tsx";
import { MemberLane, memberRowHeight } from "./member-lane.tsx";
import { Patterns } from "./patterns.tsx";
import { MetricLane, metricTitle } from "./metric-lane.tsx";
import { PhaseLane } from "./phase-lane.tsx";
import { ThroughputLane } from "./throughput-lane.tsx";

/** One time axis for everything that was seen. */
export function Timeline({ view }: { view: ReportView }) {
  const lead =
    `Seconds since the start; bins of ${formatDuration(view.binMs)}. Shaded: time of faults. ` +
    `Operations count when they end, latency from the intended start; time without data stays empty.`;
  return (
    <Section id="timeline" title="Timeline" lead={lead}>
      <p class="readout" id="readout" role="status" hidden />
      <div class="scroll drawing" role="region" aria-label="Timeline drawing" tabIndex={0} id="drawing" data-readout={JSON.stringify(readoutData(view))}>
        <Drawing view={view} />
      </div>
      <Legend evidence={markedAssertions(view.assertions).length > 0} heat={view.heat} />
      {view.outagesTotal > view.outages.length ? (
        <p class="notice">{counted(view.outagesTotal - view.outages.length, "shorter stretch", "shorter stretches")} without an acknowledged write left out of the drawing.</p>
      ) : null}
      {view.rolesLeft > 0 ? <p class="notice">{counted(view.rolesLeft, "short stretch", "short stretches")} of members' roles left out of the drawing.</p> : null}
    </Section>
  );
}

function Drawing({ view }: { view: ReportView }) {
  const { faultsDrawn: faults, roles, fsync, metrics } = view;
  const axis = timeAxis(view.run.startMs, view.run.endMs);
  const { rows, left: crowded } = faultRows(faults, axis.endMs);
  const left = crowded + view.faults.length - faults.length;
  const marked = markedAssertions(view.assertions);
  const lanes = stack([
    { name: "phases", height: 22, gap: 0 },
    { name: "faults", height: rows.length * faultRowHeight, gap: rows.length === 0 ? 0 : 8 },
    ...roles.map((_, index) => ({ name: `member ${index}`, height: memberRowHeight, gap: index === 0 ? 10 : 4 })),
    { name: "writes", height: 20, gap: 14 },
    { name: "throughput", height: 72, gap: 16 },
    { name: "latency", height: 140, gap: 16 },
    ...(fsync.length === 0 ? [] : [{ name: "fsync", height: 64, gap: 22 }]),
    ...metrics.map((_, index) => ({ name: `metric ${index}`, height: 72, gap: 14 })),
    ...(marked.length === 0 ? [] : [{ name: "evidence", height: evidenceLaneHeight(marked), gap: 14 }]),
  ]);
  const box = (name: string): LaneBox => ({ axis, ...(lanes.boxes.get(name) ?? { top: 0, height: 0 }) });
  const faultsTop = box("faults").top;
  return (
    <svg viewBox={`0 0 ${drawing.width} ${lanes.height + 30}`} role="img" aria-labelledby="timeline-svg-title timeline-svg-desc" class="timeline">
      <title id="timeline-svg-title">Timeline of the run</title>
      <desc id="timeline-svg-desc">{description(view)}</desc>
      <Patterns />
      <FaultShades faults={faults} axis={axis} top={faultsTop} bottom={lanes.height + 4} />
      <TimeGrid axis={axis} top={box("phases").height} bottom={lanes.height + 4} />
      <PhaseLane phases={view.phases} box={box("phases")} bottom={lanes.height + 4} />
      {rows.length === 0 ? null : <LaneName text={left > 0 ? `faults (+${left})` : "faults"} top={faultsTop} middle={8} />}
      <FaultLane faults={view.faults} rows={rows} box={box("faults")} />
      {roles.map(({ member, stretches }, index) => (
        <>
          <LaneName text={member} top={box(`member ${index}`).top} middle={memberRowHeight / 2} strong />
          <MemberLane
            stretches={stretches}
            events={view.memberEvents.filter((event) => event.member === member)}
            faults={faults.filter(({ targets }) => targets.includes(member))}
            box={box(`member ${index}`)}
          />
        </>
      ))}
      <LaneName text="writes" top={box("writes").top} middle={10} strong />
      <AvailabilityLane stretches={attemptStretches(view.writeBins, view.binMs, axis.endMs)} outages={view.outages} box={box("writes")} />
      <LaneName text="operations" under="per second" top={box("throughput").top} middle={4} strong />
      <ThroughputLane bins={view.throughput} binMs={view.binMs} box={box("throughput")} />
      <LaneName text="latency" under="ok only" top={box("latency").top} middle={4} strong />
      <LatencyLane points={view.latency} heat={view.heat} binMs={view.binMs} box={box("latency")} />
      {fsync.length === 0 ? null : <LaneName text="WAL fsync" under="p99" top={box("fsync").top} middle={4} strong />}
      {fsync.length === 0 ? null : <FsyncLane series={fsync} box={box("fsync")} />}
      {metrics.map((lane, index) => (
        <MetricLane lane={lane} box={box(`metric ${index}`)} />
      ))}
      {metrics.length === 0 ? null : <LaneName text="metrics" under="each member" top={box("metric 0").top} middle={6} strong />}
      {marked.length === 0 ? null : <EvidenceLane marked={marked} box={box("evidence")} />}
      {marked.length === 0 ? null : <LaneName text="evidence" top={box("evidence").top} middle={6} />}
      <g>
        {axis.ticks.map(({ x, label }) => (
          <text x={x} y={lanes.height + 18} class="tick">
            {label}
          </text>
        ))}
        <text x={drawing.left - 8} y={lanes.height + 18} class="tick value">
          seconds
        </text>
      </g>
      <line id="crosshair" class="crosshair" x1="0" x2="0" y1={box("phases").height} y2={lanes.height + 4} visibility="hidden" />
    </svg>
  );
}

interface LaneNameProps {
  readonly text: string;
  /** A second, quieter line. */
  readonly under?: string;
  readonly top: number;
  /** Where the middle of the first line is, below the top. */
  readonly middle: number;
  readonly strong?: boolean;
}

function LaneName({ text, under, top, middle, strong = false }: LaneNameProps) {
  return (
    <>
      <text x={0} y={top + middle + 4} class={strong ? "lane-name strong" : "lane-name"}>
        {text}
      </text>
      {under === undefined ? null : (
        <text x={0} y={top + middle + 18} class="lane-name">
          {under}
        </text>
      )}
    </>
  );
}

function TimeGrid({ axis, top, bottom }: { axis: TimeAxis; top: number; bottom: number }) {
  return (
    <g>
      {axis.ticks.map(({ x }) => (
        <line x1={x} x2={x} y1={top} y2={bottom} class="grid" />
      ))}
    </g>
  );
}

/** The drawing in words, for those who cannot see it; the tables below hold the figures. */
function description({ run, phases, faults, leaderships, outages }: ReportView): string {
  return [
    `From ${seconds(run.startMs)} to ${seconds(run.endMs)} seconds.`,
    `Phases: ${phases.map(({ name, startMs }) => `${name} from ${seconds(startMs)}`).join(", ")}.`,
    ...faults.slice(0, 10).map(({ title, targets, requestedMs }) => `Fault ${title} on ${targets.join(", ")} at ${seconds(requestedMs)}.`),
    ...leaderships.slice(0, 10).map(({ leader, term, firstSeenMs }) => `${leader} seen as leader at term ${term} at ${seconds(firstSeenMs)}.`),
    ...outages.slice(0, 10).map(({ startMs, endMs }) => `No acknowledged write for ${formatDuration(endMs - startMs)} from ${seconds(startMs)}.`),
  ].join(" ");
}

/** What the small script needs to read values off under the pointer; rounded, so that the page stays small. */
function readoutData({ run, binMs, throughput, latency, roles, phases, faultsDrawn, metrics }: ReportView) {
  const latencyAt = new Map(latency.map((point) => [Math.floor((point.atMs - run.startMs) / binMs), point]));
  return {
    startMs: run.startMs,
    endMs: run.endMs,
    binMs,
    left: drawing.left,
    right: drawing.right,
    width: drawing.width,
    phases: phases.map(({ name, startMs, endMs }) => [name, Math.round(startMs), Math.round(endMs)]),
    faults: faultsDrawn.map(({ title, targets, requestedMs, healedMs }) => [Math.round(requestedMs), Math.round(healedMs ?? run.endMs), `${clip(title, 60)} → ${targets.join(", ")}`]),
    metrics: metrics.filter(({ series }) => series.length > 0).map((lane) => [
      metricTitle(lane),
      run.startMs,
      Math.max(binMs, 1_000),
      lane.series.map(({ member, points }) => [member, points.map(({ value }) => digits(value))]),
    ]),
    members: roles.map(({ member, stretches }) => [
      member,
      stretches.map(({ startMs, endMs, role, term }) => [Math.round(startMs), Math.round(endMs), role, term ?? null]),
    ]),
    bins: throughput.map(({ ok, fail, info }, index) => {
      const point = latencyAt.get(index);
      return [ok, fail, info, digits(point?.p50), digits(point?.p99), digits(point?.max)];
    }),
  };
}

function digits(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(3));
}

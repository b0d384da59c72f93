import type { Outage } from "../../../analysis/availability.ts";
import type { ThroughputBin } from "../../../analysis/throughput.ts";
import type { TimeWindow } from "../../../analysis/windows.ts";
import { formatDuration } from "../../../units/duration.ts";
import { seconds } from "../../text.ts";
import { fits, round } from "./axis.ts";
import type { LaneBox } from "./lane.ts";

interface Attempts extends TimeWindow {
  readonly name: "written" | "no attempts";
}

/** Bins with writes and bins without, joined to stretches. Time without attempts says nothing about etcd. */
export function attemptStretches(bins: readonly ThroughputBin[], binMs: number, endMs: number): Attempts[] {
  const stretches: { name: Attempts["name"]; startMs: number; endMs: number }[] = [];
  for (const bin of bins) {
    const name = bin.attempted + bin.ok + bin.fail + bin.info > 0 ? "written" : "no attempts";
    const last = stretches.at(-1);
    const binEndMs = Math.min(bin.startMs + binMs, endMs);
    if (last?.name === name && last.endMs >= bin.startMs) last.endMs = binEndMs;
    else stretches.push({ name, startMs: bin.startMs, endMs: binEndMs });
  }
  return stretches;
}

/** Whether writes were acknowledged: yes, no, or nobody asked. */
export function AvailabilityLane({ stretches, outages, box }: { stretches: readonly Attempts[]; outages: readonly Outage[]; box: LaneBox }) {
  const { axis, top, height } = box;
  return (
    <g>
      {stretches.map(({ name, startMs, endMs }) => (
        <g>
          <title>{`${name === "written" ? "writes acknowledged" : "no writes attempted"}, ${seconds(startMs)} s to ${seconds(endMs)} s`}</title>
          <rect x={axis.x(startMs)} y={top} width={axis.x(endMs) - axis.x(startMs)} height={height} class={name === "written" ? "available" : "unasked"} />
          {name === "written" ? null : <rect x={axis.x(startMs)} y={top} width={axis.x(endMs) - axis.x(startMs)} height={height} fill="url(#unasked)" />}
        </g>
      ))}
      {outages.map((outage, index) => (
        <OutageBlock outage={outage} nextMs={outages[index + 1]?.startMs ?? axis.endMs} box={box} />
      ))}
    </g>
  );
}

/** Its length is written in it where there is room, else after it, else nowhere: the story has it. */
function OutageBlock({ outage: { startMs, endMs, attempted }, nextMs, box }: { outage: Outage; nextMs: number; box: LaneBox }) {
  const { axis, top, height } = box;
  const [left, right] = [axis.x(startMs), axis.x(endMs)];
  const short = `✗ ${formatDuration(endMs - startMs)}`;
  const inside = [`✗ no write for ${formatDuration(endMs - startMs)}`, short].find((text) => fits(text, right - left));
  const after = inside === undefined && fits(short, axis.x(nextMs) - right);
  return (
    <g>
      <title>{`no acknowledged write from ${seconds(startMs)} s to ${seconds(endMs)} s, ${attempted} attempted`}</title>
      <rect x={left} y={top} width={Math.max(1, right - left)} height={height} class="outage" />
      {inside === undefined ? null : (
        <text x={round((left + right) / 2)} y={top + height / 2 + 4} class="outage-name">
          {inside}
        </text>
      )}
      {after ? (
        <text x={right + 4} y={top + height / 2 + 4}>
          {short}
        </text>
      ) : null}
    </g>
  );
}

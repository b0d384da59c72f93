import type { LiveSource } from "../../run/live-source.ts";
import type { RunEvent } from "../../recording/events.ts";
import { statsEveryMs, type WorkloadStats } from "../../workloads/stats.ts";
import { formatDuration } from "../../units/duration.ts";
import type { View } from "./live-view.ts";

const loadLineEveryMs = 5_000;

/** A line for each thing that happens, and one about the load now and then: for logs and CI. */
export function plainView(write: (line: string) => void): View {
  return {
    say: write,
    step: (text) => write(`… ${text}`),
    start(source) {
      const say = (atMs: number, text: string): void => write(`${seconds(atMs)}  ${text}`);
      source.onEvent((event) => {
        const text = sentence(event, source);
        if (text !== undefined) say(event.atMs, text);
      });
      const load = new LoadLines();
      source.onStats((stats) => {
        const line = load.add(stats);
        if (line !== undefined) say(source.clock.nowMs(), line);
      });
    },
    stop: () => undefined,
  };
}

function seconds(ms: number): string {
  return `${(ms / 1e3).toFixed(1).padStart(6)} s`;
}

/** Undefined for what nobody at a terminal needs to know. */
export function sentence(event: RunEvent, { plan }: Pick<LiveSource, "plan">): string | undefined {
  switch (event.type) {
    case "phase": {
      if (event.state === "ended") return undefined;
      const planned = plan.phases.find(({ name }) => name === event.phase);
      return `phase ${event.phase}${planned === undefined ? "" : ` (${formatDuration(planned.endMs - planned.startMs)})`}`;
    }
    case "fault":
      return faultSentence(event);
    case "member":
      return `${event.member} ${event.state}${event.detail === undefined ? "" : `: ${event.detail}`}`;
    case "workload":
      return event.detail === undefined ? undefined : `workload ${event.state}: ${event.detail}`;
    case "note":
      return event.text;
    case "interrupted":
      return `interrupted by ${event.signal}`;
    case "clock":
    case "missed":
      return undefined;
  }
}

function faultSentence(event: RunEvent & { type: "fault" }): string {
  switch (event.state) {
    case "requested":
      return `fault ${event.title} → ${event.targets.join(", ")} (${event.because})`;
    case "healing":
      return `healing ${event.kind}`;
    case "failed":
      return `${event.kind} failed: ${event.error}`;
    case "effective":
    case "ineffective":
    case "healed":
    case "unhealed":
      return `${event.kind} ${event.state}: ${event.proofs.map(({ text }) => text).join("; ")}`;
  }
}

/** Adds statistics up to one line each few seconds; of the percentiles of shorter times, which do not add up, it tells the worst. */
class LoadLines {
  #overMs = 0;
  #counts = { ok: 0, fail: 0, info: 0, missed: 0 };
  #p99MaxMs = 0;
  /** Acknowledged ones of each workload, where there are several. */
  #ofKinds = new Map<string, number>();

  add({ ok, fail, info, missed, p99Ms, kinds = [] }: WorkloadStats): string | undefined {
    this.#overMs += statsEveryMs;
    this.#counts.ok += ok;
    this.#counts.fail += fail;
    this.#counts.info += info;
    this.#counts.missed += missed;
    for (const each of kinds) this.#ofKinds.set(each.kind, (this.#ofKinds.get(each.kind) ?? 0) + each.ok);
    this.#p99MaxMs = Math.max(this.#p99MaxMs, p99Ms ?? 0);
    if (this.#overMs < loadLineEveryMs) return undefined;
    const total = this.#counts.ok + this.#counts.fail + this.#counts.info;
    const latency = this.#p99MaxMs === 0 ? "no latency" : `p99 up to ${formatDuration(this.#p99MaxMs)}`;
    const unsent = this.#counts.missed === 0 ? "" : `, never sent ${this.#counts.missed}`;
    const ofKinds = this.#ofKinds.size === 0 ? "" : ` (${[...this.#ofKinds].map(([kind, count]) => `${kind} ${count}`).join(", ")})`;
    const line = `${Math.round((total * 1e3) / this.#overMs)} ops/s: ok ${this.#counts.ok}${ofKinds}, fail ${this.#counts.fail}, unknown ${this.#counts.info}${unsent}; ${latency}`;
    this.#overMs = 0;
    this.#counts = { ok: 0, fail: 0, info: 0, missed: 0 };
    this.#p99MaxMs = 0;
    this.#ofKinds.clear();
    return line;
  }
}

import { messageOf } from "../errors.ts";
import type { PromqlAnswer, PromqlSeries } from "../recording/promql.ts";
import type { PrometheusApi } from "./api.ts";

/** The moments that a query is asked for, on the run's clock, and by how much the wall clock is ahead of it. */
export interface RunRange extends Pick<PromqlAnswer, "fromMs" | "toMs" | "stepMs"> {
  readonly wallAheadMs: number;
}

/** Whole milliseconds within a stretch of the run's clock. */
export function momentsOf(fromMs: number, toMs: number, stepMs: number): Pick<PromqlAnswer, "fromMs" | "toMs" | "stepMs"> {
  return { fromMs: Math.ceil(fromMs), toMs: Math.floor(toMs), stepMs };
}

/** Asks a query over a stretch of a run, and puts the answer on the run's clock. Never rejects. */
export async function askOverRun(api: PrometheusApi, query: string, { fromMs, toMs, stepMs, wallAheadMs }: RunRange): Promise<{ readonly series: PromqlSeries[] } | { readonly error: string }> {
  const startWallMs = Math.round(fromMs + wallAheadMs);
  try {
    const series = await api.queryRange(query, { startWallMs, endWallMs: startWallMs + toMs - fromMs, stepMs });
    return { series: series.map(({ labels, points }) => ({ labels, points: points.map(([wallMs, value]) => [wallMs - startWallMs + fromMs, value]) })) };
  } catch (error) {
    return { error: `Prometheus did not answer: ${messageOf(error)}` };
  }
}

import { z } from "zod";
import { messageOf } from "../errors.ts";
import { askHttp } from "../http.ts";
import type { PromqlSeries } from "../recording/promql.ts";

/** Moments of the wall clock, in milliseconds since 1970. */
export interface QueryRange {
  readonly startWallMs: number;
  readonly endWallMs: number;
  readonly stepMs: number;
}

/** A query that Prometheus refuses, whenever it is asked. */
export class BadQuery extends Error {}

const answerSchema = z.union([
  z.object({ status: z.literal("success"), data: z.unknown() }),
  z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() }),
]);

const matrixSchema = z.object({
  resultType: z.literal("matrix"),
  result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])).default([]) })),
});
const targetsSchema = z.object({
  activeTargets: z.array(z.object({ labels: z.record(z.string(), z.string()), health: z.string(), lastError: z.string().default(""), scrapeInterval: z.string().default("1m") })),
});
const buildSchema = z.object({ version: z.string() });

export type Target = z.infer<typeof targetsSchema>["activeTargets"][number];

/** More moments than these Prometheus refuses at once (11,000 in its web API). */
const momentsMax = 10_000;
const limitMs = 30_000;
const maxBytes = 256 * 1024 * 1024;

/** The HTTP API of a Prometheus, as far as it is needed here. */
export class PrometheusApi {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url.replace(/\/+$/, "");
  }

  /** `2.53.3`, without what a packager added to it; undefined while none answers. */
  async version(): Promise<string | undefined> {
    return this.#ask("/api/v1/status/buildinfo", buildSchema, 2_000).then(({ version }) => version.replace(/\+.*$/, ""), () => undefined);
  }

  async targets(): Promise<readonly Target[]> {
    return (await this.#ask("/api/v1/targets?state=active", targetsSchema)).activeTargets;
  }

  /**
   * Checks a query without looking for anything.
   * @throws BadQuery with Prometheus' own words
   */
  async check(query: string): Promise<void> {
    await this.queryRange(query, { startWallMs: 0, endWallMs: 0, stepMs: 1_000 });
  }

  /**
   * What a query comes to at each moment of a range, in as many questions as it takes. Moments are exact:
   * start + n · step.
   * @throws BadQuery, or an Error whose message says why there was no answer
   */
  async queryRange(query: string, { startWallMs, endWallMs, stepMs }: QueryRange): Promise<PromqlSeries[]> {
    const found = new Map<string, { readonly labels: Record<string, string>; readonly points: [number, string][] }>();
    const stretchMs = momentsMax * stepMs;
    for (let fromMs = startWallMs; fromMs <= endWallMs; fromMs += stretchMs) {
      const toMs = Math.min(endWallMs, fromMs + stretchMs - stepMs);
      const asked = new URLSearchParams({ query, start: String(fromMs / 1_000), end: String(toMs / 1_000), step: String(stepMs / 1_000) });
      const { result } = await this.#ask(`/api/v1/query_range?${asked}`, matrixSchema);
      for (const { metric, values } of result) {
        const key = JSON.stringify(Object.entries(metric).sort());
        const series = found.get(key) ?? { labels: metric, points: [] };
        found.set(key, series);
        for (const [seconds, value] of values) series.points.push([startWallMs + Math.round((seconds * 1_000 - startWallMs) / stepMs) * stepMs, value]);
      }
    }
    return [...found.values()];
  }

  async #ask<Data>(path: string, schema: z.ZodType<Data>, withinMs = limitMs): Promise<Data> {
    const { status, body } = await askHttp(`${this.#url}${path}`, { limitMs: withinMs, maxBytes });
    const answer = answerSchema.safeParse(parsed(body)).data;
    if (answer === undefined) throw new Error(`${this.#url} answered ${path.split("?", 1).join("")} with status ${status}, and not as Prometheus does`);
    if (answer.status === "success") return schema.parse(answer.data);
    if (answer.errorType === "bad_data") throw new BadQuery(answer.error.replace(/^invalid parameter "query": /, ""));
    throw new Error(`Prometheus says: ${answer.error} (${answer.errorType})`);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    return messageOf(error);
  }
}

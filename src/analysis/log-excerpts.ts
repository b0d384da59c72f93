import { bisector } from "d3-array";

import type { LogLine } from "../recording/log-line.ts";
import type { Recording } from "../recording/recording.ts";
import { joined } from "./coverage.ts";

/** A log line near an event, and what it tells of. */
export interface Excerpt {
  readonly line: LogLine;
  readonly tag: ExcerptTag;
  /** Whether it is one of the patterns that tell what happened to the cluster. */
  readonly telling: boolean;
}

export type ExcerptTag = (typeof tags)[number]["tag"] | "warning" | "other";

export interface ExcerptLimits {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly mostLines: number;
}

/** Patterns of etcd's lines, most telling first. */
const tags = [
  { tag: "election", pattern: /became leader at term|elected leader|changed leader from/ },
  { tag: "leader lost", pattern: /lost leader|stepped down to follower|quorum is not active/ },
  { tag: "alarm", pattern: /\balarm\b|hash mismatch|\bpanic|corrupt|no space/i },
  { tag: "campaign", pattern: /became (?:pre-)?candidate|became follower|starting a new election/ },
  { tag: "peer", pattern: /peer became (?:in)?active|lost TCP streaming connection|established TCP streaming connection|prober detected unhealthy/ },
  { tag: "slow", pattern: /took too long|slow fdatasync|failed to send out heartbeat on time|ReadIndex response/ },
] as const;

const lineAt = bisector((line: LogLine) => line.atMs);

/**
 * The lines of all members around events, most telling first: by pattern, then warnings and errors,
 * then the rest; among equals those nearest to an event. No more than `mostLines`, each once.
 */
export function excerptsAround({ logs }: Recording, atMs: readonly number[], { beforeMs, afterMs, mostLines }: ExcerptLimits): Excerpt[] {
  const moments = [...atMs].sort((a, b) => a - b);
  const near = joined(moments.map((moment) => ({ startMs: moment - beforeMs, endMs: moment + afterMs }))).flatMap(({ startMs, endMs }) =>
    logs.slice(lineAt.left(logs, startMs), lineAt.right(logs, endMs)),
  );
  return near
    .map((line) => ({ line, tag: tagOf(line), distanceMs: distanceMs(moments, line.atMs) }))
    .sort((a, b) => rank(a.tag) - rank(b.tag) || a.distanceMs - b.distanceMs)
    .slice(0, mostLines)
    .map(({ line, tag }) => ({ line, tag, telling: rank(tag) < tags.length }));
}

const lengthLookedAt = 1_000;

/** Which of the patterns that tell what happened to the cluster a line has; undefined for one that has none. */
export function tellingTag(line: LogLine): ExcerptTag | undefined {
  const tag = tagOf(line);
  return rank(tag) < tags.length ? tag : undefined;
}

function tagOf({ msg, level }: LogLine): ExcerptTag {
  const text = msg.slice(0, lengthLookedAt);
  const known = tags.find(({ pattern }) => pattern.test(text));
  return known?.tag ?? (level === "" || level === "info" || level === "debug" ? "other" : "warning");
}

function rank(tag: ExcerptTag): number {
  const place = tags.findIndex((each) => each.tag === tag);
  if (place >= 0) return place;
  return tag === "warning" ? tags.length : tags.length + 1;
}

function distanceMs(moments: readonly number[], atMs: number): number {
  return moments.reduce((nearest, moment) => Math.min(nearest, Math.abs(moment - atMs)), Infinity);
}

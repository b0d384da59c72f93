import { blindSpots, standstills, without, type Stretch } from "../../src/analysis/coverage.ts";
import type { Recording } from "../../src/recording/recording.ts";
import type { SeenWindow } from "../window.ts";
import { quantitiesOf } from "./quantities.ts";
import type { Settled } from "./settle.ts";

/** What is looked at one after the other: scrapes, or seconds; and when nothing could be seen. */
export interface Looks {
  readonly moments: readonly Moment[];
  readonly gaps: readonly Stretch[];
  /** How they are called: `scrape`, `second`. */
  readonly noun: string;
}

/** A stretch of time, for a scrape of no length, and the window that is measured to know about it. */
export interface Moment extends Stretch {
  readonly window: SeenWindow;
}

/** Metrics are scraped every 250 ms: that much later a scrape is missing, not late. */
const scrapeLateMs = 1_000;
const secondMs = 1_000;
/** In a run that was cut short, what clients had under way at its end has no outcome. */
const underWayMs = 5_000;
/** Less than any time between two scrapes. */
const momentMs = 0.001;

/**
 * Values of metrics of one member are looked at scrape by scrape; everything else needs some time, and
 * is looked at second by second. `member` is the one whom the comparison is made for. Where it did not run there is nothing
 * to see, which is a gap only for what has to hold on end.
 */
export function looksAt(recording: Recording, { left, right, forMs }: Settled, member: string | undefined, window: SeenWindow): Looks {
  const followers = [...quantitiesOf(left), ...quantitiesOf(right)].filter((quantity) => quantity.window === undefined);
  const isMoment = followers.every(({ measure, members, summed }) => measure.name === "value" && summed !== true && !(members !== undefined && /^etcd-/.test(members.name) && members.name !== member));
  const stood = member === undefined ? [] : standstills(recording, member);
  const gapless = forMs === undefined ? stood : [];
  return member !== undefined && isMoment ? scrapesOf(recording, member, window, gapless) : secondsOf(stood, gapless, window);
}

function scrapesOf(recording: Recording, member: string, { name, startMs, endMs }: SeenWindow, gapless: readonly Stretch[]): Looks {
  const seenMs = recording.metrics.scrapes(member).filter(({ ok, atMs }) => ok && atMs > startMs && atMs <= endMs).map(({ atMs }) => atMs);
  const gaps = without(blindSpots(seenMs, { startMs, endMs }, scrapeLateMs), gapless).filter((gap) => gap.endMs - gap.startMs > scrapeLateMs);
  const moments = seenMs.map((atMs) => ({ startMs: atMs, endMs: atMs, window: { name, startMs: atMs - momentMs, endMs: atMs, complete: true } }));
  return { moments, gaps, noun: "scrape" };
}

/** Whole seconds, the last of which ends with the window; those in which the member did not run are left out. */
function secondsOf(stood: readonly Stretch[], gapless: readonly Stretch[], { name, startMs, endMs, complete }: SeenWindow): Looks {
  const seconds = Math.max(1, Math.ceil((endMs - startMs) / secondMs));
  const moments = Array.from({ length: seconds }, (_, index) => {
    const toMs = Math.min(startMs + (index + 1) * secondMs, endMs);
    const second = { startMs: Math.max(startMs, toMs - secondMs), endMs: toMs };
    return { ...second, window: { ...second, name: `a second of ${name}`, complete: complete || toMs <= endMs - underWayMs } };
  });
  const isIn = (stops: readonly Stretch[], { startMs: fromMs, endMs: toMs }: Stretch): boolean => stops.some((stop) => stop.startMs <= fromMs && stop.endMs >= toMs);
  const seen = moments.filter((second) => !isIn(stood, second));
  const gaps = moments.filter((second) => isIn(stood, second) && !isIn(gapless, second));
  return { moments: seen, gaps, noun: "second" };
}

import type { Clock } from "../clock.ts";
import type { Link } from "../cluster/links.ts";
import type { Member } from "../cluster/member.ts";
import { askHttp, TooSlow } from "../http.ts";
import { formatDuration } from "../units/duration.ts";

export interface Waiting {
  readonly limitMs: number;
  /** Ends the probe early, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What came of `GET /version`; any HTTP answer is one. */
export type Answer =
  | { readonly kind: "answered"; readonly tookMs: number }
  | { readonly kind: "silent" } // connected or not, nothing came within the limit
  | { readonly kind: "broken" }; // refused, or closed without an answer

/** Asks host:port for etcd's version over a connection of its own; peer and client ports both serve it. */
export async function askVersion(address: string, clock: Clock, { limitMs, signal }: Waiting): Promise<Answer> {
  const startMs = clock.nowMs();
  try {
    await askHttp(`http://${address}/version`, { limitMs: Math.ceil(limitMs), signal });
    return { kind: "answered", tookMs: clock.nowMs() - startMs };
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: error instanceof TooSlow ? "silent" : "broken" };
  }
}

/** Asks a member itself, on its client port and past all links. */
export function askMember({ directUrl }: Member, clock: Clock, waiting: Waiting): Promise<Answer> {
  return askVersion(new URL(directUrl).host, clock, waiting);
}

/** How long a request took over a link, in ms; undefined where there was no answer. */
export interface RoundTrip {
  readonly link: Link;
  readonly tookMs: number | undefined;
}

/** One request over each link, all at once. */
export async function roundTrips(links: readonly Link[], clock: Clock, waiting: Waiting): Promise<RoundTrip[]> {
  return Promise.all(
    links.map(async (link) => {
      const answer = await askVersion(link.listen, clock, waiting);
      return { link, tookMs: answer.kind === "answered" ? answer.tookMs : undefined };
    }),
  );
}

/** `2 ms to 3.1 ms (1 without an answer)` */
export function rangeOf(tookMs: readonly (number | undefined)[]): string {
  const answered = tookMs.filter((each) => each !== undefined);
  if (answered.length === 0) return "no answer";
  const [low, high] = [formatDuration(Math.min(...answered)), formatDuration(Math.max(...answered))];
  const without = tookMs.length - answered.length;
  return `${low === high ? low : `${low} to ${high}`}${without > 0 ? ` (${without} without an answer)` : ""}`;
}

/** The first few of many names. */
export function listed(names: readonly string[], max = 4): string {
  const more = names.length - max;
  return more > 1 ? `${names.slice(0, max).join(", ")} and ${more} more` : names.join(", ");
}

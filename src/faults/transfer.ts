import type { Streams } from "../cluster/links.ts";
import { headerMaxBytes, type Exchange, type Order } from "./exchange.ts";
import { describeEndings, formatBytes, type LinkProbe } from "./link-probe.ts";

export type Stream = "upstream" | "downstream";
/** Whose links: to the other members, or from the clients. */
export type On = "peers" | "clients";

/** No answer to a request for the version is shorter, so that no fewer bytes come than wanted. */
const answerMinBytes = 150;
/** So many times what goes up with an echo comes down. */
const echoes = 2;
/** What comes down is a little more than wanted, and what goes up clearly less. */
const echoShare = 1.2 / echoes;

/** What brings at least so many bytes up or down a link, and clearly fewer the other way. */
export function orderOf(stream: Stream, bytes: number, on: On): Order {
  if (stream === "upstream") return { padBytes: bytes };
  // The peer port gets stuck on requests that do not wait for each other; the client port takes no long query.
  return on === "peers" ? { echoBytes: Math.ceil(echoShare * bytes) } : { requests: Math.ceil(bytes / answerMinBytes) };
}

/** The streams to try for a toxic that is on them. */
export function streamsOf(streams: Streams): readonly Stream[] {
  return streams === "both" ? ["upstream", "downstream"] : [streams];
}

/** Long enough to stand out, short enough for many. */
const wantedMs = 500;
/** No transfer that a header carries can be told apart below. */
export const provableMinMs = 90;

/** So many bytes take long enough to be told apart, or as many as can be had. */
export function bytesFor(bytesPerMs: number): number {
  return Math.min(headerMaxBytes, Math.ceil(bytesPerMs * wantedMs));
}

/**
 * A transfer that must take as long as its bytes do at a rate. What it takes without one
 * overlaps with that, so the two need not add up: but it must be clearly less.
 */
export function slowTransfer(stream: Stream, streams: Streams, bytesPerMs: number, on: On): LinkProbe {
  const bytes = bytesFor(bytesPerMs);
  const order = orderOf(stream, bytes, on);
  // The peer's answer begins once all of the request is there: what is slow up adds to what is slow down.
  const sentBytes = streams === "downstream" ? 0 : (order.padBytes ?? 0) + (order.echoBytes ?? 0);
  const expectedMs = (received: number): number => (sentBytes + (stream === "downstream" ? received : 0)) / bytesPerMs;
  const longerMs = ({ tookMs }: Exchange, before: Exchange | undefined): number => tookMs - (before?.tookMs ?? 0);
  return {
    what: `${formatBytes(bytes)} ${stream}`,
    order,
    limitMs: 4 * (bytes / bytesPerMs) + 3_000,
    struck: (now, before) => now.ending === "answered" && now.tookMs >= 0.8 * expectedMs(now.receivedBytes) && longerMs(now, before) >= 0.4 * expectedMs(now.receivedBytes),
    free: (now, before) => now.ending === "answered" && longerMs(now, before) < 0.4 * expectedMs(now.receivedBytes),
    describe: describeEndings,
  };
}

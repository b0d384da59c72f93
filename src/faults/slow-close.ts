import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import type { Exchange } from "./exchange.ts";
import { defineFault } from "./fault.ts";
import { describeEndings, range, type LinkProbe } from "./link-probe.ts";
import { putToxic, streamOption, toxicOptions, unfitAlone, whereOf } from "./toxic-fault.ts";
import { streamsOf } from "./transfer.ts";

const options = z
  .strictObject({
    ...toxicOptions,
    delay: durationOption("By how much later the other side learns that a connection was closed."),
    stream: streamOption.default("both"),
  })
  .refine(({ delay }) => delay >= delayMinMs, { path: ["delay"], message: "must be at least 50ms: less cannot be told from a busy machine" });

const delayMinMs = 50;

/** Delays the end of connections, not their data: hanging up on each link is answered so much later. */
export const slowClose = defineFault({
  kind: "slow-close",
  summary: "Delays the closing of connections on the target's links.",
  glyph: "⏳",
  options,
  needs: [],
  title: ({ delay, stream, ...where }) => `slow-close ${formatDuration(delay)}${stream === "both" ? "" : ` ${stream}`}${whereOf(where)}`,
  unfit: unfitAlone,
  inject: (context, { on, toxicity, delay, stream }) =>
    putToxic(context, {
      on,
      toxic: { type: "slow_close", delayMs: delay, streams: stream, toxicity },
      // Where not all connections are struck, one is mostly in one direction.
      probes: [lateEnd(delay * (toxicity < 1 ? 1 : streamsOf(stream).length))],
    }),
});

/** Our end goes upstream, theirs comes back downstream. */
function lateEnd(expectedMs: number): LinkProbe {
  const longerMs = ({ closingMs }: Exchange, before: Exchange | undefined): number => closingMs - (before?.closingMs ?? 0);
  const closings = (exchanges: readonly Exchange[]): string => `; closed ${range(exchanges.map(({ closingMs }) => closingMs))} after hanging up`;
  return {
    what: "a request and its end",
    order: {},
    limitMs: 2 * expectedMs + 3_000,
    struck: (now, before) => now.ending === "answered" && longerMs(now, before) >= 0.9 * expectedMs,
    free: (now, before) => now.ending === "answered" && longerMs(now, before) < expectedMs / 2,
    describe: (exchanges) => {
      const answered = exchanges.filter(({ ending }) => ending === "answered");
      return `${describeEndings(exchanges)}${answered.length > 0 ? closings(answered) : ""}`;
    },
  };
}

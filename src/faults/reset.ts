import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { defineFault } from "./fault.ts";
import { describeEndings, type LinkProbe } from "./link-probe.ts";
import { putToxic, toxicOptions, unfitAlone, whereOf } from "./toxic-fault.ts";

const options = z.strictObject({
  ...toxicOptions,
  after: durationOption("So long after the first data.").default(0),
  stream: z
    .enum(["upstream", "downstream"])
    .default("upstream")
    .meta({ description: "upstream resets on the first request, which the other side then never sees; downstream on the first answer, so that what was asked for is done and nobody learns of it." }),
});

/**
 * Resets connections (TCP RST to both ends) instead of carrying their data. Those that are
 * open when it begins are closed, so that they come back under it.
 */
export const reset = defineFault({
  kind: "reset",
  summary: "Resets connections on the target's links instead of carrying their data.",
  glyph: "↯",
  options,
  needs: [],
  title: ({ after, stream, ...where }) => `reset ${stream === "upstream" ? "requests" : "answers"}${after > 0 ? ` after ${formatDuration(after)}` : ""}${whereOf(where)}`,
  unfit: unfitAlone,
  inject: (context, { on, toxicity, after, stream }) => {
    // Docker forwards published ports by a program that passes a reset on as a close.
    const forwarded = context.cluster.runtime === "docker" && on === "clients";
    return putToxic(context, {
      on,
      toxic: { type: "reset_peer", timeoutMs: after, streams: stream, toxicity },
      probes: [ended(after, forwarded)],
      reconnect: true,
    });
  },
});

function ended(afterMs: number, forwarded: boolean): LinkProbe {
  return {
    what: "a request",
    order: {},
    limitMs: 2 * afterMs + 3_000,
    struck: ({ ending, tookMs, receivedBytes }) => (ending === "reset" || (forwarded && ending === "closed")) && tookMs >= 0.9 * afterMs && receivedBytes === 0,
    free: ({ ending }) => ending === "answered",
    describe: describeEndings,
  };
}

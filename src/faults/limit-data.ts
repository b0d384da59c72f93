import { z } from "zod";
import { defineFault } from "./fault.ts";
import { describeEndings, formatBytes, type LinkProbe } from "./link-probe.ts";
import { putToxic, streamOption, toxicOptions, unfitAlone, whereOf } from "./toxic-fault.ts";
import { orderOf, streamsOf, type On, type Stream } from "./transfer.ts";

const options = z.strictObject({
  ...toxicOptions,
  bytes: z.int().min(1).max(400_000).meta({ description: "A connection is closed once it has carried so many bytes in one direction." }),
  stream: streamOption.default("both"),
});

/** Closes connections once they have carried so much: a longer transfer over each link ends without its answer, a short one has it. */
export const limitData = defineFault({
  kind: "limit-data",
  summary: "Closes a connection on the target's links once it has carried so many bytes.",
  glyph: "⊣",
  options,
  needs: [],
  title: ({ bytes, stream, ...where }) => `limit-data ${formatBytes(bytes)}${stream === "both" ? "" : ` ${stream}`}${whereOf(where)}`,
  unfit: unfitAlone,
  inject: (context, { on, toxicity, bytes, stream }) =>
    putToxic(context, {
      on,
      toxic: { type: "limit_data", bytes, streams: stream, toxicity },
      probes: [...streamsOf(stream).map((each) => cutShort(each, bytes, on)), ...(bytes >= spareMinBytes ? [spared] : [])],
    }),
});

const limitMs = 3_000;
/** A plain request and its answer stay below. */
const spareMinBytes = 1_000;

function cutShort(stream: Stream, bytes: number, on: On): LinkProbe {
  const more = bytes + 1_000;
  return {
    what: `${formatBytes(more)} ${stream}`,
    order: orderOf(stream, more, on),
    limitMs,
    // Nothing received is the mark of the other stream's limit.
    struck: ({ ending, receivedBytes }) => (ending === "closed" || ending === "reset") && receivedBytes <= bytes && (stream === "upstream" || receivedBytes > 0),
    free: ({ ending }) => ending === "answered",
    describe: (exchanges) => `${describeEndings(exchanges)} with ${[...new Set(exchanges.map(({ receivedBytes }) => formatBytes(receivedBytes)))].slice(0, 4).join(", ")} received`,
  };
}

/** That nothing at all came through would be another fault. */
const spared: LinkProbe = {
  what: "a short request",
  order: {},
  limitMs,
  struck: ({ ending }) => ending === "answered",
  free: ({ ending }) => ending === "answered",
  describe: describeEndings,
};

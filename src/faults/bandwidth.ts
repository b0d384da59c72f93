import { z } from "zod";
import { defineFault } from "./fault.ts";
import { putToxic, streamOption, toxicOptions, unfitAlone, whereOf } from "./toxic-fault.ts";
import { slowTransfer, streamsOf } from "./transfer.ts";

const options = z.strictObject({
  ...toxicOptions,
  rate: z
    .int()
    .min(1)
    .max(2_000, "must be at most 2000: a faster connection cannot be told from one that is not limited")
    .meta({ description: "Kilobytes (1000 bytes) that a connection carries in a second, in each direction that is limited." }),
  stream: streamOption.default("both"),
});

/** Lets connections carry only so much in a second. A transfer over each link takes as long as that says. */
export const bandwidth = defineFault({
  kind: "bandwidth",
  summary: "Limits how much a connection carries in a second on the target's links, peer or client.",
  glyph: "≋",
  options,
  needs: [],
  title: ({ rate, stream, ...where }) => `bandwidth ${rate} kB/s${stream === "both" ? "" : ` ${stream}`}${whereOf(where)}`,
  unfit: unfitAlone,
  inject: (context, { on, toxicity, rate, stream }) =>
    putToxic(context, {
      on,
      toxic: { type: "bandwidth", rateKbps: rate, streams: stream, toxicity },
      probes: streamsOf(stream).map((each) => slowTransfer(each, toxicity < 1 ? each : stream, rate, on)),
    }),
});

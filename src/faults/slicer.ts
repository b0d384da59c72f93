import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { headerMaxBytes } from "./exchange.ts";
import { defineFault } from "./fault.ts";
import { putToxic, streamOption, toxicOptions, unfitAlone, whereOf } from "./toxic-fault.ts";
import { provableMinMs, slowTransfer, streamsOf } from "./transfer.ts";

const options = z
  .strictObject({
    ...toxicOptions,
    size: z.int().min(1).max(60_000).meta({ description: "Bytes of a slice, on average." }),
    variation: z.int().min(0).default(0).meta({ description: "Slices are larger or smaller by up to so many bytes." }),
    delay: durationOption("After each slice."),
    stream: streamOption.default("both"),
  })
  .refine(({ size, variation }) => variation < size, { path: ["variation"], message: "must be less than the size, which it varies" })
  .refine(({ size, variation, delay }) => headerMaxBytes / bytesPerMs(size, variation, delay) >= provableMinMs, {
    path: ["delay"],
    message: "must be longer for slices of this size: what slows so little cannot be proven",
  });

/** No slice is longer than size and variation, so that data is at most so quick. */
function bytesPerMs(size: number, variation: number, delayMs: number): number {
  return (size + variation) / delayMs;
}

/** Cuts data into small packets with a pause after each. A transfer over each link takes as long as its slices. */
export const slicer = defineFault({
  kind: "slicer",
  summary: "Cuts data on the target's links into small slices with a pause after each.",
  glyph: "☷",
  options,
  needs: [],
  title: ({ size, variation, delay, stream, ...where }) =>
    `slicer ${size}${variation > 0 ? ` ± ${variation}` : ""} B every ${formatDuration(delay)}${stream === "both" ? "" : ` ${stream}`}${whereOf(where)}`,
  unfit: unfitAlone,
  inject: (context, { on, toxicity, size, variation, delay, stream }) =>
    putToxic(context, {
      on,
      toxic: { type: "slicer", sizeBytes: size, variationBytes: variation, delayMs: delay, streams: stream, toxicity },
      probes: streamsOf(stream).map((each) => slowTransfer(each, toxicity < 1 ? each : stream, bytesPerMs(size, variation, delay), on)),
    }),
});

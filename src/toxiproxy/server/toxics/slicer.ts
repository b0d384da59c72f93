import type { ToxicType } from "./toxic.ts";

/**
 * Cuts data into writes of `average_size` ± `size_variation` bytes and waits
 * `delay` microseconds after each. An average size of 0 does not cut.
 */
export const slicer: ToxicType<{ average_size: number; size_variation: number; delay: number }> = {
  type: "slicer",
  defaults: { average_size: 0, size_variation: 0, delay: 0 },
  attach: () => ({
    async pipe(flow, { average_size, size_variation, delay }) {
      let oweMs = 0;
      for (;;) {
        const head = await flow.head();
        if (head === "end") return flow.finish();
        for (const bytes of sliceSizes(head.data.length, average_size, size_variation, flow.random)) {
          await flow.forward({ bytes });
          oweMs += delay / 1000;
          // Timers count whole milliseconds: shorter delays are saved up, so that the rate is right.
          if (oweMs < 1) continue;
          const beganMs = flow.nowMs();
          await flow.sleepUntil(beganMs + oweMs);
          oweMs -= flow.nowMs() - beganMs;
        }
      }
    },
  }),
};

/** Halves `length`, a little off the middle, until no piece is longer than average + variation. */
export function sliceSizes(length: number, average: number, variation: number, random: () => number): number[] {
  const spread = Math.max(0, variation);
  if (average <= 0 || length <= 1 || length <= average + spread) return [length];
  const offset = spread > 0 ? Math.floor(random() * 2 * spread) - spread : 0;
  const left = Math.min(length - 1, Math.max(1, Math.floor(length / 2) + offset));
  return [
    ...sliceSizes(left, average, variation, random),
    ...sliceSizes(length - left, average, variation, random),
  ];
}

import type { ToxicType } from "./toxic.ts";

/** Data goes out in portions of at most this much time, so that a low rate still trickles. */
const portionMs = 100;

/** A timer may fire this late without the lost time lowering the rate. */
const latenessMs = 10;

/**
 * Lets through `rate` KB (1000 bytes) per second. A rate of 0 lets nothing through:
 * the data waits until the toxic is changed or removed. (Toxiproxy does the same at 0
 * and crashes below it; here a negative rate is a rate of 0.)
 */
export const bandwidth: ToxicType<{ rate: number }> = {
  type: "bandwidth",
  defaults: { rate: 0 },
  attach() {
    let sentUntilMs = Number.NEGATIVE_INFINITY;
    return {
      async pipe(flow, { rate }) {
        for (;;) {
          const head = await flow.head();
          if (head === "end") return flow.finish();
          if (rate <= 0) await flow.sleepUntil(Number.POSITIVE_INFINITY);
          const bytes = Math.min(head.data.length, rate * portionMs);
          const dueMs = Math.max(sentUntilMs, flow.nowMs() - latenessMs) + bytes / rate;
          await flow.sleepUntil(dueMs);
          await flow.forward({ bytes });
          sentUntilMs = dueMs;
        }
      },
    };
  },
};

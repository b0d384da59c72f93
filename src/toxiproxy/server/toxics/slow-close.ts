import type { ToxicType } from "./toxic.ts";

/** Delays the end of the stream by `delay` milliseconds; data is not delayed. */
export const slowClose: ToxicType<{ delay: number }> = {
  type: "slow_close",
  defaults: { delay: 0 },
  attach: () => ({
    async pipe(flow, { delay }) {
      while ((await flow.head()) !== "end") await flow.forward();
      await flow.sleepUntil(flow.nowMs() + delay);
      flow.finish();
    },
  }),
};

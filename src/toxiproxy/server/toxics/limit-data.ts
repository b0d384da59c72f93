import type { ToxicType } from "./toxic.ts";

/** Closes the connection when `bytes` bytes have gone through since the toxic was added. */
export const limitData: ToxicType<{ bytes: number }> = {
  type: "limit_data",
  defaults: { bytes: 0 },
  attach: () => ({
    async pipe(flow, { bytes }) {
      for (;;) {
        const head = await flow.head();
        if (head === "end") return flow.finish();
        const left = Math.min(head.data.length, bytes - flow.forwardedBytes);
        if (left > 0) await flow.forward({ bytes: left });
        if (flow.forwardedBytes >= bytes) return flow.close();
      }
    },
  }),
};

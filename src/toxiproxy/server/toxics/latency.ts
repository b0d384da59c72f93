import type { ToxicType } from "./toxic.ts";

/**
 * Delays all data by `latency` ± `jitter` milliseconds, keeping its order.
 * Several latencies add up: each counts from when the one before let the chunk go.
 * As in Toxiproxy the end of the stream waits for the data before it, and no longer.
 */
export const latency: ToxicType<{ latency: number; jitter: number }> = {
  type: "latency",
  defaults: { latency: 0, jitter: 0 },
  // What is under way must fit: 8 MiB carry 80 MB/s at 100 ms. (Toxiproxy: 1024 chunks of 32 KiB.)
  bufferBytes: 8 * 1024 * 1024,
  attach: () => ({
    async pipe(flow, { latency, jitter }) {
      for (;;) {
        const head = await flow.head();
        if (head === "end") return flow.finish();
        const spread = jitter > 0 ? Math.floor(flow.random() * 2 * jitter) - jitter : 0;
        const dueMs = head.atMs + latency + spread;
        await flow.sleepUntil(dueMs);
        await flow.forward({ atMs: dueMs });
      }
    },
  }),
};

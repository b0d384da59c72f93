import type { ToxicType } from "./toxic.ts";

/**
 * Resets the connection (TCP RST to both sides) `timeout` milliseconds after the
 * stream's first data or end; nothing gets through.
 *
 * Toxiproxy turns on the reset when a connection opens, so there a connection older
 * than the toxic ends with FIN; here it is reset as well.
 */
export const resetPeer: ToxicType<{ timeout: number }> = {
  type: "reset_peer",
  defaults: { timeout: 0 },
  attach() {
    let struckAtMs: number | undefined;
    return {
      async pipe(flow, { timeout }) {
        await flow.head();
        struckAtMs ??= flow.nowMs();
        await flow.sleepUntil(struckAtMs + timeout);
        flow.reset();
      },
      // Toxiproxy answers a removal only after the connections it has struck are reset: so they are at once here.
      leave(flow) {
        if (struckAtMs !== undefined) flow.reset();
      },
    };
  },
};

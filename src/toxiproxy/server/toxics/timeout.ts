import type { ToxicType } from "./toxic.ts";

/**
 * Lets nothing through, and closes the connection after `timeout` milliseconds
 * without data; 0 never closes it. As in Toxiproxy data is dropped (the sender is
 * not held back), every chunk starts the time anew, and the end of the stream passes.
 */
export const timeout: ToxicType<{ timeout: number }> = {
  type: "timeout",
  defaults: { timeout: 0 },
  attach: () => ({
    async pipe(flow, { timeout }) {
      for (;;) {
        const head = await flow.head(timeout > 0 ? flow.nowMs() + timeout : undefined);
        if (head === "late") return flow.close();
        if (head === "end") return flow.finish();
        flow.drop();
      }
    },
    // A stream with a hole in it must not go on.
    leave: (flow) => flow.close(),
  }),
};

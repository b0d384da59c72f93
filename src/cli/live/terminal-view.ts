import { createLogUpdate } from "log-update";
import type { LiveSource } from "../../run/live-source.ts";
import { frame } from "./frame.ts";
import { LiveState } from "./live-state.ts";
import type { View } from "./live-view.ts";

const frameEveryMs = 100;

/** A region at the bottom of the terminal that is redrawn in place, at most ten times a second. */
export function terminalView(stream: NodeJS.WriteStream, colour: boolean): View {
  const update = createLogUpdate(stream);
  let timer: NodeJS.Timeout | undefined;
  let redraw = (): void => undefined;
  return {
    say: (text) => update.persist(text),
    step: (text) => update(`… ${text}`),
    start(source: LiveSource) {
      const state = new LiveState();
      source.onEvent((event) => state.onEvent(event));
      source.onStats((stats) => state.onStats(stats));
      redraw = () => {
        state.members = source.members();
        const elapsedMs = source.clock.nowMs() - source.timelineStartMs;
        update(frame(state, { plan: source.plan, elapsedMs, columns: stream.columns, colour }).join("\n"));
      };
      redraw();
      timer = setInterval(redraw, frameEveryMs);
    },
    stop() {
      clearInterval(timer);
      redraw();
      update.done();
    },
  };
}

import { checkWatch } from "../../src/check/watch.ts";
import { longStory } from "../check/watch/long-streams.ts";
import { cpuMsOf } from "../support/cpu.ts";
import { printTable } from "./table.ts";

const rounds = 5;
const changes = 1_000_000;
const watchers = 3;

/** The checker of watches on a million changes told, as they are read back. */
export function benchWatch(): void {
  const { compactedTo, ...story } = longStory(Math.ceil(changes / watchers));
  const history = story.history.map(readBack);
  const responses = story.responses.map(readBack);
  const values = Array.from({ length: rounds }, () => cpuMsOf(() => checkWatch({ history, responses, compactedTo })));
  printTable(`watch, ${changes.toLocaleString("en-US")} changes told to ${watchers} watchers, with cuts`, "ms CPU", [{ name: "correct", values }]);
}

/** Objects from JSON are much faster than those that were put together from others. */
function readBack<T>(value: T): T {
  const read: T = JSON.parse(JSON.stringify(value));
  return read;
}

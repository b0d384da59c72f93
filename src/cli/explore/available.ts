import { catalogue } from "../../catalogue.ts";
import { MonotonicClock } from "../../clock.ts";
import { HarnessError } from "../../errors.ts";
import { faultMenu } from "../../explore/fault-menu.ts";
import { promisesOf } from "../../explore/promises.ts";
import { scenarioText } from "../../explore/print.ts";
import type { Sketch } from "../../explore/sketch.ts";
import { parseScenario } from "../../scenario/parse.ts";
import { makeReady } from "../prepare.ts";
import type { ExploreOptions } from "../program.ts";

/** In which runtime a search runs, and which kinds of faults it has to do without there. What cannot be had at all stops it before it begins. */
export async function faultsToHave({ etcd, runtime: choice }: Pick<ExploreOptions, "etcd" | "runtime">): Promise<{ readonly runtime: string; readonly without: ReadonlySet<string> }> {
  const sketch: Sketch = { members: 1, flags: {}, loads: [{ kind: "kv", options: {} }], quietMs: { before: 0, after: 0 }, stormMs: 1_000, faults: [] };
  const scenario = parseScenario(scenarioText(sketch, { description: "Nothing but what a search starts with.", etcd, promises: promisesOf(sketch) }), "explore.yaml", catalogue);
  const [ready] = await makeReady([{ asked: "explore", path: "explore.yaml", scenario }], { runtime: choice, etcd }, new MonotonicClock());
  if (ready === undefined) throw new HarnessError("internal", "what a search starts with was not made ready");
  const { runtime, prepared } = ready;
  const lacks = { ...runtime.lacks, ...prepared.lacks };
  const without = faultMenu.map(({ kind }) => kind).filter((kind) => catalogue.faults.find((fault) => fault.kind === kind)?.needs.some((need) => lacks[need] !== undefined));
  return { runtime: runtime.kind, without: new Set(without) };
}

import { HarnessError } from "../../errors.ts";
import { standingOf } from "../../nightly/standing.ts";
import type { Shard } from "../../nightly/shard.ts";
import { listScenarios } from "../../scenario/files.ts";
import { suggestion } from "../../scenario/suggest.ts";
import { scenariosFolder } from "../paths.ts";
import type { NamedScenario } from "../prepare.ts";
import { nightlyName, readNightly } from "./files.ts";

export interface Choice {
  readonly shard?: Shard;
  readonly tag?: string;
  readonly lastFailed?: true;
}

/**
 * The scenarios of a nightly, by name or path: those named, those that did not pass the last time, or all that lie in the
 * folder of scenarios itself; what is in folders below it is run by name.
 * @throws HarnessError `usage` where the options contradict each other or choose nothing
 */
export async function chosenScenarios(names: readonly string[], { shard, tag, lastFailed }: Choice, out: string): Promise<readonly string[]> {
  if (lastFailed === true) {
    if (names.length > 0 || tag !== undefined) throw new HarnessError("usage", "--last-failed chooses the scenarios by itself", { hint: "Leave out the names and --tag." });
    return didNotPass(out, shard);
  }
  if (names.length > 0) return names;
  return (await listScenarios(scenariosFolder)).flatMap(({ name }) => (name.includes("/") ? [] : [name]));
}

async function didNotPass(out: string, shard: Shard | undefined): Promise<readonly string[]> {
  const { turns } = await readNightly(out, nightlyName(shard));
  const again = turns.filter(({ end }) => end.kind !== "unplayable" && standingOf(end) !== "pass").map(({ asked }) => asked);
  if (again.length === 0) throw new HarnessError("usage", "all of the last nightly passed: there is nothing to run again");
  return [...new Set(again)];
}

/**
 * Those of the scenarios that have a tag; all of them where none is asked for.
 * @throws HarnessError `usage` where none has it
 */
export function tagged(scenarios: readonly NamedScenario[], tag: string | undefined): readonly NamedScenario[] {
  if (tag === undefined) return scenarios;
  const those = scenarios.filter(({ scenario }) => scenario.tags.includes(tag));
  if (those.length > 0) return those;
  const known = [...new Set(scenarios.flatMap(({ scenario }) => scenario.tags))].sort();
  throw new HarnessError("usage", `no scenario has the tag "${tag}"`, { hint: suggestion(tag, known, known.length === 0 ? "None of them has any." : `There are ${known.join(", ")}.`) ?? "" });
}

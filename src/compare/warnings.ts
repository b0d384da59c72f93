import type { Entry } from "../ledger/entry.ts";
import { machineKind } from "../ledger/series.ts";
import type { Side } from "./side.ts";
import { peersMin } from "./single-runs.ts";

/** What the runs of a side are, in a line: `partition, etcd 3.5.30, local`. */
export function aboutSide({ entries }: Side): string {
  const facts = [
    distinct(entries, ({ scenario }) => scenario),
    distinct(entries, ({ etcd }) => `etcd ${etcd.version}`),
    distinct(entries, ({ runtime }) => runtime),
    distinct(entries, ({ harness }) => (harness.commit === undefined ? undefined : `commit ${harness.commit}${harness.dirty === true ? " with changes" : ""}`)),
  ];
  return facts.flatMap((values) => (values.length === 0 ? [] : values.length > 3 ? `${values.slice(0, 3).join(" and ")} and ${values.length - 3} more` : values.join(" and "))).join(", ");
}

/** What may stand behind a difference beside what was meant to, and what was left out. */
export function warningsOf(a: Side, b: Side, { basis, peers }: { readonly basis: "runs" | "operations"; readonly peers: number }): string[] {
  const differs = (what: string, of: (entry: Entry) => string | undefined): string[] => {
    const [ofA, ofB] = [distinct(a.entries, of), distinct(b.entries, of)];
    return ofA.length === 0 || ofB.length === 0 || [...ofA].sort().join("\n") === [...ofB].sort().join("\n") ? [] : [`${what}: ${ofA.slice(0, 3).join(", ")} against ${ofB.slice(0, 3).join(", ")}`];
  };
  const ids = new Set(a.entries.map(idOf));
  const shared = b.entries.filter((entry) => ids.has(idOf(entry))).length;
  const unfinished = [...a.entries, ...b.entries].filter(({ status }) => status !== "finished").length;
  const unknown = [...a.entries, ...b.entries].filter(({ figures }) => figures === undefined).length;
  return [
    ...differs("these are different scenarios", ({ scenario }) => scenario),
    ...(differs("", ({ scenario }) => scenario).length > 0 ? [] : differs("the scenario's text is not the same", ({ scenarioHash }) => scenarioHash)),
    ...differs("the machines are not of one kind", machineKind),
    ...(shared === 0 ? [] : [`${shared} ${shared === 1 ? "run is" : "runs are"} on both sides, which hides differences`]),
    ...(unfinished === 0 ? [] : [`${unfinished} ${unfinished === 1 ? "run" : "runs"} did not go to the end; the outcome counts, figures do not`]),
    ...(unknown === 0 ? [] : [`${unknown} ${unknown === 1 ? "run has" : "runs have"} no figures until judged again`]),
    ...(basis === "operations" && peers < peersMin ? [`there is one run on each side, and ${peers === 0 ? "none" : `only ${peers}`} like them in the history: of equal runs two may differ as much. Repeat them (--repeat)`] : []),
  ];
}

function idOf({ scenario, id }: Entry): string {
  return `${scenario}/${id}`;
}

function distinct(entries: readonly Entry[], of: (entry: Entry) => string | undefined): string[] {
  return [...new Set(entries.flatMap((entry) => of(entry) ?? []))];
}

import type { EndedTurn, Nightly } from "./nightly.ts";
import { attemptsOf, standingOf, worstStanding, type Standing } from "./standing.ts";

/** Scenarios on several versions of etcd: each turn is for one of the columns. */
export interface Matrix extends Omit<Nightly, "format" | "etcd" | "shard"> {
  readonly columns: readonly MatrixColumn[];
}

export interface MatrixColumn {
  /** What turns are for: `3.5`. */
  readonly asked: string;
  /** The exact version, as far as it was known before any ran. */
  readonly version?: string | undefined;
}

/** What a cell says. Of a scenario that expects a violation it says whether there was one, and whether there was to be. */
export type Reading = Standing | "found" | "missed" | "unexpected";

export interface MatrixCell {
  readonly column: MatrixColumn;
  /** Of the worst of its turns. */
  readonly standing: Standing;
  readonly reading: Reading;
  readonly turns: readonly EndedTurn[];
  /** How many of its turns passed. */
  readonly passed: number;
}

export interface MatrixRow {
  readonly scenario: string;
  /** One for each column, in their order. */
  readonly cells: readonly MatrixCell[];
}

/** A row for each scenario, in the order of the turns. */
export function rowsOf({ turns, columns }: Pick<Matrix, "turns" | "columns">): MatrixRow[] {
  return [...new Set(turns.map(({ scenario }) => scenario))].map((scenario) => ({
    scenario,
    cells: columns.map((column) => cellOf(column, turns.filter((turn) => turn.scenario === scenario && turn.etcd === column.asked))),
  }));
}

function cellOf(column: MatrixColumn, turns: readonly EndedTurn[]): MatrixCell {
  const standing = worstStanding(turns.map(({ end }) => standingOf(end)));
  const [worst] = turns.filter(({ end }) => standingOf(end) === standing);
  const passed = turns.filter(({ end }) => standingOf(end) === "pass").length;
  return { column, standing, reading: worst === undefined ? standing : readingOf(worst), turns, passed };
}

/** What a turn says; another violation than the expected one is a fail as any other. */
export function readingOf(turn: Pick<EndedTurn, "end">): Reading {
  const standing = standingOf(turn.end);
  const { affected, shown } = attemptsOf(turn).find(({ outcome }) => outcome === standing)?.expectation ?? {};
  if (standing === "pass" && affected === true && shown === true) return "found";
  if (standing === "fail" && affected === true && shown === false) return "missed";
  if (standing === "fail" && affected === false && shown === true) return "unexpected";
  return standing;
}

/** The exact version of a column: what ran there, or what would have. Several where a series moved on meanwhile. */
export function versionOf({ asked, version }: MatrixColumn, turns: readonly EndedTurn[]): string | undefined {
  const ran = new Set(turns.filter(({ etcd }) => etcd === asked).flatMap(attemptsOf).flatMap(({ etcd }) => etcd ?? []));
  return ran.size === 0 ? version : [...ran].sort().join(", ");
}

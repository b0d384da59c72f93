import type { FigureName } from "../analysis/key-figures.ts";
import type { Entry } from "../ledger/entry.ts";
import type { Blocks } from "../statistics/blocks.ts";

/** What one run tells of a figure beside its value: the operations behind it, for a comparison of two single runs. */
export interface FigureOperations {
  readonly blocks: Blocks;
  /** Which quantile of them the figure is; undefined where it is their mean. */
  readonly quantile: number | undefined;
}

/** One of the two things to be compared: some runs. */
export interface Side {
  /** As it was asked for. */
  readonly label: string;
  readonly entries: readonly Entry[];
  /** Where it is a single run whose recording is there. */
  readonly operations?: ReadonlyMap<FigureName, FigureOperations> | undefined;
}

/** The values of a figure in the runs that went to their end: others say less than they would have. */
export function valuesOf({ entries }: Pick<Side, "entries">, name: FigureName): number[] {
  return entries.flatMap(({ status, figures }) => (status === "finished" ? (figures?.[name] ?? []) : []));
}

import type { z } from "zod";
import type { Outcome } from "./verdict.ts";
import { worst } from "./verdict.ts";

/** Bounds of a value, all of which are to hold. */
export interface Bounds {
  readonly above?: number | undefined;
  readonly "at-least"?: number | undefined;
  readonly below?: number | undefined;
  readonly "at-most"?: number | undefined;
  readonly equals?: number | undefined;
}

export const boundNames = ["above", "at-least", "below", "at-most", "equals"] as const satisfies readonly (keyof Bounds)[];

/**
 * What a seen value says of the true one, which may differ where part of the time was not seen:
 * a counter's true increase is at least the seen one, a true minimum at most.
 */
export interface Certainty {
  /** The true value is not less than the seen one. */
  readonly notLess: boolean;
  /** The true value is not more than the seen one. */
  readonly notMore: boolean;
}

export const certain: Certainty = { notLess: true, notMore: true };
export const uncertain: Certainty = { notLess: false, notMore: false };

/** Certain where all is seen, otherwise only as far as told. */
export function ifSeen(allSeen: boolean, otherwise: Certainty): Certainty {
  return allSeen ? certain : otherwise;
}

/** Whether a value is within its bounds: `inconclusive` where the true value could decide it either way. */
export function checkBounds(value: number, { notLess, notMore }: Certainty, bounds: Bounds): Outcome {
  const { above, below, equals, "at-least": atLeast, "at-most": atMost } = bounds;
  const lower = (holds: boolean): Outcome => (holds ? (notLess ? "pass" : "inconclusive") : notMore ? "fail" : "inconclusive");
  const upper = (holds: boolean): Outcome => (holds ? (notMore ? "pass" : "inconclusive") : notLess ? "fail" : "inconclusive");
  const outcomes: Outcome[] = [];
  if (above !== undefined) outcomes.push(lower(value > above));
  if (atLeast !== undefined) outcomes.push(lower(value >= atLeast));
  if (below !== undefined) outcomes.push(upper(value < below));
  if (atMost !== undefined) outcomes.push(upper(value <= atMost));
  if (equals !== undefined) outcomes.push(worst([lower(value >= equals), upper(value <= equals)]));
  return worst(outcomes);
}

/** Why no value can be within the bounds; undefined where one can. */
export function contradiction(bounds: Bounds): string | undefined {
  const { above = -Infinity, below = Infinity, equals, "at-least": atLeast = -Infinity, "at-most": atMost = Infinity } = bounds;
  const possible = atLeast <= atMost && above < below && above < atMost && atLeast < below;
  const exact = equals === undefined || (equals > above && equals < below && equals >= atLeast && equals <= atMost);
  return possible && exact ? undefined : `nothing can be ${boundsText(bounds, String)}`;
}

/** For schemas whose options are bounds: refuses those that no value can be within. */
export function possibleBounds<Value extends Bounds>({ value, issues }: z.core.ParsePayload<Value>): void {
  const message = contradiction(value);
  if (message !== undefined) issues.push({ code: "custom", message, path: [], input: value });
}

const words = { above: "above", "at-least": "at least", below: "below", "at-most": "at most", equals: "exactly" } as const;

/** `at least 1 and below 5`, each number written by `format`. */
export function boundsText(bounds: Bounds, format: (value: number) => string): string {
  return boundNames
    .flatMap((name) => {
      const value = bounds[name];
      return value === undefined ? [] : [`${words[name]} ${format(value)}`];
    })
    .join(" and ");
}

import { amount, figure, perCent } from "../words.ts";
import type { Count } from "./ledger.ts";

/** A slack for sums of parts, which are a little more or less than they are. */
export const slack = 1e-9;

/** The share that was good, from 0 to 1; undefined of nothing. */
export function goodShare({ good, bad }: Count): number | undefined {
  return good + bad <= slack ? undefined : good / (good + bad);
}

/** How much of what may be bad was bad; 1 is all of it. Undefined where nothing was counted; of an objective of all there is no budget. */
export function budgetSpent({ good, bad }: Count, objective: number): number | undefined {
  const share = goodShare({ good, bad });
  if (share === undefined) return undefined;
  if (bad <= slack) return 0;
  return objective >= 1 ? Infinity : (1 - share) / (1 - objective);
}

/**
 * How many times faster than allowed the error budget is spent: at 1 it is spent exactly when the window of the objective is
 * over. Of one stretch it is what `budgetSpent` is of the whole.
 */
export const burnRate = budgetSpent;

/** `, 75 % of the error budget (120 of 160)`; of an objective of all, nothing. */
export function budgetText(count: Count, objective: number): string {
  const spent = budgetSpent(count, objective);
  if (spent === undefined || objective >= 1) return "";
  const { good, bad } = count;
  return `, ${perCent(spent)} of the error budget (${amount(bad)} of ${figure(Number(((1 - objective) * (good + bad)).toPrecision(6)))})`;
}

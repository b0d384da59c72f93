/** A confidence interval of 95 %. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How sure intervals and verdicts are: one in twenty may be wrong. */
export const alpha = 0.05;

/** So many standard deviations to both sides hold 95 % of a normal distribution. */
export const zOfInterval = 1.959964;

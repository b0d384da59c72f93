/** How often of how many runs something failed. */
export interface HitRate {
  readonly hits: number;
  readonly runs: number;
}

/**
 * Plays runs, as many side by side as asked, until `needed` of `most` have failed, or cannot any more.
 *
 * @param play whether one more run fails; undefined where there is no time for it
 * @returns undefined when time was up before it was clear
 */
export async function nOfM(needed: number, most: number, sideBySide: number, play: () => Promise<boolean | undefined>): Promise<(HitRate & { readonly enough: boolean }) | undefined> {
  let [hits, runs, begun] = [0, 0, 0];
  let isOver = false;
  const isClear = (): boolean => hits >= needed || most - (runs - hits) < needed;
  const worker = async (): Promise<void> => {
    while (begun < most && !isOver && !isClear()) {
      begun += 1;
      const failed = await play();
      if (failed === undefined) isOver = true;
      else {
        runs += 1;
        if (failed) hits += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, sideBySide) }, worker));
  return isClear() ? { hits, runs, enough: hits >= needed } : undefined;
}

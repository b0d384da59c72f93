/** What came of testing one figure or outcome. */
export interface Tested {
  /** Undefined where there was nothing to test with, `because` says why. */
  readonly p: number | undefined;
  /** The smallest p that these data could have given, and so many data at best. */
  readonly pMin: number;
  readonly pMinBySize: number;
  readonly betterIs: "a" | "b" | "neither";
  readonly because: string;
}

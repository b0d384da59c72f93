/** What an exact test of two samples says. */
export interface TestResult {
  /** How likely a difference at least as large is by chance alone, either way. */
  readonly p: number;
  /** The smallest that could have come out with so much data; where it is not small, there is too little of it. */
  readonly pMin: number;
}

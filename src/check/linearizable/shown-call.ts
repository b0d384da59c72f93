/** A call as it is told in a finding. Times are those of the history. */
export interface ShownCall {
  readonly process: number;
  readonly invoke: number;
  /** Null when it is not known to have returned. */
  readonly return: number | null;
  /** `read of 7`. */
  readonly what: string;
  /** In the file that it was read from. */
  readonly line?: number;
}

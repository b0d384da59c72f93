/** One line of a member's log, on the run's clock. */
export interface LogLine {
  /** Mapped from the line's own time stamp, or that of the line before where it has none. */
  readonly atMs: number;
  readonly member: string;
  readonly level: string;
  readonly msg: string;
  /** Every field of the zap line, `level`, `ts`, `caller` and `msg` among them; empty for a line that is not JSON. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly raw: string;
}

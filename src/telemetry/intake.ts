import type { Clock } from "../clock.ts";
import type { TelemetryEntry } from "../recording/telemetry.ts";

/** So much is kept of one run. What comes after that is left out, and told to be. */
const bytesMax = 64 * 1024 * 1024;

export interface IntakeOptions {
  readonly clock: Clock;
  readonly record: (entry: TelemetryEntry) => void;
  /** Told once of each thing that is missing: for whoever reads the report. */
  readonly warn: (text: string) => void;
  readonly bytesMax?: number;
}

/** Records all telemetry of a run, from wherever it comes, up to a limit. */
export class Intake {
  readonly #options: IntakeOptions;
  #bytes = 0;
  #full = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** From now on something may come this way. */
  opened(from: string, etcdShare?: number): void {
    this.#record({ from, opened: true, ...(etcdShare === undefined ? {} : { etcdShare }) });
  }

  /** A request in OTLP's JSON, and how many bytes it has there or had on the wire. */
  take(from: string, otlp: object, bytes: number): void {
    const limit = this.#options.bytesMax ?? bytesMax;
    if (this.#full) return;
    this.#bytes += bytes;
    this.#full = this.#bytes > limit;
    if (this.#full) this.missing(from, `no more than ${limit} bytes of telemetry are kept of a run, and there was more`);
    else this.#record({ from, otlp });
  }

  /** Something is not here that should be. */
  missing(from: string, why: string): void {
    this.#record({ from, missing: why });
    this.#options.warn(`telemetry, ${from}: ${why}`);
  }

  #record(entry: DistributiveOmit<TelemetryEntry, "atMs">): void {
    this.#options.record({ atMs: this.#options.clock.nowMs(), ...entry });
  }
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

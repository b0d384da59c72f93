import { MonotonicClock } from "../../src/clock.ts";
import { telemetryOf } from "../../src/recording/otlp-json.ts";
import type { Telemetry, TelemetryEntry } from "../../src/recording/telemetry.ts";
import { Intake } from "../../src/telemetry/intake.ts";

const clock = new MonotonicClock();

/** An intake that keeps what it takes, for whoever wants to see it. */
export class Receiving {
  readonly entries: TelemetryEntry[] = [];
  readonly warnings: string[] = [];
  readonly intake: Intake;

  constructor(bytesMax?: number) {
    this.intake = new Intake({ clock, record: (entry) => void this.entries.push(entry), warn: (text) => void this.warnings.push(text), ...(bytesMax === undefined ? {} : { bytesMax }) });
  }

  /** On a clock that is 0 at the beginning of 1970. */
  told(): Telemetry {
    return telemetryOf(this.entries, [{ type: "clock", atMs: 0, wallMs: 0 }]);
  }
}

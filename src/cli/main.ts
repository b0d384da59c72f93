import { errnoOf } from "../process.ts";
import { program } from "./program.ts";
import { reportError } from "./report-error.ts";

// A defect of ours must not end with node's exit code 1, which stands for a verdict; the watchdog removes what runs.
process.on("uncaughtException", (error) => process.exit(reportError(error)));

// Nobody reads what is written any more, as when a nightly was killed: no reason to leave a run but in order.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (errnoOf(error) !== "EPIPE") throw error;
  });
}

try {
  process.exitCode = await program(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportError(error);
}

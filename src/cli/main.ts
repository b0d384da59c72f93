import { program } from "./program.ts";
import { reportError } from "./report-error.ts";

try {
  process.exitCode = await program(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportError(error);
}

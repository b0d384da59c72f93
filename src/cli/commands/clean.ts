import { counted } from "../../report/text.ts";
import { cleanRuns } from "../../watchdog/clean.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";

/** Removes what runs without a living harness have left, of all runs or of those named, and says what there was. */
export async function cleanCommand(only: readonly string[]): Promise<ExitCode> {
  const { runs, alive, processes, containers, networks } = await cleanRuns(only);
  const still = alive.length === 0 ? "" : `; left alone ${alive.length} that still run: ${alive.join(", ")}`;
  const what = [counted(processes, "process", "processes"), counted(containers, "container"), counted(networks, "network")];
  const found = runs.length === 0 ? "nothing was left by killed runs" : `removed what ${counted(runs.length, "killed run")} left: ${what.join(", ")}`;
  process.stdout.write(`${found}${still}\n`);
  return exitCodes.pass;
}

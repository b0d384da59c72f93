import { catalogue } from "../../catalogue.ts";
import { findScenario, listScenarios, readScenarioFile, withFolders } from "../../scenario/files.ts";
import { exitCodes, worstExitCode, type ExitCode } from "../exit-codes.ts";
import { scenariosFolder, shown } from "../paths.ts";
import { reportError } from "../report-error.ts";

/** Checks every file and tells all that is wrong in all of them. */
export async function validateCommand(names: readonly string[]): Promise<ExitCode> {
  const asked = names.length > 0 ? await withFolders(names, scenariosFolder) : (await listScenarios(scenariosFolder)).map(({ name }) => name);
  const codes = await Promise.all(
    asked.map(async (name) => {
      try {
        const path = await findScenario(name, scenariosFolder);
        const { warnings = [] } = await readScenarioFile(path, catalogue);
        process.stdout.write(`ok  ${shown(path)}\n${warnings.map((warning) => `    warning ${warning}\n`).join("")}`);
        return exitCodes.pass;
      } catch (error) {
        return reportError(error);
      }
    }),
  );
  return worstExitCode(codes);
}

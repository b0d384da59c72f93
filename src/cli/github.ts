import { appendFile } from "node:fs/promises";
import { relative } from "node:path";
import { annotations, type AnnotatedRun } from "../report/github/annotations.ts";

/** Where this runs as a step of GitHub Actions, what it reads from a step. */
export interface GitHubStep {
  /** The root of the repository, from which annotations name files. */
  readonly root: string;
  /** Takes Markdown for the step's summary. */
  readonly summaryFile: string | undefined;
}

/** The step that this is; undefined where it is none. */
export function gitHubStep(env: NodeJS.ProcessEnv, cwd: string): GitHubStep | undefined {
  if (env["GITHUB_ACTIONS"] !== "true") return undefined;
  return { root: env["GITHUB_WORKSPACE"] || cwd, summaryFile: env["GITHUB_STEP_SUMMARY"] || undefined };
}

/** A run with the path of its scenario as this process knows it. */
export type ToAnnotate = Omit<AnnotatedRun, "file"> & { readonly path: string };

/** Tells the step of runs that did not pass, by annotations on standard output, and adds to its summary. */
export async function tellStep({ root, summaryFile }: GitHubStep, runs: readonly ToAnnotate[], markdown: string): Promise<void> {
  for (const line of annotations(runs.map(({ path, ...run }) => ({ ...run, file: relative(root, path) })))) process.stdout.write(`${line}\n`);
  if (summaryFile !== undefined) await appendFile(summaryFile, markdown);
}

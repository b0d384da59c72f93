import { Command, CommanderError } from "commander";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { MonotonicClock } from "../clock.ts";
import { BinaryCache } from "../etcd/cache.ts";
import { etcdPlatform, userSuites } from "../etcd/environment.ts";
import { etcdWithFailpoints, failpointSuites } from "../etcd/failpoint-build.ts";
import { runCommand } from "../process.ts";
import { progressOn } from "../progress.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportError } from "./report-error.ts";

// Run by `npm run build:etcd`; the path is all that standard output gets.
const command = new Command("build:etcd")
  .description("Builds an etcd with failpoints from Debian's packages and prints its path.")
  .requiredOption("--failpoints <version>", "3.4, 3.5, or an exact version that Debian has")
  .exitOverride();
try {
  const { failpoints } = command.parse().opts<{ failpoints: string }>();
  const clock = new MonotonicClock();
  const progress = progressOn(process.stderr, clock);
  const { path } = await etcdWithFailpoints(failpoints, {
    suites: userSuites({ env: process.env, cwd: process.cwd(), progress, clock }).filter(({ name }) => failpointSuites.includes(name)),
    cache: new BinaryCache(join(cacheFolder(process.env), "etcd-failpoints", etcdPlatform(process.platform, process.arch)), clock),
    run: runCommand,
    progress,
  });
  process.stdout.write(`${path}\n`);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
  else process.exitCode = reportError(error);
}

import { benchCheck } from "./check.ts";
import { benchLoad } from "./load.ts";
import { benchProxy } from "./proxy.ts";
import { benchReport } from "./report.ts";
import { benchRuns } from "./runs.ts";

/*
 * `npm run bench`: the harness against its peers, as ratios of medians measured in the same
 * run, since figures of different runs or machines cannot be compared. It asserts nothing.
 * Arguments choose parts: `npm run bench -- check proxy load report runs`.
 */
const parts = { check: benchCheck, proxy: benchProxy, load: benchLoad, report: benchReport, runs: benchRuns };

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  process.stderr.write(`there is no benchmark ${unknown.join(", ")}; choose among ${Object.keys(parts).join(", ")}\n`);
  process.exitCode = 64;
} else {
  for (const [name, bench] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) await bench();
}

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { MonotonicClock } from "../../src/clock.ts";
import { runCommand } from "../../src/process.ts";
import { temporaryFolder } from "../support/harness.ts";
import { writeLongRun } from "./long-run.ts";
import { printTable } from "./table.ts";

const rounds = 3;
const operations = 1_000_000;
const browserPath = "/usr/bin/chromium";

/** How long a run of a million operations takes to be read, judged and drawn, with how much memory, and how large and how slow its report is. */
export async function benchReport(): Promise<void> {
  await using folder = await temporaryFolder();
  await writeLongRun(folder.path, operations);
  const measured: Judged[] = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await judge(folder.path));
  const rowOf = (name: string, key: keyof Judged) => ({ name, values: measured.map((each) => each[key]) });
  const what = `${operations.toLocaleString("en-US")} operations (${await megabytes(folder.path)} MB) read, judged by 18 assertions and drawn`;
  printTable(what, "ms", [rowOf("from the command to its end", "tookMs"), rowOf("CPU time", "cpuMs")]);
  printTable("and the memory for all of that", "MB", [rowOf("most that was resident", "memoryMb")]);
  const report = join(folder.path, "report.html");
  printTable("its report", "kB", [{ name: "size", values: [(await stat(report)).size / 1_000] }]);
  if (existsSync(browserPath)) printTable("opened in Chromium", "ms", await opened(report));
  else process.stdout.write(`opening it is left out: there is no ${browserPath}\n`);
}

interface Judged {
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly memoryMb: number;
}

/** The command of `npm run judge`, in a process of its own, which tells at its end what it took. */
async function judge(folder: string): Promise<Judged> {
  const clock = new MonotonicClock();
  const beganMs = clock.nowMs();
  const entry = fileURLToPath(new URL("../../bin/etcd-chaos.mjs", import.meta.url));
  const tell = `data:text/javascript,${encodeURIComponent("import { writeFileSync } from 'node:fs'; process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); writeFileSync(process.env.TOLD, JSON.stringify({ maxRSS, cpuMs: (userCPUTime + systemCPUTime) / 1000 })); });")}`;
  const told = join(folder, "told.json");
  const { stderr } = await runCommand(process.execPath, ["--import", tell, entry, "judge", folder], { timeoutMs: 600_000, env: { ...process.env, TOLD: told } });
  const tookMs = clock.nowMs() - beganMs;
  const { maxRSS, cpuMs }: { maxRSS: number; cpuMs: number } = JSON.parse(await readFile(told, "utf8").catch(() => Promise.reject(new Error(stderr))));
  return { tookMs, cpuMs, memoryMb: maxRSS / 1_024 };
}

async function opened(report: string) {
  const clock = new MonotonicClock();
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
  const values: number[] = [];
  try {
    // The first page warms up the browser; it does not count.
    for (let round = 0; round <= rounds; round += 1) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const beganMs = clock.nowMs();
      await page.goto(pathToFileURL(report).href);
      await page.screenshot();
      if (round > 0) values.push(clock.nowMs() - beganMs);
      await page.close();
    }
  } finally {
    await browser.close();
  }
  return [{ name: "from its address to its first picture", values }];
}

async function megabytes(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1e6);
}

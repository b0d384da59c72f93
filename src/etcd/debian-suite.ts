import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

import { HarnessError, messageOf } from "../errors.ts";
import { errnoOf, type CommandResult, type RunCommand } from "../process.ts";
import type { Progress } from "../progress.ts";
import { parseJson, readIfThere } from "./cache.ts";
import { writeFileAtomically, writeTrouble, writingTo } from "./local-write.ts";
import { upstreamVersion } from "./version.ts";

/** One version of a package in a suite. */
export interface DebianPackage {
  /** The version of what is in it: `3.4.23`. */
  readonly version: string;
  /** Debian's: `3.4.23-4+b4`. */
  readonly packageVersion: string;
  readonly sizeBytes: number;
}

/** What can be taken out of which package: the first program that is in it. */
export interface PackagedProgram {
  readonly packageName: string;
  readonly programs: readonly string[];
}

const server: PackagedProgram = { packageName: "etcd-server", programs: ["etcd"] };

export interface DebianSuiteOptions {
  readonly suite: string;
  /** Undefined where this machine knows none. */
  readonly mirrorUrl: string | undefined;
  /** Debian's keys; apt checks every list and package against them. */
  readonly keyringPath: string;
  /** The suite's own folder for sources, lists and locks. */
  readonly folder: string;
  readonly run: RunCommand;
  readonly clock: { wallMs(): number };
}

const refreshAfterMs = 3600 * 1000;
const updateTimeoutMs = 10 * 60 * 1000;

const offersSchema = z.object({
  checkedAtMs: z.number(),
  packages: z.array(z.object({ version: z.string(), packageVersion: z.string(), sizeBytes: z.number() })),
});

/**
 * One Debian suite, seen through an apt state of its own: apart from the system's sources, lists
 * and package status, and without root. What the suite holds is asked for at most once an hour.
 */
export class DebianSuite {
  readonly name: string;
  readonly #options: DebianSuiteOptions;

  constructor(options: DebianSuiteOptions) {
    this.name = options.suite;
    this.#options = options;
  }

  /**
   * The versions of a package in the suite, at most an hour old.
   *
   * @throws HarnessError "download" when they cannot be had; "environment" when this machine lacks apt or room.
   */
  async packages(progress: Progress, packageName = server.packageName): Promise<readonly DebianPackage[]> {
    const known = offersSchema.safeParse(parseJson((await readIfThere(this.#offersPath(packageName))) ?? ""));
    if (known.success) {
      const ageMs = this.#options.clock.wallMs() - known.data.checkedAtMs;
      if (ageMs >= 0 && ageMs < refreshAfterMs) return known.data.packages;
    }
    return this.refresh(progress, packageName);
  }

  /** The same, asked for now. */
  async refresh(progress: Progress, packageName = server.packageName): Promise<readonly DebianPackage[]> {
    await this.#prepare();
    await this.#update(progress);
    const shown = await this.#apt("shared", ["apt-cache", "show", packageName]);
    const packages = shown.exitCode === 0 ? parsePackages(shown.stdout, packageName) : [];
    const offers = { checkedAtMs: this.#options.clock.wallMs(), packages };
    await writingTo(this.#options.folder, () => writeFileAtomically(this.#offersPath(packageName), `${JSON.stringify(offers)}\n`));
    return packages;
  }

  /**
   * Fetches a package into a folder and returns the path of the program unpacked from it: the
   * etcd server where nothing else is asked for.
   *
   * @throws HarnessError "download" when it is not there any more or did not arrive whole.
   */
  async fetch(wanted: DebianPackage, folder: string, progress: Progress, { packageName, programs }: PackagedProgram = server): Promise<string> {
    const sizeBytes = packageName === server.packageName ? wanted.sizeBytes : undefined;
    const task = progress.start(`${packageName} ${wanted.packageVersion} from Debian ${this.name}`, sizeBytes);
    try {
      // A folder of this attempt's own, so that nothing an earlier one left is taken for the package.
      const attempt = await writingTo(folder, () => mkdtemp(join(folder, "deb-")));
      let bytes = 0;
      const result = await this.#apt("shared", ["apt-get", "download", `${packageName}=${wanted.packageVersion}`], {
        cwd: attempt,
        onPercent: (percent) => {
          const now = Math.round(((sizeBytes ?? 0) * percent) / 100);
          task.advance(now - bytes);
          bytes = now;
        },
      });
      if (result.exitCode !== 0) throw this.#failure(result, folder);
      const archive = (await readdir(attempt)).find((name) => name.endsWith(".deb"));
      if (archive === undefined) throw new HarnessError("download", `Debian ${this.name}: apt-get left no package behind`);
      const unpacked = join(attempt, "unpacked");
      const unpacking = await this.#options.run("dpkg-deb", ["--extract", join(attempt, archive), unpacked], { env: aptEnvironment() });
      if (unpacking.exitCode !== 0) throw this.#failure(unpacking, folder);
      const held = new Set(await readdir(join(unpacked, "usr", "bin")).catch(() => []));
      const program = programs.find((name) => held.has(name));
      if (program === undefined) throw new HarnessError("download", `Debian ${this.name}: the package ${archive} holds no ${programs.join(" and no ")}`);
      task.done();
      return join(unpacked, "usr", "bin", program);
    } catch (error) {
      task.fail();
      throw error;
    }
  }

  /**
   * Fetches packages, and of all that they depend on those whose names begin as given, into an empty folder.
   *
   * @returns the paths of the archives
   * @throws HarnessError "download" when one of them cannot be had.
   */
  async fetchWithDependencies(names: readonly string[], prefix: string, folder: string, progress: Progress): Promise<string[]> {
    const listed = await this.#apt("shared", ["apt-get", "install", "--print-uris", "--yes", "--no-install-recommends", ...names]);
    if (listed.exitCode !== 0) throw this.#failure(listed, folder);
    const wanted = parseUris(listed.stdout).filter(({ name }) => name.startsWith(prefix));
    const totalBytes = wanted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const task = progress.start(`${wanted.length} packages from Debian ${this.name}`, totalBytes);
    let bytes = 0;
    const onPercent = (percent: number): void => {
      const now = Math.round((totalBytes * percent) / 100);
      task.advance(now - bytes);
      bytes = now;
    };
    try {
      const result = await this.#apt("shared", ["apt-get", "download", ...wanted.map(({ name }) => name)], { cwd: folder, onPercent });
      if (result.exitCode !== 0) throw this.#failure(result, folder);
    } catch (error) {
      task.fail();
      throw error;
    }
    task.done();
    return wanted.map(({ archive }) => join(folder, archive));
  }

  #offersPath(packageName: string): string {
    return join(this.#options.folder, `${packageName}.json`);
  }

  async #prepare(): Promise<void> {
    const { folder, suite, mirrorUrl, keyringPath, run } = this.#options;
    if (mirrorUrl === undefined) throw new HarnessError("download", "apt's sources here name no Debian archive; ETCD_CHAOS_DEBIAN_URL can");
    for (const tool of ["apt-get", "dpkg-deb", "flock"]) await run(tool, ["--version"]).catch(asMissingTool);
    await access(keyringPath, constants.R_OK).catch((error: unknown) => {
      throw new HarnessError("download", `Debian's keys are not in ${keyringPath}; the package debian-archive-keyring has them`, { cause: error });
    });
    await writingTo(folder, async () => {
      await mkdir(join(folder, "lists", "partial"), { recursive: true });
      await mkdir(join(folder, "cache", "archives", "partial"), { recursive: true });
      // sid's lists may be past their date on a mirror that lags; the stable suites have no such date.
      const options = `signed-by=${keyringPath}${suite === "sid" ? " check-valid-until=no" : ""}`;
      await writeFileAtomically(join(folder, "sources.list"), `deb [${options}] ${mirrorUrl} ${suite} main\n`);
      await writeFileAtomically(join(folder, "apt.conf"), withoutHooks);
    });
  }

  async #update(progress: Progress): Promise<void> {
    const task = progress.start(`Debian ${this.name}: package list`);
    const result = await this.#apt("exclusive", ["apt-get", "update"], { onBytes: (bytes) => task.advance(bytes) }).catch((error: unknown) => {
      task.fail();
      throw error;
    });
    if (result.exitCode !== 0) {
      task.fail();
      throw this.#failure(result, this.#options.folder);
    }
    task.done();
  }

  /** Runs an apt tool on the suite's own state. The lock is the kernel's: it cannot outlive who holds it. */
  async #apt(
    lock: "shared" | "exclusive",
    command: readonly [tool: string, ...args: string[]],
    { cwd, onPercent, onBytes }: { cwd?: string; onPercent?: (percent: number) => void; onBytes?: (bytes: number) => void } = {},
  ): Promise<CommandResult> {
    const { folder, run } = this.#options;
    const [tool, ...args] = command;
    const settings = [
      `Dir::Etc::SourceList=${join(folder, "sources.list")}`,
      "Dir::Etc::SourceParts=/dev/null",
      `Dir::State::Lists=${join(folder, "lists")}`,
      "Dir::State::status=/dev/null",
      `Dir::Cache=${join(folder, "cache")}`,
      "Dir::Cache::pkgcache=",
      "Dir::Cache::srcpkgcache=",
      "Acquire::Languages=none",
      "Acquire::GzipIndexes=true",
      "Acquire::Retries=0",
      "Acquire::http::Timeout=10",
      "Acquire::https::Timeout=10",
      "APT::Update::Error-Mode=any",
      // The folder is private to whoever runs this: apt's own user could not enter it.
      "APT::Sandbox::User=root",
      ...(onPercent ? ["APT::Status-Fd=1"] : []),
    ];
    const aptArguments = ["-c", join(folder, "apt.conf"), ...settings.flatMap((setting) => ["-o", setting]), "-q", ...args];
    return run("flock", [`--${lock}`, "--no-fork", join(folder, "lock"), tool, ...aptArguments], {
      env: aptEnvironment(),
      timeoutMs: updateTimeoutMs,
      ...(cwd === undefined ? {} : { cwd }),
      onStdoutLine: (line) => {
        const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
        if (percent !== undefined) onPercent?.(Number(percent));
        const bytes = fetchedBytes(line);
        if (bytes !== undefined) onBytes?.(bytes);
      },
    });
  }

  #failure(result: CommandResult, folder: string): HarnessError {
    const said = `${result.stderr}\n${result.stdout}`;
    if (/no space left on device|not have enough free space/i.test(said)) {
      const trouble = writeTrouble(folder, "ENOSPC", new Error(result.stderr));
      if (trouble) return trouble;
    }
    const reasons = [...said.matchAll(/^(?:E|dpkg-deb: error): *(.+)$/gm)].map((match) => match[1] ?? "");
    return new HarnessError("download", `${shortReason(reasons) ?? `apt ended with exit code ${result.exitCode}`}`);
  }
}

/**
 * The hooks that a system may have configured (cleaning its own cache, telling a desktop) are none
 * of ours; proxies and certificates that it has configured stay in force.
 */
const withoutHooks = [
  "#clear APT::Update::Pre-Invoke;",
  "#clear APT::Update::Post-Invoke;",
  "#clear APT::Update::Post-Invoke-Success;",
  "#clear DPkg::Pre-Invoke;",
  "#clear DPkg::Post-Invoke;",
  "",
].join("\n");

/** Without Debian's tools there are no Debian packages: a reason to look elsewhere, not to stop. */
function asMissingTool(error: unknown): never {
  if (errnoOf(error) === "ENOENT") throw new HarnessError("download", messageOf(error), { cause: error });
  throw error;
}

/** English messages, and the proxies of the environment. */
function aptEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: "C", LANGUAGE: "C" };
}

/** `Get:5 http://… Packages [8066 kB]` → 8066000. */
function fetchedBytes(line: string): number | undefined {
  const [, number, unit] = /^Get:\d+ .* \[([\d.,]+) (B|kB|MB|GB)\]$/.exec(line) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  const factor = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }[unit];
  return factor === undefined ? undefined : Number(number.replace(",", "")) * factor;
}

/** `'http://…' golang-go_2%3a1.24~2_amd64.deb 12345 SHA256:…` for each package. Exported for its test. */
export function parseUris(stdout: string): { readonly name: string; readonly archive: string; readonly sizeBytes: number }[] {
  return [...stdout.matchAll(/^'\S+' ((\S+?)_\S+\.deb) (\d+)/gm)].map(([, archive = "", name = "", size = ""]) => ({ name, archive, sizeBytes: Number(size) }));
}

/** The packages in the stanzas of `apt-cache show`. */
function parsePackages(stanzas: string, packageName: string): DebianPackage[] {
  return stanzas.split(/\n\n+/).flatMap((stanza) => {
    const field = (name: string): string | undefined => new RegExp(`^${name}: *(\\S+)`, "m").exec(stanza)?.[1];
    const packageVersion = field("Version");
    if (field("Package") !== packageName || packageVersion === undefined) return [];
    const version = upstreamVersion(packageVersion);
    return version === undefined ? [] : [{ version, packageVersion, sizeBytes: Number(field("Size") ?? 0) }];
  });
}

/** The part of apt's complaints that tells why. */
function shortReason(reasons: readonly string[]): string | undefined {
  const [first] = reasons;
  return first?.replace(/^Failed to fetch \S+ +/, "").trim();
}

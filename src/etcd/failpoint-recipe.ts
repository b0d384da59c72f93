import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { HarnessError } from "../errors.ts";
import type { CommandResult, RunCommand } from "../process.ts";
import type { Progress, ProgressTask } from "../progress.ts";

const compileLimitMs = 30 * 60_000;
/** Neither is compiled, and together they are a third of all. */
const leftOut = ["*/testdata/*", "./usr/share/doc/*"];
/** What is changed is changed in a copy: gofail writes code beside the comments that it finds. */
const changed = ["etcd", "bbolt"];

interface Recipe {
  /** Without it nothing of the build is left but the binary. */
  readonly scratch: string;
  readonly archives: readonly string[];
  readonly version: string;
  readonly run: RunCommand;
  readonly progress: Progress;
}

/**
 * Builds etcd with its failpoints from Debian's packages of its sources. They are unpacked into a
 * folder, which is all that Go's tools need: neither root nor a container.
 *
 * @returns the path of the binary
 * @throws HarnessError "environment" where it cannot be built, with what the compiler said
 */
export async function buildWithFailpoints({ scratch, archives, version, run, progress }: Recipe): Promise<string> {
  const task = progress.start(`etcd ${version} with failpoints`);
  try {
    const root = join(scratch, "root");
    await mkdir(root, { recursive: true });
    for (const [index, archive] of archives.entries()) {
      task.note(`unpacking package ${index + 1} of ${archives.length}`);
      await demand(run("/bin/sh", ["-c", unpack, "sh", archive, root, ...leftOut.map((pattern) => `--exclude=${pattern}`)], { timeoutMs: 5 * 60_000 }), `unpacking ${archive}`);
    }
    const built = await compile(root, join(scratch, "go"), version, run, task);
    task.done();
    return built;
  } catch (error) {
    task.fail();
    throw error;
  }
}

// Where dpkg-deb fails, tar gets no whole archive and fails too.
const unpack = 'deb="$1" root="$2" && shift 2 && dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --no-same-owner "$@"';

async function compile(root: string, goPath: string, version: string, run: RunCommand, task: ProgressTask): Promise<string> {
  const packaged = join(root, "usr/share/gocode");
  const sources = join(goPath, "src/go.etcd.io");
  for (const name of changed) await cp(join(packaged, "src/go.etcd.io", name), join(sources, name), { recursive: true, dereference: true });
  const folders = await foldersWithFailpoints(sources);
  task.note(`putting failpoints into ${folders.length} packages`);
  await demand(run(join(root, "usr/bin/gofail"), ["enable", ...folders], { cwd: sources }), "gofail");
  const built = join(goPath, "etcd");
  const env = await goEnvironment(root, [goPath, packaged]);
  const main = version.startsWith("3.4.") ? "go.etcd.io/etcd" : "go.etcd.io/etcd/server";
  // Go names each package as it compiles it, on standard error.
  const go = ["-c", 'exec "$@" 2>&1', "sh", join(env.GOROOT, "bin/go"), "build", "-v", "-trimpath", "-o", built, main];
  await demand(run("/bin/sh", go, { cwd: goPath, env, timeoutMs: compileLimitMs, onStdoutLine: (line) => task.note(`compiling ${line}`) }), "go build");
  return built;
}

/** Folders with code in which gofail's comments stand, relative. */
async function foldersWithFailpoints(sources: string): Promise<string[]> {
  const names = await readdir(sources, { recursive: true });
  const code = names.filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"));
  const marked = await Promise.all(code.map(async (name) => (/^\s*\/\/ gofail:/m.test(await readFile(join(sources, name), "utf8")) ? [dirname(name)] : [])));
  return [...new Set(marked.flat())].sort();
}

/** Nothing of the user's own settings of Go, and without C, whose compiler would have to be that of the suite. */
async function goEnvironment(root: string, goPath: readonly string[]): Promise<NodeJS.ProcessEnv & { readonly GOROOT: string }> {
  const libraries = join(root, "usr/lib");
  const found = (await readdir(libraries)).filter((name) => /^go-[\d.]+$/.test(name)).at(0);
  if (found === undefined) throw new HarnessError("environment", `the packages hold no Go: there is none in ${relative(root, libraries)}`);
  const kept = Object.entries(process.env).filter(([name]) => !/^(GO|CGO_)/.test(name));
  const home = join(root, "home");
  return {
    ...Object.fromEntries(kept),
    ...{ HOME: home, XDG_CONFIG_HOME: home, GOCACHE: join(home, "cache"), GOENV: "off", GOFLAGS: "", GOTOOLCHAIN: "local" },
    ...{ GOROOT: join(libraries, found), GOPATH: goPath.join(":"), GO111MODULE: "off", CGO_ENABLED: "0" },
  };
}

async function demand(running: Promise<CommandResult>, what: string): Promise<void> {
  const { exitCode, stdout, stderr } = await running;
  if (exitCode === 0) return;
  const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-8).join("\n");
  throw new HarnessError("environment", `${what} failed (exit code ${exitCode}): ${said}`);
}

import { expect } from "chai";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { catalogue } from "../../src/catalogue.ts";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { files } from "../../src/recording/folder.ts";
import { renderers } from "../../src/report/index.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { harness } from "../support/harness.ts";
import { root, sources } from "./sources.ts";

interface Page {
  readonly path: string;
  readonly text: string;
}

const read = async (path: string): Promise<Page> => ({ path, text: await readFile(join(root, path), "utf8") });

/** What is written for people. */
async function pages(): Promise<Page[]> {
  const docs = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"));
  return Promise.all(["README.md", "docker/README.md", ...docs.map((name) => `docs/${name}`)].map(read));
}

/** What build machines run. */
async function workflows(): Promise<Page[]> {
  const names = await readdir(join(root, ".github/workflows"));
  return Promise.all(names.map((name) => read(join(".github/workflows", name))));
}

async function scripts(): Promise<Readonly<Record<string, string>>> {
  const { scripts: all }: { scripts: Readonly<Record<string, string>> } = JSON.parse((await read("package.json")).text);
  return all;
}

function section({ path, text }: Page, title: string): string {
  const found = new RegExp(`^## ${title}\\n([^]*?)(?=^## |$(?![^]))`, "m").exec(text)?.[1];
  if (found === undefined) throw new Error(`${path} has no section "${title}"`);
  return found;
}

/** The code in the first cells of a section's tables. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code));
}

describe("the pages", function () {
  this.timeout(60_000);

  it("hold YAML that can be read, and scenarios that are accepted", async () => {
    const blocks = (await pages()).flatMap(({ path, text }) => [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(({ 1: block = "" }) => ({ path, block })));
    const scenarios = blocks.filter(({ block }) => /^description:/m.test(block));
    for (const { block } of blocks) parse(block);
    for (const { path, block } of scenarios) parseScenario(block, path, catalogue);
    expect(scenarios.map(({ path }) => path)).to.include.members(["README.md", "docs/scenarios.md"]);
  });

  it("name only npm scripts that there are, as hints and workflows do", async () => {
    const known = await scripts();
    const texts = [...(await pages()), ...(await workflows()), await read(".ci/run"), ...sources("src", "assertions")];
    const named = texts.flatMap(({ path, text }) => [...text.matchAll(/\bnpm (?:run )?(?!run\b|ci\b|packages?\b)([a-z][a-z:-]*[a-z])/g)].map(([all, name = ""]) => ({ path, all, name })));
    const run = named.filter(({ all, name }) => all.startsWith("npm run ") || name === "test");
    expect(run).to.have.length.above(10);
    expect(run.filter(({ name }) => !(name in known)).map(({ path, all }) => `${path}: ${all}`)).to.deep.equal([]);
  });

  it("lead to files and folders that are there", async () => {
    const links = (await pages()).flatMap(({ path, text }) => [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, to = ""]) => ({ path, to })));
    expect(links).to.have.length.above(3);
    const dead = links.filter(({ path, to }) => !/^https?:/.test(to) && !existsSync(join(root, dirname(path), to)));
    expect(dead.map(({ path, to }) => `${path}: ${to}`)).to.deep.equal([]);
  });
});

describe("README.md", function () {
  this.timeout(60_000);
  let readme: Page;
  before(async () => {
    readme = await read("README.md");
  });

  it("names every command of the program", async () => {
    const { stdout } = await harness(["--help"]);
    const commands = [...(stdout.split("Commands:")[1] ?? "").matchAll(/^ {2}([a-z]+)/gm)].map(([, name = ""]) => name).filter((name) => name !== "help");
    expect(commands).to.have.length.above(3);
    const all = await scripts();
    const named = firstCells(section(readme, "Commands")).flatMap((code) => /npm run ([a-z:]+)/.exec(code)?.[1] ?? []);
    const ours = named.filter((name) => all[name] === `node bin/etcd-chaos.mjs ${name}`);
    expect(ours).to.have.members(commands);
  });

  it("names every option of a run", async () => {
    const { stdout } = await harness(["scenario", "--help"]);
    const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name = ""]) => name);
    const row = /^\| `npm run scenario[^\n]*/m.exec(readme.text)?.[0] ?? "";
    expect([...row.matchAll(/`(--[a-z-]+)`/g)].map(([, name = ""]) => name)).to.have.members(options);
  });

  it("says what every exit code means", () => {
    const rows = [...section(readme, "Reading a verdict").matchAll(/^\|(.*)\|$/gm)].map(([, row = ""]) => row.split("|").map((cell) => cell.trim()));
    const codes = rows.flatMap((cells) => [cells[0], cells.at(-1)].flatMap((cell) => (/^\d+(, \d+)*$/.test(cell ?? "") ? (cell ?? "").split(", ").map(Number) : [])));
    expect(codes).to.have.members(Object.values(exitCodes));
  });

  it("names every file of a run's folder", () => {
    const named = firstCells(section(readme, "A run's folder")).map((name) => name.replace(/\/$/, ""));
    expect(named).to.have.members([...Object.values(files), ...renderers.map(({ file }) => file), "scenario.yaml", "plan.json", "results.json", "harness.prom"]);
  });
});

describe("the workflows", () => {
  it("can be read, and end when something hangs", async () => {
    const all = await workflows();
    expect(all.map(({ path }) => path)).to.include.members([".github/workflows/ci.yml", ".github/workflows/nightly.yml"]);
    for (const { path, text } of all) {
      const { jobs }: { jobs: Readonly<Record<string, { readonly "timeout-minutes"?: number }>> } = parse(text);
      for (const [name, job] of Object.entries(jobs)) expect(job["timeout-minutes"], `${path}: ${name}`).to.be.a("number");
    }
  });
});

describe("the nightly workflow", function () {
  this.timeout(60_000);

  it("calls a command that there is, by options that it has", async () => {
    const { text } = await read(".github/workflows/nightly.yml");
    const lines = text.split("\n").filter((line) => line.includes("npm run nightly"));
    expect(lines).to.have.length(1);
    const used = [...(lines[0]?.split(" -- ")[1] ?? "").matchAll(/--[a-z-]+/g)].map(([option]) => option);
    const { stdout } = await harness(["nightly", "--help"]);
    const known = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name = ""]) => name);
    expect(used).to.include.members(["--etcd", "--runtime", "--shard", "--time-limit"]);
    expect(known).to.include.members(used);
  });

  it("has every shard of every etcd in both runtimes, and ends by itself before it is ended", async () => {
    const { text } = await read(".github/workflows/nightly.yml");
    const { jobs }: { jobs: { scenarios: { readonly "timeout-minutes": number; readonly strategy: { readonly matrix: { readonly etcd: string; readonly runtime: readonly string[]; readonly shard: readonly string[] } } } } } = parse(text);
    const { matrix } = jobs.scenarios.strategy;
    expect(matrix.shard).to.deep.equal(matrix.shard.map((_, index) => `${index + 1}/${matrix.shard.length}`));
    expect(matrix.runtime).to.have.members(["local", "docker"]);
    for (const etcd of ["3.4", "3.5.16", "3.5"]) expect(matrix.etcd).to.include(`"${etcd}"`);
    const limitMinutes = Number(/--time-limit (\d+)m/.exec(text)?.[1]);
    expect(limitMinutes).to.be.below(jobs.scenarios["timeout-minutes"]);
  });

  it("lets its summary and annotations through to root, who runs the scenarios", async () => {
    expect((await read(".github/workflows/nightly.yml")).text).to.match(/sudo --preserve-env env "PATH=\$PATH" npm run nightly/);
  });
});

for (const name of ["nightly", "matrix"]) {
  describe(`docs/${name}.md`, () => {
    it(`names every option of a ${name}`, async () => {
      const { stdout } = await harness([name, "--help"]);
      const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = ""]) => option);
      const page = await read(`docs/${name}.md`);
      expect(firstCells(page.text).flatMap((code) => /^--[a-z-]+/.exec(code) ?? [])).to.have.members(options);
    }).timeout(60_000);
  });
}

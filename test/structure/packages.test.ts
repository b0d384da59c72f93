import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packagesOf, root, sources } from "./sources.ts";

interface Package {
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

const read = async (path: string): Promise<Package> => JSON.parse(await readFile(join(root, path), "utf8"));

type Version = readonly [major: number, minor: number, patch: number];

const oldestNode: Version = [20, 19, 0];

/** Whether a range of versions, as npm writes them, takes the oldest node that we run on. */
function takesOldestNode(range: string): boolean {
  return range.split("||").some((all) => all.replace(/([<>=^~])\s+/g, "$1").trim().split(/\s+/).every(takes));
}

/** One comparator: `>=20`, `^18.17`, `20.x`; a part that is left out stands for all its values. */
function takes(comparator: string): boolean {
  const [, operator = "", majorText, minorText, patchText] = /^([<>]=?|[=^~])?v?(\d+|[x*])?(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?$/.exec(comparator) ?? [];
  const [major, minor, patch] = [majorText, minorText, patchText].map((text) => (/^\d+$/.test(text ?? "") ? Number(text) : undefined));
  if (major === undefined) return comparator === "" || /^[x*]/.test(comparator);
  const lowest: Version = [major, minor ?? 0, patch ?? 0];
  const above: Version = minor === undefined ? [major + 1, 0, 0] : patch === undefined ? [major, minor + 1, 0] : [major, minor, patch + 1];
  switch (operator) {
    case ">=": return !isBefore(oldestNode, lowest);
    case ">": return !isBefore(oldestNode, above);
    case "<": return isBefore(oldestNode, lowest);
    case "<=": return isBefore(oldestNode, above);
    case "^": return !isBefore(oldestNode, lowest) && isBefore(oldestNode, [major + 1, 0, 0]);
    case "~": return !isBefore(oldestNode, lowest) && isBefore(oldestNode, minor === undefined ? above : [major, minor + 1, 0]);
    default: return !isBefore(oldestNode, lowest) && isBefore(oldestNode, above);
  }
}

function isBefore(one: Version, other: Version): boolean {
  const index = one.findIndex((part, at) => part !== other[at]);
  return index >= 0 && (one[index] ?? 0) < (other[index] ?? 0);
}

/** `@types/babel__code-frame` are those of `@babel/code-frame`, which we must have. */
function isTypesOf(name: string, all: Readonly<Record<string, string>>): boolean {
  const [, of = ""] = /^@types\/(.+)$/.exec(name) ?? [];
  return of === "node" || of.replace(/^(.+)__/, "@$1/") in all;
}

describe("the packages", () => {
  it("are pinned to exact versions", async () => {
    const { dependencies = {}, devDependencies = {} } = await read("package.json");
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    expect(loose).to.deep.equal([]);
  });

  it("all run on Node 20.19", async () => {
    const { packages }: { packages: Readonly<Record<string, Package & { optional?: boolean }>> } = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
    const refusing = Object.entries(packages).flatMap(([path, { engines, optional }]) => {
      const range = engines?.node;
      return path === "" || optional || range === undefined || takesOldestNode(range) ? [] : [`${path} wants ${range}`];
    });
    expect(refusing).to.deep.equal([]);
  });

  it("are told apart from those that want a newer Node", () => {
    for (const range of [">=22", "^22.18.0 || >=24.11.0", ">=20.20.0", ">20", "21", "^18 || ^19", "<20", "<= 18", "~20.18", "20.19.1", "nonsense"]) expect(takesOldestNode(range), range).to.equal(false);
    for (const range of [">=18", "^20.19.0 || >=22.12.0", "*", "", ">= 0.8", "10.* || >= 12.*", "^16 || ^18 || >=20", ">=6 <21", "20.x", "~20.19", "<=20", ">=0.8.x"]) expect(takesOldestNode(range), range).to.equal(true);
  });

  it("are all used, and all that are used are ours", async function () {
    this.timeout(60_000);
    const { dependencies = {}, devDependencies = {}, scripts = {} } = await read("package.json");
    const inSource = new Set(sources("src", "assertions").flatMap(packagesOf));
    const inTests = new Set(sources("test").flatMap(packagesOf));
    const entry = await readFile(join(root, "bin/etcd-chaos.mjs"), "utf8");
    const commands = Object.values(scripts).join(" ");
    const usedElsewhere = (name: string): boolean => entry.includes(`"${name}/`) || commands.includes(name) || name === "typescript" || isTypesOf(name, { ...dependencies, ...devDependencies });
    expect(Object.keys(dependencies).filter((name) => !inSource.has(name) && !usedElsewhere(name)), "not used").to.deep.equal([]);
    expect(Object.keys(devDependencies).filter((name) => !inTests.has(name) && !usedElsewhere(name)), "not used in tests").to.deep.equal([]);
    expect([...inSource].filter((name) => !(name in dependencies)), "not declared").to.deep.equal([]);
    expect([...inTests].filter((name) => !(name in dependencies) && !(name in devDependencies)), "not declared, in tests").to.deep.equal([]);
    expect([...inSource]).to.include.members(["etcd3", "testcontainers", "dockerode", "toxiproxy-node-client", "prom-client"]);
    expect([...inTests]).to.include("chai");
    expect(scripts["test"]).to.include("mocha");
  });

  it("are locked without the address they came from", async () => {
    expect(await readFile(join(root, "package-lock.json"), "utf8")).to.not.match(/"resolved"/);
  });
});

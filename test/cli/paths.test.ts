import { mkdir, readlink, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { linkLatest, reportsFolder, runIdOf, scenariosFolder, shown } from "../../src/cli/paths.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";

describe("a run's id", () => {
  it("is the time in UTC and the seed, in characters that names of containers and folders may have", () => {
    expect(runIdOf(Date.UTC(2026, 10, 24, 2, 55, 0, 123), 42)).to.equal("20261124t025500123z-42");
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.nat(9_999_999_999), (wallMs, seed) => void expect(runIdOf(wallMs, seed)).to.match(/^[a-z0-9][a-z0-9-]{1,60}$/)));
  });

  it("sorts by time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 1e9 }), fc.nat(), fc.nat(), (wallMs, laterMs, seed, other) => {
        expect(runIdOf(wallMs, seed) < runIdOf(wallMs + laterMs, other)).to.equal(true);
      }),
    );
  });
});

describe("paths", () => {
  it("of the clone are found wherever the command was started", async () => {
    expect((await stat(join(scenariosFolder, "partition.yaml"))).isFile()).to.equal(true);
    expect(join(reportsFolder, "..")).to.equal(join(scenariosFolder, ".."));
  });

  it("are shown relative below the working folder, and whole elsewhere", () => {
    expect(shown(join(process.cwd(), "reports", "x"))).to.equal(join("reports", "x"));
    expect(shown("/somewhere/else")).to.equal("/somewhere/else");
    expect(shown(process.cwd())).to.equal(process.cwd());
  });
});

describe("the link to the latest run", () => {
  it("moves on to each new run", async () => {
    using folder = temporaryFolder();
    for (const name of ["first", "second"]) {
      const run = join(folder.path, "partition", name);
      await mkdir(run, { recursive: true });
      await linkLatest(run);
      expect(await realpath(join(folder.path, "partition", "latest"))).to.equal(await realpath(run));
    }
  });

  it("is relative, so that the reports can be moved", async () => {
    using folder = temporaryFolder();
    await mkdir(join(folder.path, "partition", "first"), { recursive: true });
    await linkLatest(join(folder.path, "partition", "first"));
    expect(await readlink(join(folder.path, "partition", "latest"))).to.equal("first");
  });

  it("leaves a folder alone that somebody called latest", async () => {
    using folder = temporaryFolder();
    const [own, run] = [join(folder.path, "partition", "latest"), join(folder.path, "partition", "first")];
    await mkdir(own, { recursive: true });
    await mkdir(run, { recursive: true });
    await linkLatest(run);
    expect((await stat(own)).isDirectory()).to.equal(true);
    expect(await realpath(own)).to.not.equal(await realpath(run));
  });
});

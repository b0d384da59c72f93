import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { writeIndex } from "../../src/cli/reports-index.ts";
import { appendEntry, ledgerFile } from "../../src/ledger/ledger.ts";
import { entry } from "../ledger/entries.ts";
import { temporaryFolder } from "../support/harness.ts";

describe("the page over all runs of a folder", function () {
  this.timeout(60_000);

  it("is written whole, with all that was added meanwhile, and leaves nothing beside it", async () => {
    await using folder = await temporaryFolder();
    await Promise.all(
      [1, 2, 3, 4].map(async (number) => {
        appendEntry(folder.path, entry(number, { scenario: `scenario-${number}` }));
        await writeIndex(folder.path);
      }),
    );
    expect(await readdir(folder.path)).to.have.members([ledgerFile, "index.html"]);
    const page = await readFile(join(folder.path, "index.html"), "utf8");
    for (const number of [1, 2, 3, 4]) expect(page).to.include(`scenario-${number}`);
    expect(page).to.match(/<\/html>\s*$/);
  });

  it("links to the latest search by chance, where there was one", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "explore", "latest"), { recursive: true });
    await writeFile(join(folder.path, "explore", "latest", "index.html"), "x");
    await writeIndex(folder.path);
    expect(await readFile(join(folder.path, "index.html"), "utf8")).to.include('<a href="explore/latest/index.html">explore/latest</a>');
  });

  it("links to other pages in the folder, and not to itself", async () => {
    await using folder = await temporaryFolder();
    for (const name of ["nightly.html", "matrix-3.5.html", "notes.txt"]) await writeFile(join(folder.path, name), "x");
    await writeIndex(folder.path);
    await writeIndex(folder.path);
    const page = await readFile(join(folder.path, "index.html"), "utf8");
    expect(page).to.include('href="nightly.html"').and.include('href="matrix-3.5.html"').and.not.include('href="index.html"').and.not.include("notes");
  });
});

import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
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

  it("links to other pages in the folder, and not to itself", async () => {
    await using folder = await temporaryFolder();
    for (const search of ["1-7", "2-8", "cut-short"]) await mkdir(join(folder.path, "explore", search), { recursive: true });
    for (const name of ["nightly.html", "matrix-3.5.html", "notes.txt", "explore/1-7/index.html", "explore/2-8/index.html"]) await writeFile(join(folder.path, name), "x");
    await writeIndex(folder.path);
    await writeIndex(folder.path);
    const page = await readFile(join(folder.path, "index.html"), "utf8");
    expect(page).to.include('href="nightly.html"').and.include('href="matrix-3.5.html"').and.not.include('href="index.html"').and.not.include("notes");
    expect(page).to.match(/href="explore\/2-8\/index\.html">explore\/2-8<[^]*href="explore\/1-7\/index\.html"/).and.to.not.include("cut-short");
  });
});

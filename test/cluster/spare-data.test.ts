import { expect } from "chai";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LocalSpareData, type Life } from "../../src/cluster/local/spare-data.ts";
import { messageOf } from "../../src/errors.ts";
import { temporaryFolder } from "../support/harness.ts";

/** A member's own data and others that were made for it, each a folder with one file that says which it is. */
async function withSpare(use: (home: string, spare: LocalSpareData, said: () => Promise<string>) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder();
  const home = folder.path;
  const [data, spareFolder] = [join(home, "data"), join(home, "data-of-new")];
  let life: Life = { id: "a1", firstArgs: ["own"], args: ["own"] };
  for (const [path, text] of [[data, "own"], [join(spareFolder, "data"), "restored"]] as const) {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "what"), text);
  }
  const exchange = async (next: Life, move: () => Promise<void>): Promise<Life> => {
    await move();
    const before = life;
    life = next;
    return before;
  };
  const restored = { path: join(spareFolder, "data"), revision: 31 };
  const spare = new LocalSpareData({ data, folder: spareFolder, restored }, { id: "b1", firstArgs: ["new"], args: ["new"] }, exchange);
  await use(home, spare, async () => `${await readFile(join(data, "what"), "utf8")} as ${life.id} by ${life.args}`);
}

describe("spare data of a local member", () => {
  it("change places with its own as often as asked, and with them its id and command line", () =>
    withSpare(async (home, spare, said) => {
      const seen = [await said()];
      for (let turn = 0; turn < 3; turn++) {
        await spare.swap();
        seen.push(await said());
      }
      expect(seen).to.deep.equal(["own as a1 by own", "restored as b1 by new", "own as a1 by own", "restored as b1 by new"]);
      await spare[Symbol.asyncDispose]();
      await spare[Symbol.asyncDispose]();
      expect(await readdir(home)).to.deep.equal(["data"]);
      expect(await said()).to.equal("restored as b1 by new");
    }));

  it("leave the member its own where they cannot be put in their place", () =>
    withSpare(async (home, spare, said) => {
      await rm(join(home, "data-of-new", "data"), { recursive: true });
      expect(await spare.swap().then(() => "swapped", messageOf)).to.contain("ENOENT");
      expect(await said()).to.equal("own as a1 by own");
    }));
});

import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { HarnessError } from "../../src/errors.ts";
import { findScenario, listScenarios, readScenarioFile, withFolders } from "../../src/scenario/files.ts";
import { ScenarioError } from "../../src/scenario/problem.ts";
import { scenarioWith } from "./problems-of.ts";
import { testCatalogue } from "./test-catalogue.ts";

describe("scenario files", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "etcd-chaos-scenarios-"));
    await mkdir(join(folder, "known-bugs"));
    await writeFile(join(folder, "partition.yaml"), scenarioWith({ description: "description: The leader is alone." }));
    await writeFile(join(folder, "pause-leader.yml"), scenarioWith({ description: "description: The leader sleeps." }));
    await writeFile(join(folder, "known-bugs", "lost-write.yaml"), scenarioWith({}));
    await writeFile(join(folder, "broken.yaml"), "description: [");
    await writeFile(join(folder, "README.md"), "not a scenario");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const inFolder = (name: string): string => join(folder, name);

  describe("when read", () => {
    it("give the scenario", async () => {
      const scenario = await readScenarioFile(inFolder("partition.yaml"), testCatalogue);
      expect(scenario).to.include({ name: "partition", description: "The leader is alone." });
    });

    it("give a ScenarioError that names the file when the text is wrong", async () => {
      const error = await errorOf(readScenarioFile(inFolder("broken.yaml"), testCatalogue));
      expect(error).to.be.instanceOf(ScenarioError);
      expect(error.message).to.include(`${inFolder("broken.yaml")}:1:15: `);
    });

    it("are told apart from files that do not exist, with the name that was meant", async () => {
      const error = await errorOf(readScenarioFile(inFolder("partitoin.yaml"), testCatalogue));
      expect(error).to.include({ code: "scenario-invalid", message: `${inFolder("partitoin.yaml")} does not exist`, hint: 'Did you mean "partition.yaml"?' });
    });

    it("are told apart from files in folders that do not exist", async () => {
      const error = await errorOf(readScenarioFile(inFolder("nowhere/partition.yaml"), testCatalogue));
      expect(error.message).to.equal(`${inFolder("nowhere/partition.yaml")} does not exist`);
    });

    it("are told apart from folders", async () => {
      const error = await errorOf(readScenarioFile(inFolder("known-bugs"), testCatalogue));
      expect(error.message).to.equal(`${inFolder("known-bugs")} is a folder, not a scenario file`);
      expect(error.hint).to.equal(`Name a file in it, such as ${inFolder("known-bugs/lost-write.yaml")}.`);
    });

    it("are told apart from devices", async () => {
      const error = await errorOf(readScenarioFile("/dev/zero", testCatalogue));
      expect(error.message).to.equal("/dev/zero is not a regular file");
    });

    it("are refused when they are too big, by their size alone", async () => {
      // A sparse file: reading its 10 GB would end the test by its memory or its time.
      await writeFile(inFolder("huge.yaml"), "");
      await truncate(inFolder("huge.yaml"), 10_000_000_000);
      const error = await errorOf(readScenarioFile(inFolder("huge.yaml"), testCatalogue));
      expect(error.message).to.equal(`${inFolder("huge.yaml")} has 10000.0 MB, and a scenario file has 1 MB at most`);
    });

    it("are refused when they are one byte too big, and not before", async () => {
      const text = scenarioWith({});
      await writeFile(inFolder("full.yaml"), text + "#".repeat(1_000_000 - text.length));
      expect((await readScenarioFile(inFolder("full.yaml"), testCatalogue)).name).to.equal("full");
      await writeFile(inFolder("over.yaml"), text + "#".repeat(1_000_001 - text.length));
      expect((await errorOf(readScenarioFile(inFolder("over.yaml"), testCatalogue))).message).to.include("1 MB at most");
    });

    it("are refused when they are not UTF-8", async () => {
      await writeFile(inFolder("latin.yaml"), Buffer.from("description: Gr\u00fc\u00dfe\n", "latin1"));
      const error = await errorOf(readScenarioFile(inFolder("latin.yaml"), testCatalogue));
      expect(error).to.include({ code: "scenario-invalid", message: `${inFolder("latin.yaml")} is not UTF-8 text`, hint: "Save it as UTF-8." });
    });

    it("are refused when they may not be read", async function () {
      if (process.getuid?.() === 0) this.skip(); // Root may read everything.
      await writeFile(inFolder("secret.yaml"), scenarioWith({}), { mode: 0o000 });
      const error = await errorOf(readScenarioFile(inFolder("secret.yaml"), testCatalogue));
      expect(error.message).to.equal(`${inFolder("secret.yaml")} cannot be read (EACCES)`);
    });

    it("are refused when a part of their path is no folder", async () => {
      const error = await errorOf(readScenarioFile(inFolder("README.md/x.yaml"), testCatalogue));
      expect(error.message).to.equal(`${inFolder("README.md/x.yaml")} cannot be read (ENOTDIR)`);
    });
  });

  describe("when looked for", () => {
    it("are found by name, with either extension, and in folders below", async () => {
      expect(await findScenario("partition", folder)).to.equal(inFolder("partition.yaml"));
      expect(await findScenario("pause-leader", folder)).to.equal(inFolder("pause-leader.yml"));
      expect(await findScenario("known-bugs/lost-write", folder)).to.equal(inFolder("known-bugs/lost-write.yaml"));
    });

    it("are all that are in a folder that is named, in place of the folder", async () => {
      await writeFile(join(folder, "known-bugs", "stale-read.yaml"), scenarioWith({}));
      expect(await withFolders(["partition", "known-bugs", "known-bugs/lost-write", "known-bug"], folder)).to.deep.equal(["partition", "known-bugs/lost-write", "known-bugs/stale-read", "known-bugs/lost-write", "known-bug"]);
      expect(await withFolders(["known-bugs/"], folder)).to.have.length(2);
    });

    it("are taken as they are when given as a path", async () => {
      expect(await findScenario("./mine.yaml", folder)).to.equal("./mine.yaml");
      expect(await findScenario("mine.yml", folder)).to.equal("mine.yml");
      expect(await findScenario(inFolder("partition.yaml"), folder)).to.equal(inFolder("partition.yaml"));
    });

    it("are suggested when the name is nearly right", async () => {
      const error = await errorOf(findScenario("partitoin", folder));
      expect(error).to.include({ code: "scenario-invalid", message: `there is no scenario "partitoin" in ${folder}`, hint: 'Did you mean "partition"?' });
    });

    it("are listed when the name is far off", async () => {
      const error = await errorOf(findScenario("earthquake", folder));
      expect(error.hint).to.equal("There are broken, known-bugs/lost-write, partition, pause-leader; a path to a file is good too.");
    });

    it("are said to be missing where there are none", async () => {
      const error = await errorOf(findScenario("partition", inFolder("nowhere")));
      expect(error.hint).to.equal(`There are none in ${inFolder("nowhere")}.`);
    });
  });

  it("are listed with their descriptions, also when something is wrong with them", async () => {
    expect(await listScenarios(folder)).to.deep.equal([
      { name: "broken", path: inFolder("broken.yaml"), description: undefined },
      { name: "known-bugs/lost-write", path: inFolder("known-bugs/lost-write.yaml"), description: "A test." },
      { name: "partition", path: inFolder("partition.yaml"), description: "The leader is alone." },
      { name: "pause-leader", path: inFolder("pause-leader.yml"), description: "The leader sleeps." },
    ]);
  });
});

async function errorOf(doing: Promise<unknown>): Promise<HarnessError> {
  try {
    await doing;
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  return expect.fail("a HarnessError was expected");
}

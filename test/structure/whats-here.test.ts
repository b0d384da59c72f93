import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { foldersIn, root } from "./sources.ts";

const page = readFileSync(join(root, "docs/whats-here.md"), "utf8");
const ignored = readFileSync(join(root, ".gitignore"), "utf8").split("\n").flatMap((line) => (line.endsWith("/") ? [line.slice(0, -1)] : []));
const isOurs = (folder: string): boolean => folder !== ".git" && !ignored.includes(folder);

describe("docs/whats-here.md", () => {
  it("names every folder once, and none that is not there", () => {
    const named = [...page.matchAll(/^\| `([^`]+)\/` \|/gm)].map(([, folder = ""]) => folder);
    // Nothing is kept in reports/, and it is not there until something has run.
    expect(named).to.include("reports");
    expect(named.filter(isOurs)).to.have.members([...foldersIn("."), ...foldersIn("src")].filter(isOurs));
    expect(new Set(named)).to.have.length(named.length);
  });

  it("says something of each, in a sentence", () => {
    const silent = [...page.matchAll(/^\| `[^`]+` \| *([^|]*?) *\|$/gm)].filter(([, words = ""]) => words.length < 20);
    expect(silent.map(([row]) => row)).to.deep.equal([]);
  });

  it("names folders of test/ that are there", () => {
    const named = [...page.matchAll(/`(test\/[a-z]+)`/g)].map(([, folder = ""]) => folder);
    expect(named).to.have.length.above(2);
    expect(foldersIn("test")).to.include.members(named);
  });
});

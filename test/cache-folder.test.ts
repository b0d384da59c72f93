import { expect } from "chai";
import { homedir } from "node:os";
import { join } from "node:path";

import { cacheFolder } from "../src/cache-folder.ts";

describe("the cache folder", () => {
  it("is in XDG_CACHE_HOME when that is set", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "/var/tmp/x", HOME: "/home/me" })).to.equal("/var/tmp/x/etcd-chaos");
  });

  it("is in ~/.cache otherwise, and when XDG_CACHE_HOME is empty or relative", () => {
    for (const xdg of [undefined, "", "relative/path"]) {
      expect(cacheFolder({ XDG_CACHE_HOME: xdg, HOME: "/home/me" })).to.equal("/home/me/.cache/etcd-chaos");
    }
  });

  it("is in the home of the account when HOME is not set", () => {
    expect(cacheFolder({})).to.equal(join(homedir(), ".cache", "etcd-chaos"));
  });
});

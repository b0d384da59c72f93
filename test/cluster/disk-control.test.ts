import { expect } from "chai";
import { DiskControl, diskControlOf, type DiskFolder } from "../../src/cluster/disk/disk-control.ts";
import type { DiskRule } from "../../src/cluster/disk/rule.ts";
import { messageOf } from "../../src/errors.ts";

const rule: DiskRule = { call: "sync", file: "wal", delayMs: { from: 200, to: 200 }, outcome: "sync", probability: 1, seed: 2 };

/** A folder in memory that refuses so many of the next writes. */
class FolderDouble implements DiskFolder {
  rules = "end\n";
  counts = "wal 0 0\ndb 0 0\nother 0 0\n";
  refuses = 0;
  readCounts = async (): Promise<string> => this.counts;
  readRules = async (): Promise<string> => this.rules;
  writeRules = async (text: string): Promise<void> => {
    if (this.refuses-- > 0) throw new Error("the folder refuses");
    this.rules = text;
  };
}

describe("the rules on a member's disk", () => {
  it("are written as the wrapper reads them, and closed by an end", async () => {
    const folder = new FolderDouble();
    const control = new DiskControl(folder, "writes");
    await control.put(rule);
    await control.put({ call: "sync", file: "db", delayMs: { from: 0.5, to: 1.5 }, outcome: "lie", probability: 0.25, seed: 3 });
    await control.put({ ...rule, call: "write", delayMs: { from: 0, to: 0 }, outcome: "ENOSPC" });
    expect(folder.rules).to.equal("1 sync wal 200000 200000 sync 1000000 2\n2 sync db 500 1500 lie 250000 3\n3 write wal 0 0 28 1000000 2\nend\n");
  });

  it("are cleared one by one, and twice without harm", async () => {
    const folder = new FolderDouble();
    const control = new DiskControl(folder, "writes");
    const [first, second] = [await control.put(rule), await control.put({ ...rule, file: "db" })];
    expect([await first.inForce(), await second.inForce()]).to.deep.equal([true, true]);
    await first.clear();
    await first.clear();
    expect([await first.inForce(), await second.inForce()]).to.deep.equal([false, true]);
    await second.clear();
    expect(folder.rules).to.equal("end\n");
  });

  it("are cleared by a second try where the first was refused", async () => {
    const folder = new FolderDouble();
    const put = await new DiskControl(folder, "writes").put(rule);
    folder.refuses = 1;
    expect(await put.clear().then(() => "cleared", messageOf)).to.equal("the folder refuses");
    expect(await put.inForce()).to.equal(true);
    await put.clear();
    expect(await put.inForce()).to.equal(false);
  });

  it("do not come back later where putting one was refused", async () => {
    const folder = new FolderDouble();
    const control = new DiskControl(folder, "writes");
    folder.refuses = 1;
    expect(await control.put(rule).then(() => "put", messageOf)).to.equal("the folder refuses");
    await control.put({ ...rule, file: "db" });
    expect(folder.rules).to.match(/^2 sync db .*\nend\n$/);
  });

  it("are all there when several are put at once", async () => {
    const folder = new FolderDouble();
    const control = new DiskControl(folder, "writes");
    await Promise.all(Array.from({ length: 16 }, () => control.put(rule)));
    expect(folder.rules.split("\n")).to.have.length(18);
    expect(await control.put(rule).then(() => "put", messageOf)).to.equal("more than 16 disk rules on one member");
  });

  it("have an account each, and none before they met a sync", async () => {
    const folder = new FolderDouble();
    const control = new DiskControl(folder, "writes");
    const put = await control.put(rule);
    expect(await put.counts()).to.deep.equal({ calls: 0, applied: 0 });
    folder.counts = "wal 20 15\ndb 7 7\nother 2 2\nrule 11 9 9\nrule 1 6 5\n";
    expect(await put.counts()).to.deep.equal({ calls: 6, applied: 5 });
    expect(await control.syncs()).to.deep.equal({ wal: { calls: 20, synced: 15 }, db: { calls: 7, synced: 7 } });
  });

  it("are refused for writes where the wrapper stands before syncs alone, and nothing is written", async () => {
    const folder = new FolderDouble();
    const control = new DiskControl(folder, "syncs");
    expect(await control.put({ ...rule, call: "write", outcome: "EIO" }).then(() => "put", messageOf)).to.include("its cluster was not asked for faults of writes");
    expect(folder.rules).to.equal("end\n");
    await control.put(rule);
    expect(folder.rules).to.match(/^1 sync wal .*\nend\n$/);
  });

  it("cannot be had where etcd was started without the wrapper", () => {
    expect(() => diskControlOf("etcd-1", undefined)).to.throw("etcd-1 was started without the disk wrapper");
  });
});

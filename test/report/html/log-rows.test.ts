import { expect } from "chai";
import { limitsAt } from "../../../src/report/html/limits.ts";
import { logRows } from "../../../src/report/html/log-rows.ts";
import { raftIds, recording } from "../../recordings/builder.ts";

const limits = limitsAt(1);

describe("log excerpts", () => {
  it("fold what a member repeats into its first line, and count every line once", () => {
    const builder = recording().log("etcd-1", 5_100, `${raftIds[0]} became leader at term 3`);
    for (let index = 0; index < 50; index += 1) builder.log("etcd-1", 5_000 + index * 10, `trace[${index}] took too long`, { level: "warn" });
    builder.log("etcd-2", 5_050, "apply request took too long", { level: "warn" });
    const { rows, left } = logRows(builder.build(), [], [5_000], limits);
    expect(rows.map(({ member, msg, repeated }) => [member, msg.split(" ")[0], repeated.times])).to.deep.equal([
      ["etcd-1", "trace[0]", 49],
      ["etcd-2", "apply", 0],
      ["etcd-1", raftIds[0], 0],
    ]);
    expect(rows[0]?.repeated.untilMs).to.equal(5_490);
    expect(left).to.equal(0);
  });

  it("never fold lines about elections", () => {
    const line = `${raftIds[0]} became pre-candidate at term 2`;
    const { rows } = logRows(recording().log("etcd-1", 5_000, line).log("etcd-1", 5_100, line).build(), [], [5_000], limits);
    expect(rows.map(({ msg, telling }) => [msg, telling])).to.deep.equal([[line, true], [line, true]]);
  });

  it("show the line that evidence points at, however little it tells, and though no event is near", () => {
    const builder = recording().log("etcd-2", 90_000, "purged file");
    const { rows } = logRows(builder.build(), [{ kind: "log", atMs: 90_000, member: "etcd-2", text: "" }], [5_000], limits);
    expect(rows.map(({ msg, telling }) => [msg, telling])).to.deep.equal([["purged file", true]]);
  });

  it("keep the most telling where there is no room for all, and count the others", () => {
    const builder = recording().log("etcd-1", 5_500, `${raftIds[0]} became leader at term 3`);
    for (let index = 0; index < 500; index += 1) builder.log("etcd-1", 5_000 + index, `note ${"x".repeat(index)}`);
    const { rows, left } = logRows(builder.build(), [], [5_000], limits);
    expect(rows).to.have.length(limits.logLines);
    expect(rows.at(-1)?.msg).to.match(/became leader/);
    expect(left).to.equal(501 - limits.logLines);
  });

  it("mark where time passed between lines", () => {
    const { rows } = logRows(recording().log("etcd-1", 5_000, "a").log("etcd-1", 5_100, "b").log("etcd-1", 5_900, "c").build(), [], [5_000], limits);
    expect(rows.map(({ gapBefore }) => gapBefore)).to.deep.equal([false, false, true]);
  });
});

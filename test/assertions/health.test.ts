import { expect } from "chai";

import { recording, type RecordingBuilder } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const two = () => recording({ members: 2 }).phase("baseline", 0, 5_000).phase("isolated", 5_000, 9_000);

/** Answers every 250 ms of both members; etcd-2 says what it is told to. */
function answered(second: (atMs: number) => boolean, run: RecordingBuilder = two()): RecordingBuilder {
  for (let atMs = 100; atMs < 9_000; atMs += 250) run.health("etcd-1", atMs, true).health("etcd-2", atMs, second(atMs), { reason: "RAFT NO LEADER" });
  return run;
}

describe("health", () => {
  it("passes where every answer is as wanted", () => {
    const verdict = judged("health", { state: "healthy" }, answered(() => true));
    expect(verdict).to.deep.include({ outcome: "pass", observed: "healthy in 36 of 36 answers on etcd-1 (worst of 2 members)", bound: "always healthy" });
    expect(verdict.evidence).to.have.length(4);
  });

  it("fails at the first answer that is not, and says what it said", () => {
    const verdict = judged("health", { state: "healthy" }, answered((atMs) => atMs < 6_000));
    expect(verdict).to.deep.include({ outcome: "fail", reason: "etcd-2: unhealthy at 6.1 s: RAFT NO LEADER" });
    expect(verdict.evidence[0]).to.deep.equal({ kind: "health", atMs: 6_100, member: "etcd-2", text: "etcd-2 unhealthy: RAFT NO LEADER" });
    expect(verdict.evidence).to.have.length(10);
  });

  it("can be wanted eventually, or at the end", () => {
    const breaks = () => answered((atMs) => atMs < 6_000 || atMs > 8_500);
    expect(judged("health", { state: "unhealthy", when: "eventually", during: "isolated", of: "etcd-2" }, breaks()).outcome).to.equal("pass");
    expect(judged("health", { state: "unhealthy", when: "eventually", during: "baseline", of: "etcd-2" }, breaks()).outcome).to.equal("fail");
    expect(judged("health", { state: "healthy", when: "at-end", during: "isolated" }, breaks()).outcome).to.equal("pass");
    expect(judged("health", { state: "healthy", when: "at-end", during: "isolated", within: "2s" }, breaks())).to.deep.include({ outcome: "fail", observed: "unhealthy at 6.85 s on etcd-2 (worst of 2 members)" });
    expect(judged("health", { state: "unhealthy", when: "eventually", of: "any" }, breaks()).outcome).to.equal("pass");
  });

  it("keeps answers with and without a quorum apart", () => {
    const run = () => two().health("etcd-1", 100, false).health("etcd-1", 200, true, { serializable: true });
    expect(judged("health", { state: "healthy", when: "eventually", serializable: true, of: "etcd-1" }, run()).outcome).to.equal("pass");
    expect(judged("health", { state: "healthy", of: "etcd-1" }, run()).outcome).to.equal("fail");
  });

  it("is inconclusive without an answer, and where answers are missing for long", () => {
    expect(judged("health", { state: "healthy" }, two())).to.deep.include({ outcome: "inconclusive" });
    const gap = two();
    for (let atMs = 5_100; atMs < 9_000; atMs += 250) if (atMs < 6_000 || atMs > 8_300) gap.health("etcd-1", atMs, true);
    expect(judged("health", { state: "healthy", of: "etcd-1", during: "isolated" }, gap)).to.deep.include({ outcome: "inconclusive", reason: "etcd-1: it was not asked from 5.85 s to 8.35 s" });
    expect(judged("health", { state: "unhealthy", when: "eventually", of: "etcd-1", during: "isolated" }, gap).outcome).to.equal("inconclusive");
    const stopped = two().health("etcd-1", 5_500, true);
    expect(judged("health", { state: "healthy", when: "at-end", of: "etcd-1", during: "isolated" }, stopped).outcome).to.equal("inconclusive");
  });

  it("leaves out an answer to a question of before the window", () => {
    const run = answered(() => true).health("etcd-1", 5_000.5, false);
    expect(judged("health", { state: "healthy", during: "isolated" }, run).outcome).to.equal("pass");
    expect(judged("health", { state: "healthy", during: "isolated" }, answered(() => true).health("etcd-1", 5_001, false)).outcome).to.equal("fail");
    expect(judged("health", { state: "healthy", during: "isolated" }, answered(() => true).health("etcd-1", 9_000, false)).outcome).to.equal("pass");
  });

  it("lets a violation stand in a run that was interrupted, but no pass", () => {
    expect(judged("health", { state: "healthy", during: "isolated" }, answered(() => true).interrupted(9_000)).outcome).to.equal("inconclusive");
    expect(judged("health", { state: "healthy", during: "isolated" }, answered(() => false).interrupted(9_000)).outcome).to.equal("fail");
  });

  it("reads well, and cannot be of all members together", () => {
    expect(titleOf("health", { state: "healthy", serializable: true, when: "at-end", of: "unfaulted" })).to.equal("healthy at the end (serializable) over the run, each member that no fault hit");
    expect(problemsOf("health", { state: "healthy", of: "all" })).to.have.length(1);
    expect(problemsOf("health", {})).to.have.length(1);
  });
});

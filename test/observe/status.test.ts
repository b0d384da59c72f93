import { expect } from "chai";

import type { Http } from "../../src/observe/http.ts";
import { statusTask } from "../../src/observe/status.ts";
import type { StatusSample } from "../../src/recording/samples.ts";
import { ManualClock } from "./manual-clock.ts";

function observing(http: Http): { task: () => Promise<void>; samples: StatusSample[] } {
  const samples: StatusSample[] = [];
  const names = new Map([["b71f75320dc06a6c", "etcd-2"]]);
  const task = statusTask({
    member: "etcd-1",
    nameOf: (id) => names.get(id),
    http,
    clock: new ManualClock(),
    record: (sample) => void samples.push(sample),
  });
  return { task, samples };
}

const body = (leader: string): string =>
  `{"header":{"cluster_id":"1","member_id":"2","revision":"7","raft_term":"3"},"version":"3.5.30","dbSize":"20480",` +
  `${leader}"raftIndex":"12","raftTerm":"3","raftAppliedIndex":"11","dbSizeInUse":"16384"}`;

async function sampleOf(answer: string, status = 200): Promise<StatusSample | undefined> {
  const { task, samples } = observing(async () => ({ status, body: answer }));
  await task();
  return samples[0];
}

describe("the status observer", () => {
  it("records the leader by its name, the term, the revision and both indexes", async () => {
    expect(await sampleOf(body('"leader":"13195394291058371180",'))).to.deep.equal({
      kind: "status", atMs: 0, member: "etcd-1", ok: true,
      leader: "etcd-2", term: 3, revision: 7, raftIndex: 12, appliedIndex: 11,
    });
  });

  it("records no leader where the answer has none, as the gateway leaves zeros out", async () => {
    expect(await sampleOf(body(""))).to.include({ ok: true, leader: null });
    expect(await sampleOf(body('"leader":"0",'))).to.include({ ok: true, leader: null });
  });

  it("records a leader that is no member of the run by its id", async () => {
    expect(await sampleOf(body('"leader":"255",'))).to.include({ ok: true, leader: "ff" });
  });

  for (const bad of ["", "null", "[]x", '"ok"', '{"raftTerm":"x"}', '{"header":{},"leader":-1}', '{"leader":"1"}']) {
    it(`records a failure for an answer that is not a Status: ${bad}`, async () => {
      expect(await sampleOf(bad)).to.include({ ok: false }).and.to.have.property("error").that.is.a("string").and.not.empty;
    });
  }

  it("records a failure with the server's words", async () => {
    expect(await sampleOf('{"error":"etcdserver: not capable"}', 503)).to.include({
      ok: false, error: 'status 503: {"error":"etcdserver: not capable"}',
    });
  });

  it("finds the gateway of 3.3, and finds 3.4's again when the member is replaced", async () => {
    let served = "/v3beta";
    const asked: string[] = [];
    const { task, samples } = observing(async ({ path }) => {
      asked.push(path);
      return path.startsWith(`${served}/`) ? { status: 200, body: body("") } : { status: 404, body: "404 page not found" };
    });
    await task();
    await task();
    served = "/v3";
    await task();
    expect(samples.map(({ ok }) => ok)).to.deep.equal([true, true, true]);
    expect(asked.map((path) => path.split("/")[1])).to.deep.equal(["v3", "v3beta", "v3beta", "v3beta", "v3"]);
  });
});

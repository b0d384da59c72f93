import { expect } from "chai";
import { failureOf } from "../../src/workloads/outcome.ts";

/** Texts as our own client and etcd3 say them, each with what it proves. */
const certain = [
  "14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:2379. Resolution note: ",
  "14 UNAVAILABLE: Name resolution failed for target dns:nowhere:2379",
  "13 INTERNAL: Failed to start HTTP/2 stream with error The session has been destroyed",
  "14 UNAVAILABLE: Stream refused by server",
  "14 UNAVAILABLE: etcdserver: no leader",
  "14 UNAVAILABLE: etcdserver: rpc not supported for learner",
  "8 RESOURCE_EXHAUSTED: etcdserver: too many requests",
  "2 UNKNOWN: raft proposal dropped",
  "3 INVALID_ARGUMENT: etcdserver: key is not provided",
  "3 INVALID_ARGUMENT: etcdserver: request is too large",
  "11 OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted",
  "9 FAILED_PRECONDITION: etcdserver: not capable",
  "5 NOT_FOUND: etcdserver: requested lease not found",
  "Lease 5 NOT_FOUND: etcdserver: requested lease not found is expired or revoked",
  "EtcdPermissionDeniedError: 7 PERMISSION_DENIED: etcdserver: permission denied",
];

const open = [
  "4 DEADLINE_EXCEEDED: Deadline exceeded after 1.001s,LB pick: 0.001s,remote_addr=127.0.0.1:2379",
  "4 DEADLINE_EXCEEDED: context deadline exceeded",
  "14 UNAVAILABLE: Connection dropped",
  "14 UNAVAILABLE: read ECONNRESET",
  "14 UNAVAILABLE: Write error: write EPIPE",
  "14 UNAVAILABLE: etcdserver: leader changed",
  "14 UNAVAILABLE: etcdserver: request timed out",
  "14 UNAVAILABLE: etcdserver: request timed out, possibly due to previous leader failure",
  "14 UNAVAILABLE: etcdserver: request timed out, possibly due to connection lost",
  "14 UNAVAILABLE: etcdserver: server stopped",
  "1 CANCELLED: Call cancelled",
  "13 INTERNAL: Received RST_STREAM with code 2 (Internal server error)",
  "2 UNKNOWN: raft: stopped",
  "8 RESOURCE_EXHAUSTED: Bandwidth exhausted or memory limit exceeded",
  // The member that meets its quota while it applies a put has kept the put.
  "8 RESOURCE_EXHAUSTED: etcdserver: mvcc: database space exceeded",
  "15 DATA_LOSS: etcdserver: corrupt cluster",
  // Something on the way answered, not etcd.
  "7 PERMISSION_DENIED: Received HTTP status code 403",
];

describe("how an operation that failed ended", () => {
  for (const text of certain) {
    it(`certainly did not happen: ${text.slice(0, 90)}`, () => {
      expect(failureOf(new Error(text)).outcome).to.equal("fail");
    });
  }

  for (const text of open) {
    it(`may have happened: ${text.slice(0, 90)}`, () => {
      expect(failureOf(new Error(text)).outcome).to.equal("info");
    });
  }

  it("may have happened where a lease was to be kept alive: renewals are forwarded before it turns out that nobody leads", () => {
    const thrown = new Error("14 UNAVAILABLE: etcdserver: no leader");
    expect(failureOf(thrown, "lease-keep-alive").outcome).to.equal("info");
    expect(failureOf(thrown, "put").outcome).to.equal("fail");
  });

  it("may have happened whenever the error is of a kind nobody thought of", () => {
    for (const thrown of [new Error("boom"), new Error(""), "text", undefined, new Error("14 UNAVAILABLE: something new")]) {
      expect(failureOf(thrown).outcome, String(thrown)).to.equal("info");
    }
  });

  it("is not settled by a text that only quotes a refusal", () => {
    expect(failureOf(new Error("14 UNAVAILABLE: proxy says: No connection established")).outcome).to.equal("info");
    expect(failureOf(new Error("4 DEADLINE_EXCEEDED: etcdserver: too many requests")).outcome).to.equal("info");
    expect(failureOf(new Error("Lease 4 DEADLINE_EXCEEDED: requested lease not found is expired or revoked")).outcome).to.equal("info");
  });

  it("is told in one line, without what differs each time", () => {
    expect(failureOf(new Error("Lease 5 NOT_FOUND: etcdserver: requested lease not found is expired or revoked")).error).to.equal("NOT_FOUND: etcdserver: requested lease not found");
    expect(failureOf(new Error("14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:2379. Resolution note: ")).error).to.equal(
      "UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:2379",
    );
    expect(failureOf(new Error("14 UNAVAILABLE: No connection established. Last error: read ECONNRESET (2026-11-24T03:13:05.137Z). Resolution note: ")).error).to.equal(
      "UNAVAILABLE: No connection established. Last error: read ECONNRESET",
    );
    expect(failureOf(new Error("4 DEADLINE_EXCEEDED: Deadline exceeded after 1.001s,LB pick: 0.001s,remote_addr=127.0.0.1:1")).error).to.equal("DEADLINE_EXCEEDED: no answer in time");
    expect(failureOf(new Error("4 DEADLINE_EXCEEDED: Deadline exceeded after 1.001s,Waiting for LB pick")).error).to.equal("DEADLINE_EXCEEDED: no connection in time");
    expect(failureOf(new Error("4 DEADLINE_EXCEEDED: no connection in time")).error).to.equal("DEADLINE_EXCEEDED: no connection in time");
    expect(failureOf(new Error("4 DEADLINE_EXCEEDED: no answer in time")).error).to.equal("DEADLINE_EXCEEDED: no answer in time");
    expect(failureOf(new Error("4 DEADLINE_EXCEEDED: context deadline exceeded")).error).to.equal("DEADLINE_EXCEEDED: no answer in time");
    expect(failureOf(new Error(`14 UNAVAILABLE: a\nb ${"x".repeat(1_000)}`)).error).to.match(/^UNAVAILABLE: a b x+$/).and.to.have.length.below(250);
  });
});

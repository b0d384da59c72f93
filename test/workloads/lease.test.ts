import { expect } from "chai";
import { z } from "zod";
import type { Request } from "../../src/recording/operation.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import { lease } from "../../src/workloads/lease.ts";
import { answeredRequests, type Reply } from "./requests.ts";

/** As etcd would answer a lease that ends after so many requests. */
function livingFor(steps: number): (request: Request) => Reply {
  let left = 0;
  return ({ op }) => {
    left -= 1;
    if (op === "lease-grant") left = steps;
    if (op === "lease-keep-alive" && left > 0) left = steps;
    if (op === "lease-revoke") left = 0;
    const remainingS = left > 0 ? 2 : 0;
    return { "lease-grant": { grantedTtlS: 2 }, "lease-keep-alive": { remainingS }, get: { value: left > 0 ? "v" : null } }[op as string] ?? {};
  };
}

/** The requests of each lease. */
function lives(requests: readonly Request[]): Request[][] {
  const all: Request[][] = [];
  for (const request of requests) {
    if (request.op === "lease-grant") all.push([]);
    all.at(-1)?.push(request);
  }
  return all;
}

describe("the lease workload", () => {
  it("is in the table of workloads", () => {
    expect(workloadKinds).to.include(lease);
  });

  it("says what it does", () => {
    expect(lease.bind({}).title).to.equal("lease: 9 clients of all members with 100 ms between, leases of 2 s with 2 keys each");
    expect(lease.bind({ clients: 1, endpoints: "etcd-2", "keys-per-lease": 1, ttl: "3s" }).title).to.equal("lease: 1 client of etcd-2 with 100 ms between, leases of 3 s with 1 key each");
  });

  it("grants leases that no other client has, and attaches keys that no other lease has", () => {
    const [one, two] = [0, 1].map((client) => answeredRequests(lease.bind({}), 2_000, livingFor(20), { client }));
    const leases = [...(one ?? []), ...(two ?? [])].flatMap((request) => (request.op === "lease-grant" ? [request.lease] : []));
    expect(leases.length).to.be.greaterThan(40);
    expect(new Set(leases).size).to.equal(leases.length);
    const puts = [...(one ?? []), ...(two ?? [])].flatMap((request) => (request.op === "put" ? [request] : []));
    expect(new Set(puts.map(({ key }) => key)).size).to.equal(puts.length);
    for (const put of puts) expect(put.key).to.match(new RegExp(`^leased/${put.lease}/[01]$`));
  });

  it("keeps some alive, revokes some, leaves some, and always waits for the end", () => {
    const all = lives(answeredRequests(lease.bind({}), 4_000, livingFor(20))).slice(0, -1);
    const has = (life: Request[], op: string): boolean => life.some((request) => request.op === op);
    expect(all.filter((life) => has(life, "lease-revoke")).length).to.be.greaterThan(5);
    expect(all.filter((life) => has(life, "lease-keep-alive") && !has(life, "lease-revoke")).length).to.be.greaterThan(5);
    expect(all.filter((life) => !has(life, "lease-keep-alive")).length).to.be.greaterThan(5);
    for (const life of all) expect(life.slice(-2).map(({ op }) => op)).to.deep.equal(["get", "get"]);
  });

  it("goes on with another lease where none was granted", () => {
    const requests = answeredRequests(lease.bind({}), 3, () => ({ outcome: "info", error: "UNAVAILABLE: gone" }));
    expect(requests.map(({ op }) => op)).to.deep.equal(["lease-grant", "lease-grant", "lease-grant"]);
    expect(new Set(requests.map((request) => JSON.stringify(request))).size).to.equal(3);
  });

  it("asks the same for the same seed and the same answers", () => {
    const ask = (seed: number): Request[] => answeredRequests(lease.bind({}), 300, livingFor(20), { seed });
    expect(ask(1)).to.deep.equal(ask(1));
    expect(ask(1)).to.not.deep.equal(ask(2));
  });

  for (const [what, options] of Object.entries({ "a lease shorter than etcd grants": { ttl: "1s" }, "half a second": { ttl: "2500ms" }, "an unknown option": { reads: 1 }, "no time between requests": { "think-time": "0s" } })) {
    it(`refuses ${what}`, () => {
      expect(() => lease.bind(options)).to.throw(z.ZodError);
    });
  }
});

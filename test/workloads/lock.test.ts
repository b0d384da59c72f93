import { expect } from "chai";
import { z } from "zod";
import type { Request } from "../../src/recording/operation.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import { lock } from "../../src/workloads/lock.ts";
import { answeredRequests, type Reply } from "./requests.ts";

function answers(overrides: Readonly<Record<string, Reply>> = {}): (request: Request) => Reply {
  const usual: Readonly<Record<string, Reply>> = { "lock-acquire": { token: 5 }, "lease-keep-alive": { remainingS: 2 }, "guarded-write": { written: true }, ...overrides };
  return ({ op }) => usual[op] ?? {};
}

const ops = (requests: readonly Request[]): string[] => requests.map(({ op }) => op);

describe("the lock workload", () => {
  it("is in the table of workloads, and says what it does", () => {
    expect(workloadKinds).to.include(lock);
    expect(lock.bind({}).title).to.equal("lock: 9 clients of all members with 100 ms between, 3 locks over leases of 2 s, fenced writes");
    expect(lock.bind({ locks: 1, fenced: false }).title).to.match(/1 lock over leases of 2 s, unfenced writes$/);
  });

  it("takes a lease, the lock, renews, writes with its token, releases and revokes", () => {
    const requests = answeredRequests(lock.bind({ hold: "800ms" }), 400, answers());
    const whole = ops(requests).join(" ").split("lease-grant ").slice(1, -1);
    for (const life of whole) expect(life.trim()).to.match(/^lock-acquire (lease-keep-alive|guarded-write|\s)+ lock-release lease-revoke$/);
    for (const request of requests) if (request.op === "guarded-write") expect(request).to.include({ token: 5, fenced: true });
    expect(new Set(requests.flatMap((request) => (request.op === "lock-acquire" ? [request.lock] : [])))).to.deep.equal(new Set(["l0", "l1", "l2"]));
  });

  it("renews the lease three times in its life", () => {
    const requests = answeredRequests(lock.bind({ hold: "1m" }), 400, answers());
    const held = ops(requests).join(" ");
    expect(held).to.match(/lock-acquire lease-keep-alive( guarded-write){7} lease-keep-alive/);
    expect(held).to.not.match(/( guarded-write){8}/);
  });

  it("gives up the lock when it is told that it is lost, and goes on where nothing says so", () => {
    expect(ops(answeredRequests(lock.bind({}), 5, answers({ "lease-keep-alive": { remainingS: 0 } })))).to.deep.equal(["lease-grant", "lock-acquire", "lease-keep-alive", "lock-release", "lease-revoke"]);
    const heldOff = answeredRequests(lock.bind({ hold: "1m" }), 6, answers({ "guarded-write": { written: false } }));
    expect(ops(heldOff)).to.deep.equal(["lease-grant", "lock-acquire", "lease-keep-alive", "guarded-write", "lock-release", "lease-revoke"]);
    const unheard = answeredRequests(lock.bind({ hold: "1m" }), 5, answers({ "lease-keep-alive": { outcome: "info" } }));
    expect(ops(unheard).at(-1)).to.equal("guarded-write");
  });

  it("writes nothing without the lock", () => {
    for (const acquired of [{ token: null }, { outcome: "info" }, { outcome: "fail" }]) {
      expect(ops(answeredRequests(lock.bind({}), 4, answers({ "lock-acquire": acquired })))).to.deep.equal(["lease-grant", "lock-acquire", "lease-revoke", "lease-grant"]);
    }
  });

  it("asks the same for the same seed and the same answers", () => {
    const ask = (seed: number): Request[] => answeredRequests(lock.bind({}), 300, answers(), { seed });
    expect(ask(1)).to.deep.equal(ask(1));
    expect(ask(1)).to.not.deep.equal(ask(2));
  });

  for (const [what, options] of Object.entries({ "a wait as long as the time-out": { wait: "1s", timeout: "1s" }, "a wait as long as the lease": { wait: "2s" }, "no locks": { locks: 0 }, "a hold of nothing": { hold: "0s" } })) {
    it(`refuses ${what}`, () => {
      expect(() => lock.bind(options)).to.throw(z.ZodError);
    });
  }
});

import { expect } from "chai";
import { checkLeases } from "../../src/check/lease.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { cpuMsOf } from "../support/cpu.ts";
import { keptAlive } from "./repeated.ts";

/** Puts of one key, each followed by a compaction to it and a read of that revision. */
function compactedAgainAndAgain(times: number): Operation[] {
  return Array.from({ length: times }, (_, index) => index).flatMap((index): Operation[] => {
    const revision = index + 2;
    const at = (place: number) => {
      const invokeNs = 3 * index + place;
      return { process: 0, client: 0, member: "etcd-1", intendedNs: invokeNs, invokeNs, returnNs: invokeNs + 0.5, outcome: "ok", revision } as const;
    };
    return [
      { ...at(0), op: "put", key: "k", value: `v${index}` },
      { ...at(1), op: "compact", atRevision: revision },
      { ...at(2), op: "get", key: "k", atRevision: revision, value: `v${index}`, modRevision: revision, createRevision: 2, version: index + 1 },
    ];
  });
}

const [few, many] = [20_000, 160_000];

/** That a history eight times as long takes no more than three times eight times as long: if all were held against all, it would be sixty-four times. */
function expectLinear<T>(make: (length: number) => T, check: (history: T) => void): void {
  const [short, long] = [make(few), make(many)];
  check(short);
  const shortMs = Math.min(...[1, 2, 3].map(() => cpuMsOf(() => check(short))));
  expect(cpuMsOf(() => check(long)) / shortMs).to.be.lessThan((3 * many) / few);
}

describe("the checkers on long histories", function () {
  this.timeout(120_000);

  it("follow a lease that is kept alive all the time", () => {
    expectLinear(
      (length) => keptAlive(1, length),
      (history) => expect(checkLeases(history, { slackNs: 1e9 })).to.include({ kind: "ok" }),
    );
  });

  it("find what is compacted among many compactions", () => {
    expectLinear(
      (length) => compactedAgainAndAgain(length / 3),
      (history) => expect(checkStrictSerializable(history)).to.include({ kind: "ok" }),
    );
    const history = compactedAgainAndAgain(1_000);
    const late = history.map((each, index): Operation => (index === 2_999 && each.op === "get" ? { ...each, atRevision: 999 } : each));
    expect(checkStrictSerializable(late)).to.include({ kind: "violated", rule: "compacted and there" });
  });
});

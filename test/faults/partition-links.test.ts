import { expect } from "chai";
import { cutProof } from "../../src/faults/partition-links.ts";
import type { RoundTrip } from "../../src/faults/probe.ts";
import { LinkDouble, memberDouble } from "./doubles.ts";

const [one, two, three] = [memberDouble("etcd-1", {}), memberDouble("etcd-2", {}), memberDouble("etcd-3", {})];
const links = [["etcd-1", "etcd-2"], ["etcd-2", "etcd-1"], ["etcd-1", "etcd-3"], ["etcd-3", "etcd-1"]].map(([from = "", to = ""]) => new LinkDouble(from, to));
const trips = (...tookMs: (number | undefined)[]): RoundTrip[] => links.map((link, index) => ({ link, tookMs: tookMs[index] }));
const silent = trips();

describe("a partition's proof by answers", () => {
  it("holds where all links answered and none does", () => {
    expect(cutProof(trips(1, 2, 3, 1), silent, [one], 300)).to.deep.equal({
      source: "round trip",
      text: "no answer over 4 links within 300 ms; before the cut 1 ms to 3 ms",
      holds: true,
    });
  });

  it("does not hold where one link still answers", () => {
    expect(cutProof(trips(1, 2, 3, 1), trips(undefined, undefined, 2.4), [one], 300)).to.deep.equal({
      source: "round trip",
      text: "etcd-1-to-etcd-3 still answered, in 2.4 ms",
      holds: false,
    });
  });

  it("does not hold for a target none of whose links answered before", () => {
    const { text, holds } = cutProof(trips(1, 2), silent, [two, three], 300);
    expect(text).to.equal("no answer over 4 links within 300 ms, but before the cut none over those of etcd-3 either");
    expect(holds).to.equal(false);
  });

  it("says how many had no answer before either, where each target has one that did", () => {
    expect(cutProof(trips(1, undefined, 3, undefined), silent, [one], 300)).to.include({ text: "no answer over 4 links within 300 ms; before the cut 1 ms to 3 ms (2 without an answer)", holds: true });
  });

  it("does not hold where there are no links", () => {
    expect(cutProof([], [], [], 300).holds).to.equal(false);
  });
});

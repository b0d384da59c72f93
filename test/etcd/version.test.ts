import { expect } from "chai";
import fc from "fast-check";

import { compareVersions, newestFirst, newestOfSeries, parseVersion, seriesOf, upstreamVersion } from "../../src/etcd/version.ts";

const finalVersion = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(99)).map((parts) => parts.join("."));
const anyVersion = fc.oneof(
  finalVersion,
  fc.tuple(finalVersion, fc.constantFrom("alpha", "beta", "rc"), fc.nat(12)).map(([version, stage, n]) => `${version}-${stage}.${n}`),
);

describe("an etcd version", () => {
  it("is ordered by number, not by text", () => {
    expect(newestFirst(["3.5.9", "3.5.30", "3.10.0", "3.5.9"])).to.deep.equal(["3.10.0", "3.5.30", "3.5.9"]);
  });

  it("has its pre-releases before it, in their own order", () => {
    const inOrder = ["3.6.0-alpha.0", "3.6.0-beta.1", "3.6.0-rc.2", "3.6.0-rc.10", "3.6.0"];
    expect(newestFirst(inOrder)).to.deep.equal([...inOrder].reverse());
  });

  it("is ordered totally: antisymmetric and transitive", () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, anyVersion, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).to.equal(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).to.be.at.most(0);
        expect(compareVersions(a, b) === 0).to.equal(a === b);
      }),
    );
  });

  it("puts what is no version before every version", () => {
    expect(newestFirst(["nonsense", "0.0.1"])).to.deep.equal(["0.0.1", "nonsense"]);
  });

  it("belongs to one series, whose newest final release is found", () => {
    expect(seriesOf("3.5.30")).to.equal("3.5");
    expect(newestOfSeries(["3.5.2", "3.50.9", "3.5.11", "3.5.12-rc.0"], "3.5")).to.equal("3.5.11");
    expect(newestOfSeries(["3.6.0-rc.0"], "3.6")).to.equal(undefined);
  });
});

describe("a Debian package version", () => {
  const examples: readonly [string, string | undefined][] = [
    ["3.5.30-2", "3.5.30"],
    ["3.4.23-4+b4", "3.4.23"],
    ["3.3.25+dfsg-6+b6", "3.3.25"],
    ["3.5.30~rc0-1", "3.5.30-rc.0"],
    ["3.6.0~rc.1-1~bpo12+1", "3.6.0-rc.1"],
    ["1:3.5.16-4", "3.5.16"],
    ["3.5.16", "3.5.16"],
    ["2024.05-1", undefined],
    ["", undefined],
  ];
  for (const [packageVersion, version] of examples) {
    it(`"${packageVersion}" holds ${version ?? "no etcd version"}`, () => {
      expect(upstreamVersion(packageVersion)).to.equal(version);
    });
  }

  it("gives back the upstream version whatever the epoch, repacking and revision", () => {
    fc.assert(
      fc.property(
        finalVersion,
        fc.constantFrom("", "1:", "12:"),
        fc.constantFrom("", "+dfsg", "+ds1", "+git20240101"),
        fc.constantFrom("-1", "-4+b4", "-1~bpo12+1", "-0ubuntu0.1"),
        (version, epoch, repacked, revision) => {
          expect(upstreamVersion(`${epoch}${version}${repacked}${revision}`)).to.equal(version);
        },
      ),
    );
  });

  it("never gives anything but a version", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const version = upstreamVersion(text);
        expect(version === undefined || parseVersion(version) !== undefined).to.equal(true);
      }),
    );
  });
});

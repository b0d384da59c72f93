import { expect } from "chai";
import fc from "fast-check";

import { HarnessError } from "../../src/errors.ts";
import { describeRequest, parseEtcdRequest } from "../../src/etcd/request.ts";

function refusal(text: string): HarnessError {
  try {
    parseEtcdRequest(text);
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}

describe("what the user asks for as etcd", () => {
  it("is a series, an exact version, an image or a path", () => {
    expect(parseEtcdRequest("3.5")).to.deep.equal({ kind: "series", series: "3.5" });
    expect(parseEtcdRequest("3.5.30")).to.deep.equal({ kind: "exact", version: "3.5.30" });
    expect(parseEtcdRequest("3.6.0-rc.1")).to.deep.equal({ kind: "exact", version: "3.6.0-rc.1" });
    expect(parseEtcdRequest("image:quay.io/coreos/etcd:v3.5.1")).to.deep.equal({ kind: "image", image: "quay.io/coreos/etcd:v3.5.1" });
    expect(parseEtcdRequest("/usr/bin/etcd")).to.deep.equal({ kind: "file", path: "/usr/bin/etcd" });
    expect(parseEtcdRequest("./etcd")).to.deep.equal({ kind: "file", path: "./etcd" });
    expect(parseEtcdRequest("~/bin/etcd")).to.deep.equal({ kind: "file", path: "~/bin/etcd" });
  });

  it("may carry the v of the tags, and blanks around it", () => {
    expect(parseEtcdRequest("v3.5.30")).to.deep.equal({ kind: "exact", version: "3.5.30" });
    expect(parseEtcdRequest(" v3.5 ")).to.deep.equal({ kind: "series", series: "3.5" });
  });

  for (const text of ["", " ", "3", "3.5.x", "3,5", "3.5.", "latest", "etcd", "vv3.5", "3.5.30.1", "-3.5", "3.5.30-", "3.5.30\n3.5"]) {
    it(`${JSON.stringify(text)} is refused with examples`, () => {
      const error = refusal(text);
      expect(error.code).to.equal("usage");
      expect(error.message).to.include("is no etcd version, image or path");
      expect(error.hint).to.match(/3\.5 .*3\.5\.30.*image:.*\.\/etcd/);
    });
  }

  for (const text of ["image:", "image:a b", "image:-x", "image:Quay.io/x\n"]) {
    it(`${JSON.stringify(text)} is refused as an image`, () => {
      expect(refusal(text)).to.include({ code: "usage", hint: "For example image:quay.io/coreos/etcd:v3.5.1" });
    });
  }

  it("reads its own description back as the same request", () => {
    const number = fc.nat(999);
    const text = fc.oneof(
      fc.tuple(number, number).map((parts) => parts.join(".")),
      fc.tuple(number, number, number).map((parts) => parts.join(".")),
      fc.tuple(number, number, number, fc.constantFrom("alpha", "rc"), number).map(([a, b, c, stage, n]) => `v${a}.${b}.${c}-${stage}.${n}`),
      fc.stringMatching(/^\.\/[a-z]{1,8}(\/[a-z0-9.]{1,8}){0,3}$/),
      fc.stringMatching(/^image:[a-z][a-z0-9.]{0,8}(\/[a-z]{1,6}){0,2}(:v[0-9]{1,2})?$/),
    );
    fc.assert(
      fc.property(text, (written) => {
        const request = parseEtcdRequest(written);
        expect(parseEtcdRequest(describeRequest(request))).to.deep.equal(request);
      }),
    );
  });

  it("is either read or refused as usage, whatever is written", () => {
    fc.assert(
      fc.property(fc.string(), (written) => {
        try {
          parseEtcdRequest(written);
        } catch (error) {
          expect(error).to.be.instanceOf(HarnessError).with.property("code", "usage");
        }
      }),
    );
  });
});

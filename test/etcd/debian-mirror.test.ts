import { expect } from "chai";
import { debianMirror, mirrorIn } from "../../src/etcd/debian-mirror.ts";

describe("the machine's Debian mirror", () => {
  it("is found in the one-line format, with options and without", () => {
    expect(mirrorIn("deb http://mirror.example/debian bookworm main")).to.equal("http://mirror.example/debian");
    expect(mirrorIn("deb [arch=amd64 signed-by=/k.gpg] https://mirror.example/debian/ bookworm main\n")).to.equal("https://mirror.example/debian");
  });

  it("is found in the deb822 format, past comments", () => {
    expect(mirrorIn("Types: deb\n# URIs: http://old.example/debian\nURIs: http://mirror.example/debian\nSuites: bookworm\n")).to.equal("http://mirror.example/debian");
  });

  it("is not a security archive, and not another vendor's", () => {
    expect(mirrorIn("URIs: http://mirror.example/debian-security\n")).to.equal(undefined);
    expect(mirrorIn("deb https://vendor.example/node_20.x nodistro main\n")).to.equal(undefined);
    expect(mirrorIn("deb http://archive.example/ubuntu jammy main\n")).to.equal(undefined);
  });

  it("is none where apt has no sources", () => {
    expect(debianMirror("/nonexistent")).to.equal(undefined);
  });
});

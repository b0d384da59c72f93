import { Ajv } from "ajv";
import { expect } from "chai";
import { z } from "zod";

import { assertionKinds } from "../../assertions/index.ts";

const schemaOf = (kind: string) => z.toJSONSchema(assertionKinds.find((each) => each.kind === kind)?.options ?? z.never(), { io: "input", target: "draft-7" });
const accepts = (kind: string, options: object) => new Ajv({ strict: false }).validate(schemaOf(kind), options);

describe("the table of assertions", () => {
  it("has each kind once, with a summary of one sentence", () => {
    const kinds = assertionKinds.map(({ kind }) => kind);
    expect(kinds).to.deep.equal(["leader-changes", "metric", "fsync", "log", "health", "slo", "strict-serializable", "serializable", "no-lost-writes", "watch", "lease", "lock", "append", "queue", "counter", "monotonic-revision", "hash-kv", "convergence", "spans", "otel-logs", "promql"]);
    for (const { summary } of assertionKinds) expect(summary).to.match(/^[A-Z][^\n]*\.$/);
  });

  for (const { kind } of assertionKinds) {
    it(`has a JSON Schema for ${kind} in which every option is described`, () => {
      const { properties = {}, additionalProperties } = schemaOf(kind);
      expect(additionalProperties).to.equal(false);
      for (const [name, option] of Object.entries(properties)) {
        expect(typeof option === "object" ? option.description : "", `${kind}.${name}`).to.match(/\.$/);
      }
    });
  }

  it("has schemas of what authors write, not of what it is turned into", () => {
    expect(accepts("slo", { during: ["a", "b"], after: "2s", within: "5s", latency: { below: "200ms" } })).to.equal(true);
    expect(accepts("slo", { after: 2_000 })).to.equal(false);
    expect(accepts("metric", { name: "x_seconds", measure: "max", below: "5s", labels: { a: "b" } })).to.equal(true);
    expect(accepts("metric", { name: "x", measure: "max", below: 5, unknown: 1 })).to.equal(false);
    expect(accepts("log", { match: { msg: "a", level: "warn|error" }, none: true })).to.equal(true);
    expect(accepts("log", { match: "a", "at-least": 0 })).to.equal(false);
  });
});

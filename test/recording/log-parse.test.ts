import { expect } from "chai";
import fc from "fast-check";

import { parseLogLine } from "../../src/recording/log-parse.ts";

describe("a log line of etcd", () => {
  it("of 3.5 and 3.6 is JSON with microseconds and an offset", () => {
    const raw = '{"level":"info","ts":"2026-11-24T02:07:05.654388Z","caller":"embed/config.go:689","msg":"serving","n":3}';
    expect(parseLogLine(raw)).to.deep.equal({
      wallMs: Date.UTC(2026, 10, 24, 2, 7, 5) + 654.388,
      level: "info",
      msg: "serving",
      fields: { level: "info", ts: "2026-11-24T02:07:05.654388Z", caller: "embed/config.go:689", msg: "serving", n: 3 },
      raw,
    });
  });

  it("has the same time in every zone", () => {
    for (const ts of ["2026-11-24T07:37:00.626+0530", "2026-11-24T07:37:00.626+05:30", "2026-11-23T18:07:00.626-0800", "2026-11-24T02:07:00.626Z"]) {
      expect(parseLogLine(JSON.stringify({ ts })).wallMs).to.equal(Date.UTC(2026, 10, 24, 2, 7, 0, 626));
    }
    expect(parseLogLine('{"ts":"2026-11-24T02:07:00Z"}').wallMs).to.equal(Date.UTC(2026, 10, 24, 2, 7));
  });

  it("may give its time as seconds since 1970", () => {
    expect(parseLogLine('{"level":"warn","ts":1795572420.626,"msg":"m"}').wallMs).to.be.closeTo(1795572420626, 0.001);
  });

  it("of 3.3 is text", () => {
    const raw = "2018-05-01 12:00:00.123456 W | etcdserver: read-only range request took too long | twice";
    expect(parseLogLine(raw)).to.deep.equal({
      wallMs: Date.UTC(2018, 4, 1, 12) + 123.456,
      level: "warn",
      msg: "etcdserver: read-only range request took too long | twice",
      fields: {},
      raw,
    });
  });

  for (const raw of ["goroutine 1 [running]:", "\tmain.go:12 +0x1f", "", '{"level":"info","ts":"2026', "[1]", '{"ts":"yesterday"}', '{"ts":"2026-13-45T99:00:00Z"}']) {
    it(`need not have a time: ${JSON.stringify(raw)}`, () => {
      expect(parseLogLine(raw)).to.include({ wallMs: undefined, raw });
    });
  }

  it("is never too strange to be read", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (raw) => {
        const { wallMs, ...parsed } = parseLogLine(raw);
        expect(parsed.raw).to.equal(raw);
        expect(parsed.level).to.be.a("string");
        expect(parsed.msg).to.be.a("string");
        expect(wallMs === undefined || Number.isFinite(wallMs)).to.equal(true);
      }),
    );
  });
});

import { expect } from "chai";

import { healthTask } from "../../src/observe/health.ts";
import type { Http } from "../../src/observe/http.ts";
import type { HealthSample } from "../../src/recording/samples.ts";
import { ManualClock } from "./manual-clock.ts";

async function healthFrom(http: Http, serializable = false): Promise<HealthSample | undefined> {
  const samples: HealthSample[] = [];
  await healthTask({ member: "etcd-1", serializable, http, clock: new ManualClock(), record: (s) => void samples.push(s) })();
  return samples[0];
}

const answering = (status: number, body: string): Http => async () => ({ status, body });

describe("the health observer", () => {
  it("takes a member for healthy when etcd says so: 3.5 on, 3.4, 3.3", async () => {
    for (const body of ['{"health":"true","reason":""}', '{"health":"true"}', '{"health":true}']) {
      expect(await healthFrom(answering(200, body))).to.deep.equal({
        kind: "health", atMs: 0, member: "etcd-1", serializable: false, healthy: true, tookMs: 0,
      });
    }
  });

  it("gives etcd's own reason", async () => {
    const sample = await healthFrom(answering(503, '{"health":"false","reason":"RAFT NO LEADER"}'));
    expect(sample).to.include({ healthy: false, reason: "RAFT NO LEADER" });
  });

  for (const [status, body] of [[503, '{"health":"false"}'], [200, '{"health":"maybe"}'], [200, "ok"], [200, "null"], [503, '{"health":"true"}']] as const) {
    it(`does not take status ${status} with ${body} for healthy`, async () => {
      expect(await healthFrom(answering(status, body))).to.include({ healthy: false, reason: `status ${status}: ${body}` });
    });
  }

  it("gives the error of a request that failed", async () => {
    const sample = await healthFrom(() => Promise.reject(new Error("no answer within 1000 ms")));
    expect(sample).to.include({ healthy: false, reason: "no answer within 1000 ms" });
  });

  it("asks the member alone when told to, and says how long the answer took and when it came", async () => {
    const clock = new ManualClock();
    const samples: HealthSample[] = [];
    const asked: string[] = [];
    const http: Http = async ({ path }) => {
      asked.push(path);
      await clock.sleep(120);
      return { status: 200, body: '{"health":"true"}' };
    };
    const done = healthTask({ member: "etcd-1", serializable: true, http, clock, record: (s) => void samples.push(s) })();
    await clock.advance(120);
    await done;
    expect(asked).to.deep.equal(["/health?serializable=true"]);
    expect(samples[0]).to.include({ serializable: true, atMs: 120, tookMs: 120 });
  });
});

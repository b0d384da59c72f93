import { expect } from "chai";
import { Impairments } from "../../src/faults/impairments.ts";
import { hold } from "../../src/faults/holds.ts";
import { LinkPace } from "../../src/faults/link-pace.ts";
import type { FaultContext } from "../../src/faults/fault.ts";
import type { Link } from "../../src/cluster/links.ts";
import { Resources } from "../../src/resources.ts";
import { clusterDouble, LinkDouble, memberDouble, speaker, type Said } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";

/** In the time of a clock that runs four times as fast as real time. */
const slowness = { latencyMs: 800, jitterMs: 0, toxicity: 1 };

describe("a latency's proof by round trips", () => {
  const resources = new Resources();
  /** What the far end of each link says. */
  let says: [Said | undefined, Said | undefined];
  let sayings: [() => Said | undefined, () => Said | undefined];
  let links: readonly [Link, Link];
  let context: FaultContext;
  let clock: HastyClock;

  before(async () => {
    const addresses = [];
    for (const index of [0, 1] as const) addresses.push(resources.use(await speaker(() => sayings[index]())).address);
    links = [new LinkDouble("etcd-1", "etcd-2", addresses[0]), new LinkDouble("etcd-2", "etcd-1", addresses[1])];
  });
  after(() => resources[Symbol.asyncDispose]());
  beforeEach(() => {
    says = [{}, {}];
    sayings = [() => says[0], () => says[1]];
    clock = new HastyClock(4);
    const members = [memberDouble("etcd-1", {}), memberDouble("etcd-2", {})];
    context = { cluster: clusterDouble(members), targets: members.slice(0, 1), clock, signal: new AbortController().signal };
  });

  const slow = { afterMs: 400 };
  const none = (): Promise<Impairments> => Impairments.put([], "slowed", (link) => link.cut("blocking"));

  it("holds where every link takes twice the latency longer, from the first such measurement on", async () => {
    const pace = await LinkPace.before(links, slowness, context);
    says = [slow, slow];
    const startMs = clock.nowMs();
    const { proof, sinceMs } = await pace.untilSlow();
    expect(proof.text).to.match(/^2 of 2 links took 1\.[5-9]\d* s.*, before the fault .+ ms$/);
    expect(proof.holds).to.equal(true);
    expect(sinceMs - startMs).to.be.lessThan(clock.nowMs() - startMs);
  });

  it("does not hold where one link is as quick as before", async () => {
    const pace = await LinkPace.before(links, slowness, context);
    says = [slow, {}];
    const { proof } = await pace.untilSlow();
    expect(proof.text).to.match(/; not 1\.44 s longer over etcd-2-to-etcd-1$/);
    expect(proof.holds).to.equal(false);
  });

  it("does not take a lack of answers for slowness", async () => {
    const pace = await LinkPace.before(links, slowness, context);
    says = [slow, { hangUp: true }];
    const { proof } = await pace.untilSlow();
    expect(proof.text).to.include("(1 without an answer)").and.to.include("over etcd-2-to-etcd-1");
    expect(proof.holds).to.equal(false);
  });

  it("does not hold where links were as slow before", async () => {
    says = [slow, slow];
    const pace = await LinkPace.before(links, slowness, context);
    expect((await pace.untilSlow()).proof.holds).to.equal(false);
  });

  it("with a jitter as large as the latency still asks for a longer round trip", async () => {
    const pace = await LinkPace.before(links, { latencyMs: 800, jitterMs: 800, toxicity: 1 }, context);
    const { proof } = await pace.untilSlow();
    expect(proof.text).to.include("; not 720 ms longer over");
    expect(proof.holds).to.equal(false);
  });

  it("where half of the connections are slow holds once one over each link is, by the latency in one direction", async () => {
    const pace = await LinkPace.before(links, { latencyMs: 800, jitterMs: 0, toxicity: 0.5 }, context);
    const every = { first: 3, second: 5 };
    let [first, second] = [0, 0];
    sayings = [() => (++first % every.first === 0 ? { afterMs: 200 } : {}), () => (++second % every.second === 0 ? { afterMs: 200 } : {})];
    const { proof } = await pace.untilSlow();
    expect(proof.text).to.match(/^2 of 2 links took (7[2-9]\d ms|[89]\d\d ms|1\.\d+ s).*, before the fault .+ ms$/);
    expect(proof.holds).to.equal(true);
  });

  it("where half of the connections should be slow does not hold while none over one link is", async () => {
    const pace = await LinkPace.before(links, { latencyMs: 800, jitterMs: 0, toxicity: 0.5 }, context);
    let count = 0;
    sayings = [() => (++count % 3 === 0 ? { afterMs: 100 } : {}), () => ({})];
    const { proof } = await pace.untilSlow();
    expect(proof.text).to.match(/; not 720 ms longer over .*etcd-2-to-etcd-1$/);
    expect(proof.holds).to.equal(false);
  });

  it("of healing waits until the links are quick again", async () => {
    const pace = await LinkPace.before(links, slowness, context);
    says = [{}, slow];
    const waiting = pace.untilQuick(await none());
    await clock.sleep(800);
    says = [{}, {}];
    expect((await waiting).proof).to.include({ holds: true });
  });

  it("of healing does not hold where a link stays slow", async () => {
    const pace = await LinkPace.before(links, slowness, context);
    clock.run(20);
    says = [slow, slow];
    const { proof } = await pace.untilQuick(await none());
    expect(proof.text).to.match(/; still longer over etcd-1-to-etcd-2, etcd-2-to-etcd-1$/);
    expect(proof.holds).to.equal(false);
  });

  it("of healing leaves out a link that another fault keeps slow, and says so", async () => {
    const pace = await LinkPace.before(links, slowness, context);
    says = [slow, {}];
    const held = hold(links[0], "slowed");
    const { proof } = await pace.untilQuick(await none());
    held.release();
    expect(proof.text).to.match(/^1 of 2 links took .+; etcd-1-to-etcd-2 is slowed by another fault$/);
    expect(proof.holds).to.equal(true);
  });

  it("ends at once with the signal's reason when it is aborted", async () => {
    const abort = new AbortController();
    const pace = await LinkPace.before(links, slowness, { ...context, signal: abort.signal });
    says = [undefined, undefined];
    const proving = pace.untilSlow();
    const reason = new Error("SIGINT");
    abort.abort(reason);
    expect(await proving.catch((error: unknown) => error)).to.equal(reason);
  });
});

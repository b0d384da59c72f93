import { expect } from "chai";
import type { FaultContext } from "../../src/faults/fault.ts";
import { hold } from "../../src/faults/holds.ts";
import { Impairments } from "../../src/faults/impairments.ts";
import { describeEndings, type LinkProbe } from "../../src/faults/link-probe.ts";
import { LinkTrial, triesFor } from "../../src/faults/link-trial.ts";
import { Resources } from "../../src/resources.ts";
import { clusterDouble, LinkDouble, memberDouble, speaker, type Said } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";

/** Connections that are hung up on are struck. */
const probe: LinkProbe = {
  what: "a request",
  order: {},
  limitMs: 4_000,
  struck: ({ ending }) => ending === "closed",
  free: ({ ending }) => ending === "answered",
  describe: describeEndings,
};

const hangUp = { hangUp: true } as const;

describe("trying links for a toxic", () => {
  const resources = new Resources();
  let says: [() => Said, () => Said];
  let links: readonly [LinkDouble, LinkDouble];
  let context: FaultContext;
  let clock: HastyClock;

  before(async () => {
    const addresses = [];
    for (const index of [0, 1] as const) addresses.push(resources.use(await speaker(() => says[index]())).address);
    links = [new LinkDouble("etcd-1", "etcd-2", addresses[0]), new LinkDouble("etcd-2", "etcd-1", addresses[1])];
  });
  after(() => resources[Symbol.asyncDispose]());
  beforeEach(() => {
    says = [() => ({ body: "{}" }), () => ({ body: "{}" })];
    clock = new HastyClock(5);
    const members = [memberDouble("etcd-1", {}), memberDouble("etcd-2", {})];
    context = { cluster: clusterDouble(members), targets: members.slice(0, 1), clock, signal: new AbortController().signal };
  });

  const none = (): Promise<Impairments> => Impairments.put([], "impaired", (link) => link.cut("blocking"));
  const struckEvery = (every: number): (() => Said) => {
    let count = 0;
    return () => (++count % every === 0 ? hangUp : { body: "{}" });
  };

  it("holds once it was struck on each link", async () => {
    const trial = await LinkTrial.before(links, probe, 1, context);
    says = [() => hangUp, () => hangUp];
    const { proof } = await trial.untilStruck();
    expect(proof.text).to.match(/^a request over 2 of 2 links: closed after .+, before the fault answered in .+$/);
    expect(proof).to.include({ source: "trial", holds: true });
  });

  it("does not hold where one link goes on as before, as with a fault that only pretends", async () => {
    const trial = await LinkTrial.before(links, probe, 1, context);
    says[1] = () => hangUp;
    const { proof } = await trial.untilStruck();
    expect(proof.text).to.match(/^a request over etcd-1-to-etcd-2: answered in .+, before the fault answered in /);
    expect(proof.holds).to.equal(false);
  });

  it("does not hold where a link had no answer before: what it shows now is nothing new", async () => {
    says[1] = () => hangUp;
    const trial = await LinkTrial.before(links, probe, 1, context);
    says[0] = () => hangUp;
    const { proof } = await trial.untilStruck();
    expect(proof.text).to.equal("no answer to a request over etcd-2-to-etcd-1 before the fault, so that nothing shows it");
    expect(proof.holds).to.equal(false);
  });

  it("does not hold where there are no links", async () => {
    expect((await (await LinkTrial.before([], probe, 1, context)).untilStruck()).proof.holds).to.equal(false);
  });

  it("of a share of the connections holds once one on each link was struck, and says how many", async () => {
    const trial = await LinkTrial.before(links, probe, 0.3, context);
    says = [struckEvery(4), struckEvery(12)];
    const { proof } = await trial.untilStruck();
    expect(proof.text).to.match(/^a request over 2 of 2 links \(\d+ of \d+ connections\): closed after /);
    expect(proof.holds).to.equal(true);
  });

  it("of a share of the connections gives up after as many as make a miss improbable", async () => {
    const trial = await LinkTrial.before(links, probe, 0.3, context);
    let asked = 0;
    says = [struckEvery(4), () => (asked++, { body: "{}" })];
    expect((await trial.untilStruck()).proof.holds).to.equal(false);
    expect(asked).to.be.within(triesFor(0.3), triesFor(0.3) + 5);
  });

  it("tries so often that a toxic in force is missed once in ten thousand times", () => {
    expect([1, 0.9, 0.5, 0.1].map(triesFor)).to.deep.equal([1, 4, 14, 88]);
  });

  it("of healing waits until every link goes as before", async () => {
    const trial = await LinkTrial.before(links, probe, 1, context);
    says[0] = () => hangUp;
    const waiting = trial.untilFree(await none());
    await clock.sleep(500);
    says[0] = () => ({ body: "{}" });
    const { proof } = await waiting;
    expect(proof.text).to.match(/^a request over 2 of 2 links: answered in /);
    expect(proof.holds).to.equal(true);
  });

  it("of healing does not hold where a link stays struck", async () => {
    const trial = await LinkTrial.before(links, probe, 1, context);
    says[0] = () => hangUp;
    clock.run(20);
    const { proof } = await trial.untilFree(await none());
    expect(proof.text).to.match(/^a request over etcd-1-to-etcd-2: closed after .+, answered in |^a request over etcd-1-to-etcd-2: /);
    expect(proof.holds).to.equal(false);
  });

  it("of healing leaves out a link that another fault keeps from working, and says so", async () => {
    const trial = await LinkTrial.before(links, probe, 1, context);
    says[0] = () => hangUp;
    const held = hold(links[0], "impaired");
    const { proof } = await trial.untilFree(await none());
    held.release();
    expect(proof.text).to.match(/^a request over 1 of 2 links: answered in .+; etcd-1-to-etcd-2 is impaired by another fault$/);
    expect(proof.holds).to.equal(true);
  });
});

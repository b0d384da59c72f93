import { expect } from "chai";
import type { ActiveFault } from "../../src/faults/fault.ts";
import { excuse } from "../../src/faults/holds.ts";
import { faultKinds } from "../../src/faults/index.ts";
import { Resources } from "../../src/resources.ts";
import { clusterDouble, memberDouble, speaker } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";

const kinds: readonly [string, object][] = [
  ["bandwidth", { rate: 50 }],
  ["reset", {}],
  ["slicer", { size: 100, delay: "10ms" }],
  ["limit-data", { bytes: 5_000 }],
  ["slow-close", { delay: "300ms" }],
];

describe("a toxic fault", () => {
  const resources = new Resources();
  let address: string;
  const clock = new HastyClock(10);

  before(async () => void ({ address } = resources.use(await speaker(() => ({ body: "{}" })))));
  after(() => resources[Symbol.asyncDispose]());

  function situation(signal = new AbortController().signal) {
    const members = ["etcd-1", "etcd-2", "etcd-3"].map((name) => memberDouble(name, {}));
    const cluster = clusterDouble(members, () => address);
    return { cluster, targets: members.slice(0, 1), clock, signal };
  }

  function inject(kind: string, options: object, context = situation()): Promise<ActiveFault> {
    const found = faultKinds.find((each) => each.kind === kind);
    if (found === undefined) throw new Error(`there is no fault ${kind}`);
    return found.bind({ target: "leader", ...options }).inject(context);
  }

  for (const [kind, options] of kinds) {
    it(`(${kind}) that only pretends is told by its trials`, async () => {
      const active = await inject(kind, options);
      const { proofs } = await active.effect();
      await active.heal();
      expect(proofs.find(({ source }) => source === "toxics")).to.include({ holds: true });
      expect(proofs.filter(({ source, holds }) => source === "trial" && !holds)).to.not.deep.equal([]);
    });

    it(`(${kind}) that one link refuses is taken off the others`, async () => {
      const context = situation();
      const refusing = context.cluster.links.between("etcd-1", "etcd-3");
      const double = context.cluster.linkDoubles.find((link) => link === refusing);
      if (double === undefined) throw new Error("no link");
      double.refuses.putting = 1;
      expect(await inject(kind, options, context).then(() => "injected", (error: unknown) => String(error))).to.equal("Error: etcd-1-to-etcd-3 refuses");
      for (const link of context.cluster.linkDoubles) {
        expect(link.inForce.size).to.equal(0, link.name);
        expect(excuse([link], ["impaired"])).to.equal(undefined);
      }
    });

    it(`(${kind}) is on the links that were asked for, and lifted twice without harm`, async () => {
      const context = situation();
      const active = await inject(kind, { ...options, on: "clients" }, context);
      expect(context.cluster.linkDoubles.filter(({ inForce }) => inForce.size > 0).map(({ name }) => name)).to.deep.equal(["clients-to-etcd-1"]);
      await active.heal();
      await active.heal();
      expect(context.cluster.linkDoubles.some(({ inForce }) => inForce.size > 0)).to.equal(false);
      expect((await active.healed()).proofs.every(({ holds }) => holds)).to.equal(true);
    });
  }

  it("(reset) that leaves connections open is told by those", async () => {
    const active = await inject("reset", {});
    const { proofs } = await active.effect();
    await active.heal();
    expect(proofs.find(({ source }) => source === "connections")).to.deep.include({
      text: "opened before the fault and still there: over etcd-1-to-etcd-2, etcd-2-to-etcd-1, etcd-1-to-etcd-3, etcd-3-to-etcd-1",
      holds: false,
    });
  });

  it("(reset) is taken off where a link cannot be opened again at once", async () => {
    const context = situation();
    const [double] = context.cluster.linkDoubles.filter(({ from }) => from !== "clients");
    if (double === undefined) throw new Error("no link");
    double.refuses.lifting = 1;
    expect(await inject("reset", {}, context).then(() => "injected", (error: unknown) => String(error))).to.include("cannot be lifted");
    for (const link of context.cluster.linkDoubles) expect(link.inForce.size).to.equal(0, link.name);
  });
});

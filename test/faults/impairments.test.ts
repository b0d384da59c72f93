import { expect } from "chai";
import { messageOf } from "../../src/errors.ts";
import { excuse } from "../../src/faults/holds.ts";
import { Impairments } from "../../src/faults/impairments.ts";
import { LinkDouble } from "./doubles.ts";

const three = (): [LinkDouble, LinkDouble, LinkDouble] => [new LinkDouble("etcd-1", "etcd-2"), new LinkDouble("etcd-2", "etcd-1"), new LinkDouble("etcd-1", "etcd-3")];
const cutting = (links: readonly LinkDouble[]): Promise<Impairments> => Impairments.put(links, "cut", (link) => link.cut("blocking"));
const inForce = (links: readonly LinkDouble[]): number[] => links.map((link) => link.inForce.size);

describe("impairments of several links", () => {
  it("are put on all, read back, lifted from all, and lifted again without harm", async () => {
    const links = three();
    const cuts = await cutting(links);
    expect(inForce(links)).to.deep.equal([1, 1, 1]);
    expect(await cuts.proofInForce()).to.deep.equal({ source: "toxics", text: "cut: read back on all 3 links", holds: true });
    expect(await cuts.proofLifted()).to.include({ text: "still there: etcd-1-to-etcd-2, etcd-2-to-etcd-1, etcd-1-to-etcd-3", holds: false });
    await cuts.lift();
    await cuts.lift();
    expect(inForce(links)).to.deep.equal([0, 0, 0]);
    expect(await cuts.proofLifted()).to.deep.equal({ source: "toxics", text: "gone from all 3 links", holds: true });
  });

  it("are not proven in force where one is missing, or where there is nothing to impair", async () => {
    const links = three();
    const cuts = await cutting(links);
    links[1].inForce.clear();
    expect(await cuts.proofInForce()).to.deep.equal({ source: "toxics", text: "not read back on 1 of 3 links: etcd-2-to-etcd-1", holds: false });
    expect(await (await cutting([])).proofInForce()).to.deep.equal({ source: "toxics", text: "there are no links to put it on", holds: false });
  });

  it("are all lifted where one link refuses to be impaired, and the refusal is told", async () => {
    const links = three();
    links[1].refuses.putting = 1;
    expect(messageOf(await cutting(links).catch((error: unknown) => error))).to.equal("etcd-2-to-etcd-1 refuses");
    expect(inForce(links)).to.deep.equal([0, 0, 0]);
    for (const link of links) expect(excuse([link], ["cut"])).to.equal(undefined, "no hold is left");
  });

  it("are lifted with patience after a refusal, as nobody else will", async () => {
    const links = three();
    links[0].refuses.putting = 1;
    links[2].refuses.lifting = 2;
    expect(messageOf(await cutting(links).catch((error: unknown) => error))).to.equal("etcd-1-to-etcd-2 refuses");
    expect(inForce(links)).to.deep.equal([0, 0, 0]);
  });

  it("tell both troubles where one refuses and another cannot be lifted", async () => {
    const links = three();
    links[0].refuses.putting = 1;
    links[2].refuses.lifting = 99;
    expect(messageOf(await cutting(links).catch((error: unknown) => error))).to.equal(
      "etcd-1-to-etcd-2 refuses; and undoing what was done failed: etcd-1-to-etcd-3 cannot be lifted",
    );
  });

  it("are lifted past one that fails, which the next lift tries again", async () => {
    const links = three();
    const cuts = await cutting(links);
    links[0].refuses.lifting = 1;
    expect(messageOf(await cuts.lift().catch((error: unknown) => error))).to.equal("etcd-1-to-etcd-2 cannot be lifted");
    expect(inForce(links)).to.deep.equal([1, 0, 0]);
    expect(await cuts.proofLifted()).to.include({ text: "still there: etcd-1-to-etcd-2", holds: false });
    expect(excuse([links[0]], ["cut"])).to.equal("etcd-1-to-etcd-2 is cut by another fault", "others may still count on it");
    await cuts.lift();
    expect(inForce(links)).to.deep.equal([0, 0, 0]);
    expect(await cuts.proofLifted()).to.include({ holds: true });
  });

  it("are gone where a closed link stays closed for another fault alone", async () => {
    const link = new LinkDouble("etcd-1", "etcd-2");
    let closings = 0;
    const closing = (): Promise<Impairments> =>
      Impairments.put([link], "cut", async () => {
        closings++;
        return { description: "closed", inForce: async () => closings > 0, lift: async () => void closings-- };
      });
    const [first, second] = [await closing(), await closing()];
    await first.lift();
    expect(await first.proofLifted()).to.include({ holds: true });
    expect(await second.proofLifted()).to.include({ holds: false });
  });
});

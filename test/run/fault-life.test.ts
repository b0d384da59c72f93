import { expect } from "chai";
import { doubts, holds, Stage } from "./fault-stage.ts";

describe("the life of a fault", () => {
  it("goes from its planned injection over its proof to its planned healing and the proof of that", async () => {
    const stage = new Stage();
    stage.begin(stage.fault());
    await stage.clock.advance(1_099);
    expect(stage.story).to.deep.equal([]);
    await stage.clock.advance(10_000);
    expect(stage.story).to.deep.equal(["requested 1100", "effective 1100", "healing 5100", "healed 5100"]);
    expect(stage.heals).to.equal(1);
    expect(stage.done).to.equal(true);
  });

  it("has a time to live, of which somebody outside is told before it is injected, until it is healed and that is proven", async () => {
    const stage = new Stage();
    let toldAtInjection: string[] = [];
    const inject = async (): Promise<void> => void (toldAtInjection = [...stage.limits]);
    stage.begin(stage.fault({ inject, healed: () => stage.clock.sleep(3_000).then(() => holds(8_100)) }));
    await stage.clock.advance(8_000);
    expect(toldAtInjection).to.deep.equal(["within isolated/1-partition 64000"]);
    expect(stage.limits, "its healing is not proven yet").to.deep.equal(toldAtInjection);
    await stage.clock.advance(1_000);
    expect(stage.limits).to.deep.equal([...toldAtInjection, "done isolated/1-partition"]);
  });

  it("outlives its time, for all that is told, only where it could not be lifted", async () => {
    const told = async (...deed: Parameters<Stage["fault"]>): Promise<string[]> => {
      const stage = new Stage();
      stage.begin(stage.fault(...deed));
      await stage.clock.advance(60_000);
      expect(stage.done).to.equal(true);
      return stage.limits;
    };
    const within = "within isolated/1-partition 64000";
    expect(await told({ heal: () => Promise.reject(new Error("the engine is gone")) })).to.deep.equal([within]);
    for (const deed of [{ inject: () => Promise.reject(new Error("refused")) }, { healed: async () => doubts(6_000) }, { effect: () => Promise.reject(new Error("no answer")) }]) {
      expect(await told(deed)).to.deep.equal([within, "done isolated/1-partition"]);
    }
  });

  it("is over for all that is told only when it is off again, where it comes after its injection was given up", async () => {
    const stage = new Stage();
    stage.begin(stage.fault({ inject: () => stage.clock.sleep(200_000), heal: () => stage.clock.sleep(5_000) }));
    await stage.clock.advance(190_000);
    expect(stage.done).to.equal(true);
    expect(stage.one("failed")).to.have.property("error").that.matches(/^injecting it had no end/);
    await stage.clock.advance(14_000);
    expect(stage.limits, "it heals").to.deep.equal(["within isolated/1-partition 64000"]);
    await stage.clock.advance(3_000);
    expect(stage.heals).to.equal(1);
    expect(stage.limits.at(-1)).to.equal("done isolated/1-partition");
  });

  it("hits whom its target stands for at injection, and says why those", async () => {
    const stage = new Stage();
    stage.begin(stage.fault());
    await stage.clock.advance(500);
    stage.leadership = { leader: "etcd-3", term: 4 };
    await stage.clock.advance(10_000);
    expect(stage.targets).to.deep.equal([["etcd-3"]]);
    expect(stage.one("requested")).to.deep.include({ phase: "isolated", title: "partition leader", targets: ["etcd-3"], because: "etcd-3 is the leader at term 4" });
  });

  it("waits for somebody to lead, a while", async () => {
    const stage = new Stage();
    stage.leadership = { leader: undefined, term: 3 };
    stage.begin(stage.fault());
    await stage.clock.advance(3_000);
    expect(stage.story).to.deep.equal([]);
    stage.leadership = { leader: "etcd-1", term: 4 };
    await stage.clock.advance(10_000);
    expect(stage.story).to.deep.equal(["requested 3050", "effective 3050", "healing 5100", "healed 5100"]);
  });

  describe("that follows the leader", () => {
    const ids = (stage: Stage): string[] => stage.events.flatMap((event) => (event.type === "fault" && event.state === "requested" ? [`${event.fault} ${event.targets.join()}`] : []));

    it("heals where the leader is another, and strikes again there", async () => {
      const stage = new Stage();
      stage.begin(stage.fault(), { follows: true });
      await stage.clock.advance(2_000);
      stage.leadership = { leader: "etcd-3", term: 4 };
      await stage.clock.advance(10_000);
      expect(stage.targets).to.deep.equal([["etcd-2"], ["etcd-3"]]);
      expect(ids(stage)).to.deep.equal(["isolated/1-partition etcd-2", "isolated/1-partition~2 etcd-3"]);
      expect(stage.story.map((line) => line.split(" ")[0])).to.deep.equal(["requested", "effective", "healing", "healed", "requested", "effective", "healing", "healed"]);
      expect(stage.story.at(-1)).to.equal("healed 5100");
      expect(stage.done).to.equal(true);
    });

    it("stays where it is while nobody leads, or the same one does again", async () => {
      const stage = new Stage();
      stage.begin(stage.fault(), { follows: true });
      await stage.clock.advance(1_500);
      stage.leadership = { leader: undefined, term: 4 };
      await stage.clock.advance(1_000);
      stage.leadership = { leader: "etcd-2", term: 5 };
      await stage.clock.advance(10_000);
      expect(stage.story).to.deep.equal(["requested 1100", "effective 1100", "healing 5100", "healed 5100"]);
    });

    it("lets the new leader be where too little time is left to prove anything", async () => {
      const stage = new Stage();
      stage.begin(stage.fault(), { follows: true });
      await stage.clock.advance(4_000);
      stage.leadership = { leader: "etcd-1", term: 4 };
      await stage.clock.advance(10_000);
      expect(stage.targets).to.deep.equal([["etcd-2"]]);
    });

    it("ends with the run, wherever it is", async () => {
      const stage = new Stage();
      stage.begin(stage.fault(), { follows: true });
      await stage.clock.advance(2_000);
      stage.abort.abort(new Error("SIGINT"));
      await stage.clock.advance(1_000);
      expect(stage.heals).to.equal(1);
      expect(stage.done).to.equal(true);
    });
  });

  it("fails when nobody ever leads, without touching anyone", async () => {
    const stage = new Stage();
    stage.leadership = { leader: undefined, term: 3 };
    stage.begin(stage.fault());
    await stage.clock.advance(20_000);
    expect(stage.story).to.deep.equal(["failed 6100"]);
    expect(stage.one("failed")).to.include({ error: "no member stood for the target leader within 5 s" });
    expect(stage.targets).to.deep.equal([]);
    expect(stage.done).to.equal(true);
  });

  it("is ineffective when a proof does not hold, and is kept and healed all the same", async () => {
    const stage = new Stage();
    stage.begin(stage.fault({ effect: async () => doubts(1_600) }));
    await stage.clock.advance(10_000);
    expect(stage.story).to.deep.equal(["requested 1100", "ineffective 1600", "healing 5100", "healed 5100"]);
  });

  it("is ineffective when one of several proofs does not hold, and when there is none at all", async () => {
    for (const proofs of [[...holds(0).proofs, ...doubts(0).proofs], []]) {
      const stage = new Stage();
      stage.begin(stage.fault({ effect: async () => ({ sinceMs: 1_600, proofs }) }));
      await stage.clock.advance(10_000);
      expect(stage.story).to.include("ineffective 1600");
      expect(stage.one("effective")).to.equal(undefined);
    }
  });

  it("is ineffective when proving it throws, and says what was thrown", async () => {
    const stage = new Stage();
    stage.begin(stage.fault({ effect: () => Promise.reject(new Error("no counter was readable")) }));
    await stage.clock.advance(10_000);
    expect(stage.story).to.deep.equal(["requested 1100", "ineffective 1100", "healing 5100", "healed 5100"]);
    expect(stage.one("ineffective")).to.deep.include({ proofs: [{ source: "harness", text: "proving it failed: no counter was readable", holds: false }] });
  });

  it("is healed when healing works only at the third attempt", async () => {
    const stage = new Stage();
    const heal = async (): Promise<void> => {
      if (stage.heals < 3) throw new Error("the engine is busy");
    };
    stage.begin(stage.fault({ heal }));
    await stage.clock.advance(10_000);
    expect(stage.heals).to.equal(3);
    expect(stage.story.slice(0, 3)).to.deep.equal(["requested 1100", "effective 1100", "healing 5100"]);
    expect(stage.one("healed")).to.not.equal(undefined);
    expect(stage.one("unhealed")).to.equal(undefined);
  });

  it("is unhealed when healing never works, with the reason, and ends", async () => {
    const stage = new Stage();
    stage.begin(stage.fault({ heal: () => Promise.reject(new Error("the engine is gone")) }));
    await stage.clock.advance(60_000);
    expect(stage.heals).to.equal(3);
    expect(stage.one("unhealed")).to.deep.include({ proofs: [{ source: "harness", text: "healing failed 3 times: the engine is gone", holds: false }] });
    expect(stage.one("healed")).to.equal(undefined);
    expect(stage.done).to.equal(true);
  });

  it("is unhealed when nothing shows that it healed, or showing it throws", async () => {
    for (const healed of [async () => doubts(6_000), async () => ({ sinceMs: 6_000, proofs: [] }), () => Promise.reject(new Error("no answer"))]) {
      const stage = new Stage();
      stage.begin(stage.fault({ healed }));
      await stage.clock.advance(10_000);
      expect(stage.one("unhealed")).to.not.equal(undefined);
      expect(stage.one("healed")).to.equal(undefined);
    }
  });

  it("has failed when injecting throws; what was not injected is not healed", async () => {
    const stage = new Stage();
    stage.begin(stage.fault({ inject: () => Promise.reject(new Error("the proxy did not answer")) }));
    await stage.clock.advance(10_000);
    expect(stage.story).to.deep.equal(["requested 1100", "failed 1100"]);
    expect(stage.one("failed")).to.include({ error: "the proxy did not answer" });
    expect(stage.heals).to.equal(0);
    expect(stage.done).to.equal(true);
  });

  describe("that fails to heed its limits", () => {
    const never = <T>(): Promise<T> => new Promise(() => undefined);

    it("is healed all the same when its proof has no end", async () => {
      const stage = new Stage();
      stage.begin(stage.fault({ effect: never }));
      await stage.clock.advance(20_000);
      expect(stage.story).to.deep.equal(["requested 1100", "ineffective 7100", "healing 7100", "healed 7100"]);
      expect(stage.one("ineffective")).to.deep.include({ proofs: [{ source: "harness", text: "proving it failed: it had no end within 6 s", holds: false }] });
      expect(stage.done).to.equal(true);
    });

    it("is healed soon after the run is aborted when its proof has no end", async () => {
      const stage = new Stage();
      stage.begin(stage.fault({ effect: never }));
      await stage.clock.advance(1_500);
      stage.abort.abort("SIGINT");
      await stage.clock.advance(2_000);
      expect(stage.story).to.deep.equal(["requested 1100", "healing 3500", "healed 3500"]);
      expect(stage.done).to.equal(true);
    });

    it("is unhealed when healing, or the proof of that, has no end", async () => {
      for (const deed of [{ heal: () => never<void>() }, { healed: () => never<never>() }]) {
        const stage = new Stage();
        stage.begin(stage.fault(deed));
        await stage.clock.advance(1_000_000);
        expect(stage.one("unhealed")).to.not.equal(undefined);
        expect(stage.done).to.equal(true);
      }
    });

    it("has failed when injecting has no end, and is healed should it be put on after all", async () => {
      const stage = new Stage();
      let putOn: () => void = () => undefined;
      stage.begin(stage.fault({ inject: () => new Promise((resolve) => (putOn = resolve)) }));
      await stage.clock.advance(1_000_000);
      expect(stage.one("failed")).to.not.equal(undefined);
      expect(stage.done).to.equal(true);
      expect(stage.heals).to.equal(0);
      putOn();
      await stage.clock.advance(0);
      expect(stage.heals).to.equal(1);
    });
  });

  describe("when the run is aborted", () => {
    it("in the middle of it, heals at once", async () => {
      const stage = new Stage();
      stage.begin(stage.fault());
      await stage.clock.advance(2_000);
      stage.abort.abort("SIGINT");
      await stage.clock.advance(0);
      expect(stage.story).to.deep.equal(["requested 1100", "effective 1100", "healing 2000", "healed 2000"]);
      expect(stage.done).to.equal(true);
    });

    it("while it is being proven, heals at once and claims nothing", async () => {
      const stage = new Stage();
      const effect = async () => {
        await stage.clock.sleep(1_000, stage.abort.signal);
        return holds(stage.clock.nowMs());
      };
      stage.begin(stage.fault({ effect }));
      await stage.clock.advance(1_500);
      stage.abort.abort("SIGINT");
      await stage.clock.advance(0);
      expect(stage.story).to.deep.equal(["requested 1100", "healing 1500", "healed 1500"]);
    });

    it("before its time, never injects it", async () => {
      const stage = new Stage();
      stage.begin(stage.fault());
      await stage.clock.advance(500);
      stage.abort.abort("SIGINT");
      await stage.clock.advance(10_000);
      expect(stage.story).to.deep.equal([]);
      expect(stage.targets).to.deep.equal([]);
      expect(stage.done).to.equal(true);
    });

    it("while nobody leads, gives up without calling it failed", async () => {
      const stage = new Stage();
      stage.leadership = { leader: undefined, term: undefined };
      stage.begin(stage.fault());
      await stage.clock.advance(2_000);
      stage.abort.abort("SIGINT");
      await stage.clock.advance(10_000);
      expect(stage.story).to.deep.equal([]);
      expect(stage.done).to.equal(true);
    });

    it("and healing fails at first, tries again all the same", async () => {
      const stage = new Stage();
      stage.begin(stage.fault({ heal: async () => void (stage.heals < 2 && (await Promise.reject(new Error("busy")))) }));
      await stage.clock.advance(2_000);
      stage.abort.abort("SIGINT");
      await stage.clock.advance(10_000);
      expect(stage.heals).to.equal(2);
      expect(stage.one("healed")).to.not.equal(undefined);
    });
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { seededRandom } from "../../src/random.ts";
import type { Answered, Operation, Request } from "../../src/recording/operation.ts";
import type { GetAnswer } from "../../src/recording/operations/key-value.ts";
import { LoadClient } from "../../src/workloads/client.ts";
import { kv } from "../../src/workloads/kv.ts";
import { Memory } from "../../src/workloads/memory.ts";
import { scheduleOf } from "../../src/workloads/schedule.ts";
import type { Workload } from "../../src/workloads/workload.ts";

const msNs = 1e6;
const refused = "14 UNAVAILABLE: etcdserver: no leader";
const unknown = "14 UNAVAILABLE: etcdserver: leader changed";

/** What came back to a put or a get. */
type Answer = { readonly revision: number } & Partial<GetAnswer>;

interface Reply {
  readonly tookMs: number;
  readonly answer: Answer | { readonly error: string };
}

interface Played {
  readonly operations: Operation[];
  readonly requests: Request[];
  readonly missed: number;
}

/** One client in a time that only its waiting and the replies let pass. */
async function play(options: object, reply: (request: Request, index: number) => Reply, { client = 0, seed = 1, untilMs = 2_000, heard = (_: Operation): void => undefined } = {}): Promise<Played> {
  const workload: Workload = { ...kv.bind(options), heard: (_, operation) => heard(operation) };
  let nowNs = 0;
  let missed = 0;
  const operations: Operation[] = [];
  const requests: Request[] = [];
  const loadClient = new LoadClient({
    workload,
    client,
    number: client,
    clients: workload.clients,
    member: "etcd-1",
    endpoint: {
      async perform(request) {
        const { tookMs, answer } = reply(request, requests.push(request) - 1);
        nowNs += tookMs * msNs;
        if ("error" in answer) throw new Error(answer.error);
        return answered(request, answer);
      },
    },
    schedule: scheduleOf(workload, client, 0),
    random: seededRandom(seed, `client/${client}`),
    nowNs: () => nowNs,
    until: async (atNs) => {
      nowNs = Math.max(nowNs, Math.min(atNs, untilMs * msNs));
      return nowNs < untilMs * msNs;
    },
    onOperation: (operation) => operations.push(operation),
    onMissed: (givenUp) => (missed += givenUp.count),
  });
  await loadClient.run();
  return { operations, requests, missed };
}

function answered(request: Request, { revision, value = null, ...revisions }: Answer): Answered {
  if (request.op === "get") return { ...request, value, ...revisions, revision };
  if (request.op === "put") return { ...request, revision };
  throw new Error(`the kv workload asked for ${request.op}`);
}

const ok = (tookMs: number): Reply => ({ tookMs, answer: { revision: 7 } });

describe("a client of a workload", () => {
  it("tells of each operation what was asked, when, and what came of it", async () => {
    const { operations } = await play({ rate: 10, clients: 1, keys: 1 }, ({ op }) => ({
      tookMs: 4,
      answer: op === "put" ? { revision: 3 } : { revision: 5, value: "0-1", modRevision: 4, createRevision: 2 },
    }));
    const common = { process: 0, client: 0, member: "etcd-1", key: "k0", outcome: "ok" };
    expect(operations).to.have.length(20);
    const put = operations.findIndex(({ op }) => op === "put");
    const times = (index: number): object => ({ intendedNs: index * 100 * msNs, invokeNs: index * 100 * msNs, returnNs: (index * 100 + 4) * msNs });
    expect(operations[put]).to.deep.equal({ ...common, ...times(put), op: "put", value: `0-${put}`.padEnd(16, "."), revision: 3 });
    const get = operations.findIndex(({ op }) => op === "get");
    expect(operations[get]).to.deep.equal({ ...common, ...times(get), op: "get", value: "0-1", revision: 5, modRevision: 4, createRevision: 2 });
  });

  it("says null for a key that is not there, and nothing for a get without an answer", async () => {
    const replies: Reply[] = [{ tookMs: 1, answer: { revision: 1, value: null } }, { tookMs: 1, answer: { error: unknown } }];
    const { operations } = await play({ rate: 10, clients: 1, reads: 1 }, (_, index) => replies[index % 2] ?? ok(1), { untilMs: 200 });
    expect(operations[0]).to.include({ op: "get", value: null });
    expect(operations[1]).to.not.have.any.keys("value", "revision");
  });

  it("keeps the value of a put that failed, since it may be read later", async () => {
    const { operations } = await play({ rate: 10, clients: 1, reads: 0 }, () => ({ tookMs: 1, answer: { error: unknown } }), { untilMs: 100 });
    expect(operations[0]).to.deep.include({ outcome: "info", value: "0-0.............", error: "UNAVAILABLE: etcdserver: leader changed" });
  });

  it("goes on as a new process after an unknown outcome, and only then", async () => {
    const outcomes = [ok(1), { tookMs: 1, answer: { error: refused } }, { tookMs: 1, answer: { error: unknown } }, ok(1), { tookMs: 1, answer: { error: unknown } }, ok(1)];
    const { operations } = await play({ rate: 10, clients: 5 }, (_, index) => outcomes[index] ?? ok(1), { client: 2, untilMs: 3_000 });
    expect(operations.map(({ outcome }) => outcome)).to.deep.equal(["ok", "fail", "info", "ok", "info", "ok"]);
    expect(operations.map(({ process }) => process)).to.deep.equal([2, 2, 2, 7, 7, 12]);
    expect(operations.every(({ client }) => client === 2)).to.equal(true);
  });

  it("lets its workload hear of each operation, with values that the history shortens", async () => {
    const heard: Operation[] = [];
    const replies: Reply[] = [ok(1), { tookMs: 1, answer: { error: refused } }, { tookMs: 1, answer: { error: unknown } }];
    const { operations } = await play({ rate: 10, clients: 1, reads: 0, "value-bytes": 100 }, (_, index) => replies[index % 3] ?? ok(1), { untilMs: 300, heard: (operation) => heard.push(operation) });
    expect(heard.map(({ outcome }) => outcome)).to.deep.equal(["ok", "fail", "info"]);
    expect(heard[0]).to.include({ value: "0-0".padEnd(100, ".") });
    expect(operations[0]).to.have.property("value").that.matches(/100 characters/);
  });

  it("does not go on without an operation that its workload or the recorder could not take", async () => {
    const failing = (): void => { throw new Error("the disk is full"); };
    const error = await play({}, () => ok(1), { heard: failing }).then(() => "", (thrown: Error) => thrown.message);
    expect(error).to.equal("the disk is full");
  });

  it("counts latency from the intended start when it was held up", async () => {
    const { operations } = await play({ rate: 10, clients: 1 }, (_, index) => ok(index === 0 ? 250 : 10), { untilMs: 600 });
    const ms = operations.map(({ intendedNs, invokeNs, returnNs }) => [intendedNs / msNs, invokeNs / msNs, returnNs / msNs]);
    expect(ms).to.deep.equal([[0, 0, 250], [100, 250, 260], [200, 260, 270], [300, 300, 310], [400, 400, 410], [500, 500, 510]]);
  });

  it("counts what was due and never sent, to the last", async () => {
    const { operations, missed } = await play({ rate: 100, clients: 1, timeout: "100ms" }, () => ok(90), { untilMs: 5_005 });
    const wantedBeforeTheEnd = 500;
    // Those that had not waited for a time-out at the end, ten at most, are neither late nor missed.
    expect(operations.length + missed).to.be.within(wantedBeforeTheEnd - 12, wantedBeforeTheEnd + 1);
    expect(missed).to.be.greaterThan(400);
    expect(Math.max(...operations.map(({ invokeNs, intendedNs }) => invokeNs - intendedNs))).to.be.at.most(100 * msNs);
  });

  it("has not missed what is due at the end while an answer is waited for, less than a time-out", async () => {
    const { operations, missed } = await play({ rate: 100, clients: 1, timeout: "1s" }, (_, index) => ok(index === 150 ? 900 : 5), { untilMs: 2_000 });
    expect(operations).to.have.length(151);
    expect(missed).to.equal(0);
  });

  it("has missed nothing where answers come in time", async () => {
    expect((await play({ rate: 100, clients: 1 }, () => ok(5))).missed).to.equal(0);
  });

  it("has asked the same for the same seed, whatever the answers and their timing", async () => {
    const reply = fc.record({ tookMs: fc.integer({ min: 0, max: 3_000 }), answer: fc.constantFrom<Reply["answer"]>({ revision: 1 }, { error: refused }, { error: unknown }) });
    const options = fc.constantFrom({ rate: 50 }, {}, { "think-time": "30ms" });
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.nat(9), options, fc.array(reply, { minLength: 1, maxLength: 40 }), async (seed, client, pacing, replies) => {
        const workload = kv.bind(pacing);
        const { requests } = await play(pacing, (_, index) => replies[index] ?? ok(200), { seed, client, untilMs: 3_000 });
        const random = seededRandom(seed, `client/${client}`);
        expect(requests).to.deep.equal(requests.map((_, sequence) => workload.next(client, sequence, random, new Memory())));
      }),
    );
  });

  it("never has two operations at once in one process", async () => {
    const reply = fc.record({ tookMs: fc.integer({ min: 0, max: 300 }), answer: fc.constantFrom<Reply["answer"]>({ revision: 1 }, { error: refused }, { error: unknown }) });
    await fc.assert(
      fc.asyncProperty(fc.array(reply, { minLength: 1, maxLength: 40 }), async (replies) => {
        const { operations } = await play({ rate: 100, clients: 3 }, (_, index) => replies[index] ?? ok(1), { untilMs: 1_000 });
        operations.slice(1).forEach((operation, index) => {
          const before = operations[index];
          expect(operation.invokeNs).to.be.at.least(before?.returnNs ?? 0);
          expect(operation.process !== before?.process).to.equal(before?.outcome === "info");
        });
      }),
    );
  });

  it("has its operation without an answer recorded as unknown when it is abandoned, once", async () => {
    const workload = kv.bind({ reads: 0 });
    let answer: () => void = () => undefined;
    const operations: Operation[] = [];
    let goesOn = true;
    const client = new LoadClient({
      workload,
      client: 0,
      number: 0,
      clients: workload.clients,
      member: "etcd-1",
      endpoint: { perform: (request) => new Promise((resolve) => (answer = () => resolve(answered(request, { revision: 9 })))) },
      schedule: scheduleOf(workload, 0, 0),
      random: seededRandom(1, "client/0"),
      nowNs: () => 5,
      until: async () => goesOn,
      onOperation: (operation) => operations.push(operation),
      onMissed: () => undefined,
    });
    const done = client.run();
    await Promise.resolve();
    expect(client.inFlight).to.equal(true);
    goesOn = false;
    client.abandon();
    answer();
    await done;
    expect(operations.map(({ outcome, error }) => [outcome, error])).to.deep.equal([["info", "no answer until the end of the run"]]);
    expect(client.inFlight).to.equal(false);
  });

  it("is numbered among all clients, and goes on as a process that no client of any workload has had", async () => {
    const workload = kv.bind({ clients: 2, rate: 200 });
    const numbers: number[] = [];
    const operations: Operation[] = [];
    let nowNs = 0;
    const client = new LoadClient({
      workload: { ...workload, next: (own, sequence) => ({ op: "put", key: "k", value: `${own}-${sequence}` }), heard: (own) => numbers.push(own) },
      client: 1,
      number: 6,
      clients: 9,
      member: "etcd-1",
      endpoint: { perform: async () => { throw new Error(unknown); } },
      schedule: scheduleOf(workload, 1, 0),
      random: seededRandom(1, "client/1"),
      nowNs: () => nowNs,
      until: async (atNs) => (nowNs = Math.max(nowNs, atNs)) < 30 * msNs,
      onOperation: (operation) => operations.push(operation),
      onMissed: () => undefined,
    });
    await client.run();
    expect(operations.map(({ client: number, process }) => [number, process])).to.deep.equal([[6, 6], [6, 15], [6, 24]]);
    expect(numbers).to.deep.equal([1, 1, 1]);
    expect(operations[0]).to.include({ value: "1-0" });
  });
});

import { expect } from "chai";
import type { RunningCluster } from "../../../src/cluster/cluster.ts";
import { memberStatus } from "../../../src/cluster/gateway.ts";
import { clients, type Link } from "../../../src/cluster/links.ts";
import type { Member } from "../../../src/cluster/member.ts";
import { testClock } from "../../support/cluster.ts";
import { put } from "../../support/kv.ts";
import { answers, putMs, until, writable } from "../live-faults.ts";
import type { FaultCase } from "./fault-case.ts";

const clientLink = ({ links }: RunningCluster, { name }: Member): Link => links.between(clients, name);

/** A put of so many bytes takes how long. */
async function largePutMs({ clientUrl }: Member, bytes: number): Promise<number> {
  const startMs = testClock.nowMs();
  await put(clientUrl, "fault", "x".repeat(bytes), 10_000);
  return testClock.nowMs() - startMs;
}

/** So many of the requests over a link get an answer. */
async function answered(link: Link, requests: number): Promise<number> {
  const each = await Promise.all(Array.from({ length: requests }, () => answers(link)));
  return each.filter(Boolean).length;
}

export const networkCases: readonly FaultCase[] = [
  {
    kind: "partition",
    title: "one way, out of the leader",
    options: { target: "leader", direction: "out" },
    targets: ([leader]) => [leader],
    async look(cluster, [leader, follower]) {
      await until("the others take writes without it", () => writable(follower));
      expect(await writable(leader)).to.equal(false, "it cannot ask the new leader for anything");
      expect((await memberStatus(leader.directUrl)).leader).to.be.oneOf(cluster.members.map(({ id }) => id), "but hears who leads now");
    },
  },
  {
    kind: "partition",
    title: "one way, into the leader",
    options: { target: "leader", direction: "in" },
    targets: ([leader]) => [leader],
  },
  {
    kind: "partition",
    title: "one way, into a follower",
    options: { target: "follower", direction: "in" },
    targets: ([, follower]) => [follower],
    async look(_, [leader]) {
      expect(await writable(leader)).to.equal(true);
    },
  },
  {
    kind: "partition",
    title: "one way, out of a follower",
    options: { target: "follower", direction: "out" },
    targets: ([, follower]) => [follower],
  },
  {
    kind: "partition",
    title: "with the leader as a bridge between followers",
    options: { target: "leader", shape: "bridge" },
    targets: ([leader]) => [leader],
    async look(cluster, sorted) {
      for (const member of sorted) expect(await writable(member)).to.equal(true, `${member.name} sees the leader`);
      const [, follower, other] = sorted;
      expect(await answers(cluster.links.between(follower.name, other.name))).to.equal(false);
    },
  },
  {
    kind: "partition",
    title: "with a follower as a bridge, closing",
    options: { target: "follower", shape: "bridge", mode: "closing" },
    targets: ([, follower]) => [follower],
  },
  {
    kind: "partition",
    title: "each of two apart from everyone",
    options: { shape: "each", mode: "closing" },
    targets: ([leader, follower]) => [leader, follower],
    async look(_, sorted) {
      for (const member of sorted) expect(await writable(member)).to.equal(false);
    },
  },
  {
    kind: "partition",
    title: "of links that were listed",
    options: { shape: "links", links: ["etcd-1 -> etcd-2", "etcd-2 <-> etcd-3"] },
    targets: (sorted) => sorted,
    async look({ links }, sorted) {
      const passing = await Promise.all(links.all().filter(({ from, to }) => sorted.some(({ name }) => name === from) && sorted.some(({ name }) => name === to)).map(async (link) => ((await answers(link)) ? [link.name] : [])));
      expect(passing.flat()).to.have.members(["etcd-1-to-etcd-3", "etcd-3-to-etcd-1"]);
    },
  },
  {
    kind: "latency",
    title: "on a third of the connections to the leader's peers",
    options: { latency: "100ms", jitter: "20ms", toxicity: 0.33 },
    targets: ([leader]) => [leader],
  },
  {
    kind: "bandwidth",
    title: "on the leader's peer links",
    options: { rate: 100 },
    targets: ([leader]) => [leader],
    async look(_, [leader]) {
      expect(await largePutMs(leader, 60_000)).to.be.at.least(400, "60 kB at 100 kB/s to a follower");
    },
  },
  {
    kind: "bandwidth",
    title: "on half of the connections of a client",
    options: { rate: 200, on: "clients", toxicity: 0.5, stream: "downstream" },
    targets: ([, follower]) => [follower],
  },
  {
    kind: "reset",
    title: "of all requests of a follower's clients",
    options: { on: "clients" },
    targets: ([, follower]) => [follower],
    async look(cluster, [leader, follower]) {
      expect(await answered(clientLink(cluster, follower), 3)).to.equal(0);
      expect(await writable(leader)).to.equal(true, "over another link");
    },
  },
  {
    kind: "reset",
    title: "of half of the answers on a follower's peer links, late",
    options: { after: "50ms", stream: "downstream", toxicity: 0.5 },
    targets: ([, follower]) => [follower],
    async look(cluster, [leader, follower]) {
      expect(await answered(cluster.links.between(leader.name, follower.name), 30)).to.be.within(1, 29);
    },
  },
  {
    kind: "slicer",
    title: "on a follower's peer links",
    options: { size: 500, variation: 100, delay: "5ms" },
    targets: ([, follower]) => [follower],
  },
  {
    kind: "slicer",
    title: "on requests of the leader's clients",
    options: { size: 1000, delay: "10ms", stream: "upstream", on: "clients" },
    targets: ([leader]) => [leader],
    async look(_, [leader]) {
      expect(await largePutMs(leader, 30_000)).to.be.at.least(300, "30 slices of 10 ms");
    },
  },
  {
    kind: "limit-data",
    title: "on a follower's peer links",
    options: { bytes: 4_000 },
    targets: ([, follower]) => [follower],
    async look(cluster, [leader, follower]) {
      expect(await answers(cluster.links.between(leader.name, follower.name))).to.equal(true, "a short request");
    },
  },
  {
    kind: "limit-data",
    title: "on answers to the leader's clients",
    options: { bytes: 200, stream: "downstream", on: "clients" },
    targets: ([leader]) => [leader],
    async look(cluster, [leader, follower]) {
      await until("answers are cut off", async () => !(await answers(clientLink(cluster, leader))));
      expect(await putMs(follower)).to.be.at.least(0, "over another link");
    },
  },
  {
    kind: "slow-close",
    title: "on a follower's peer links",
    options: { delay: "200ms" },
    targets: ([, follower]) => [follower],
  },
  {
    kind: "slow-close",
    title: "on half of the connections of clients",
    options: { delay: "150ms", on: "clients", toxicity: 0.5, stream: "downstream" },
    targets: ([leader]) => [leader],
  },
];

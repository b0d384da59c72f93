import { expect } from "chai";
import { waitFor, type Clock } from "../../src/clock.ts";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import { isHealthy, memberStatus } from "../../src/cluster/gateway.ts";
import type { Impairment, Link, Links } from "../../src/cluster/links.ts";
import type { Killable, Member, Pausable, Restartable } from "../../src/cluster/member.ts";
import type { ActiveFault, Finding } from "../../src/faults/fault.ts";
import { faultKinds } from "../../src/faults/index.ts";
import { resolveTarget, type Target } from "../../src/faults/target.ts";
import { seededRandom } from "../../src/random.ts";
import type { Proof } from "../../src/recording/events.ts";
import { testClock } from "../support/cluster.ts";
import { put } from "../support/kv.ts";

interface Situation {
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

export async function inject(cluster: RunningCluster, kind: string, targets: readonly Member[], options: object = {}, { clock = testClock, signal = new AbortController().signal }: Situation = {}): Promise<ActiveFault> {
  const found = faultKinds.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`there is no fault ${kind}`);
  return found.bind({ target: "all", ...options }).inject({ cluster, targets, clock, signal });
}

/** The whole life of a fault: proven, looked at, healed twice, proven healed; the cluster is usable then. */
export async function whileInForce(injecting: Promise<ActiveFault>, look: () => Promise<void> = async () => undefined): Promise<{ effect: Finding; healed: Finding }> {
  const active = await injecting;
  let effect: Finding;
  try {
    effect = expectHolding(await active.effect());
    await look();
  } finally {
    await active.heal();
  }
  const healed = expectHolding(await active.healed());
  await active.heal();
  expect(healed.sinceMs).to.be.greaterThan(effect.sinceMs);
  return { effect, healed };
}

/** A fault whose run is aborted while it is being proven, and which heals all the same. */
export async function abortedWhileProven(injecting: (signal: AbortSignal) => Promise<ActiveFault>): Promise<void> {
  const abort = new AbortController();
  const active = await injecting(abort.signal);
  try {
    const proving = active.effect();
    abort.abort(new Error("SIGINT"));
    await proving.catch((error: unknown) => expect(String(error)).to.equal("Error: SIGINT"));
  } finally {
    await active.heal();
  }
  expectHolding(await active.healed());
}

export async function effectOf(injecting: Promise<ActiveFault>): Promise<Finding> {
  const active = await injecting;
  try {
    return await active.effect();
  } finally {
    await active.heal();
  }
}

export function expectHolding(finding: Finding, because = ""): Finding {
  expect(finding.proofs).to.not.deep.equal([]);
  expect(finding.proofs.filter(({ holds }) => !holds)).to.deep.equal([], because);
  return finding;
}

export function failing(proofs: readonly Proof[]): string[] {
  return proofs.flatMap(({ source, holds }) => (holds ? [] : [source]));
}

export function texts({ proofs }: Pick<Finding, "proofs">): string[] {
  return proofs.map(({ text }) => text);
}

export function textOf({ proofs }: Pick<Finding, "proofs">, source: string): string {
  return proofs.find((proof) => proof.source === source)?.text ?? "";
}

export async function failureOf(injecting: Promise<ActiveFault>): Promise<string> {
  const active = await injecting.catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof active === "string") return active;
  await active.heal();
  return expect.fail("it was injected");
}

export type Sorted = readonly [leader: Member, follower: Member, other: Member];

export async function leaderFirst({ members }: RunningCluster): Promise<Sorted> {
  const id = await waitFor(testClock, async () => (await memberStatus(members[0]?.directUrl ?? "")).leader ?? undefined, { limitMs: 10_000 });
  const leader = members.find((member) => member.id === id);
  const [follower, other] = members.filter((member) => member !== leader);
  if (leader === undefined || follower === undefined || other === undefined) throw new Error("three members were expected");
  return [leader, follower, other];
}

export function targetsOf({ members }: RunningCluster, target: Target): Member[] {
  const resolved = resolveTarget(target, members.map(({ name }) => name), { leader: undefined, term: undefined }, seededRandom(1, "conformance"));
  return members.filter(({ name }) => resolved?.members.includes(name));
}

/** True when a write through the member's client link is taken. */
export async function writable({ clientUrl }: Member): Promise<boolean> {
  return put(clientUrl, "fault", "x", 500).then(() => true, () => false);
}

export async function putMs({ clientUrl }: Member): Promise<number> {
  const startMs = testClock.nowMs();
  await put(clientUrl, "fault", "timed", 10_000);
  return testClock.nowMs() - startMs;
}

export async function versionMs(url: string): Promise<number> {
  const startMs = testClock.nowMs();
  await (await fetch(`${url}/version`, { signal: AbortSignal.timeout(5_000) })).arrayBuffer();
  return testClock.nowMs() - startMs;
}

/** An independent look: the faults' own probes are what is tested here. */
export async function answers({ listen }: Link): Promise<boolean> {
  return fetch(`http://${listen}/version`, { signal: AbortSignal.timeout(400), headers: { connection: "close" } }).then(() => true, () => false);
}

export async function untilUsable({ members, links }: RunningCluster): Promise<void> {
  for (const link of links.all()) expect(await link.inspect()).to.deep.equal({ enabled: true, toxics: [] }, link.name);
  for (const member of members) {
    await until(`${member.name} is healthy and takes writes`, async () => (await isHealthy(member.directUrl)) && (await writable(member)));
  }
}

export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const met = await waitFor(testClock, async () => ((await condition()) ? true : undefined), { limitMs: 30_000, everyMs: 50 });
  if (met === undefined) throw new Error(`not within 30 s: ${what}`);
}

/** The cluster with links that say they are impaired and are not. */
export function pretending(cluster: RunningCluster): RunningCluster {
  const impairment = async (): Promise<Impairment> => ({ description: "as if", inForce: async () => true, lift: async () => undefined });
  const pretend = (link: Link): Link => ({ from: link.from, to: link.to, name: link.name, listen: link.listen, inspect: () => link.inspect(), cut: impairment, impair: impairment });
  const links: Links = { between: (from, to) => pretend(cluster.links.between(from, to)), all: () => cluster.links.all().map(pretend) };
  return { ...cluster, links, [Symbol.asyncDispose]: async () => undefined };
}

/** The member with abilities that do nothing, and lies if it is given any. */
export function pretender(member: Member | undefined, lies: Partial<Member & Killable> = {}): Member & Pausable & Killable & Restartable {
  if (member === undefined) throw new Error("no member to pretend for");
  const nothing = async (): Promise<void> => undefined;
  return {
    name: member.name,
    number: member.number,
    id: member.id,
    directUrl: member.directUrl,
    clientUrl: member.clientUrl,
    state: () => member.state(),
    onLog: (listener) => member.onLog(listener),
    onChange: (listener) => member.onChange(listener),
    pause: nothing,
    resume: nothing,
    kill: nothing,
    restart: nothing,
    ...lies,
  };
}

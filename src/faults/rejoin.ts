import { waitFor, type Clock } from "../clock.ts";
import type { RunningCluster } from "../cluster/cluster.ts";
import { isHealthy, memberStatus } from "../cluster/gateway.ts";
import type { Reply } from "../cluster/gateway-request.ts";
import { addLearner, listMembers, promote, removeMember, type ListedMember } from "../cluster/membership.ts";
import { capabilities, type Killable, type Member, type Replaceable, type Restartable } from "../cluster/member.ts";
import { HarnessError, messageOf } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { handOfOthers } from "./cluster-health.ts";
import type { Hold } from "./holds.ts";

export type Replaced = Member & Killable & Restartable & Replaceable;

/** etcd refuses changes of membership within 5 s of a connection's loss (its health interval). */
const changeLimitMs = 30_000;
const retryMs = 200;
const agreeLimitMs = 5_000;
const vacancyLimitMs = 10_000;
const askLimitMs = 5_000;

export const replacing = ["kill", "restart", "replace"] as const;

export function replaceable(member: Member): Replaced {
  if (capabilities.kill(member) && capabilities.restart(member) && capabilities.replace(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot be replaced in this runtime`);
}

/** One place in the cluster: whoever fills it keeps the name and the peer URLs, and gets a new id each time. */
export class Seat {
  readonly member: Replaced;
  readonly firstId: string;
  readonly #cluster: RunningCluster;
  readonly #clock: Clock;
  /** It fills no seat that another one left. */
  readonly #isNew: boolean;
  #peerUrls: readonly string[];

  /** `peerUrls` are given for one that is in the cluster's list only once it has been filled. */
  constructor(member: Replaced, cluster: RunningCluster, clock: Clock, peerUrls: readonly string[] = []) {
    this.member = member;
    this.firstId = member.id;
    this.#cluster = cluster;
    this.#clock = clock;
    this.#peerUrls = peerUrls;
    this.#isNew = peerUrls.length > 0;
  }

  /** Looks up what is needed to come in, or back. @throws HarnessError `fault` where this etcd has no learners */
  async learn(): Promise<void> {
    const { version } = this.#cluster.etcd;
    if (/^3\.[0-3](\.|$)/.test(version)) throw new HarnessError("fault", `etcd ${version} has no learners, as which members come back`);
    if (this.#isNew) return;
    this.#peerUrls = (await this.#list()).find(({ id }) => id === this.firstId)?.peerUrls ?? [];
    if (this.#peerUrls.length === 0) throw new HarnessError("fault", `${this.member.name} with id ${this.firstId} is not in the cluster's list of members`);
  }

  /** Takes the seat's holder out of the cluster and ends its process. Nothing happens where that was done. */
  async vacate(signal?: AbortSignal): Promise<void> {
    const holder = this.#holder(await this.#list());
    if (holder !== undefined) await this.#change(`remove ${this.member.name}`, (url) => removeMember(url, holder.id, { limitMs: askLimitMs }), async () => this.#holder(await this.#list()) === undefined, signal);
    await this.end();
  }

  /** Fills the seat by a new member with an empty store. What was done before is not done again. @returns what was seen of its steps */
  async fill(signal?: AbortSignal): Promise<Proof[]> {
    const { member } = this;
    let holder = this.#holder(await this.#list());
    if (holder === undefined) {
      await this.#change(`add ${member.name}`, (url) => addLearner(url, this.#peerUrls, { limitMs: askLimitMs }), async () => this.#holder(await this.#list()) !== undefined, signal);
      holder = this.#holder(await this.#list());
    }
    if (holder === undefined) throw new HarnessError("fault", `${member.name} was added and is not in the list of members`);
    if (member.id !== holder.id || (await member.state()).kind === "down") {
      await this.end();
      await member.wipe({ id: holder.id, initialCluster: this.#initialCluster(await this.#list()) });
      await member.restart();
    }
    const { id } = holder;
    const learner = await this.#proofOfRole(id, true);
    await this.#change(`promote ${member.name}`, (url) => promote(url, id, { limitMs: askLimitMs }), async () => this.#holder(await this.#list())?.learner === false, signal);
    return [learner, await this.#proofOfRole(id, false)];
  }

  /** How the others list the new member. */
  async #proofOfRole(id: string, learner: boolean): Promise<Proof> {
    const list = await this.#list();
    const holder = this.#holder(list);
    const votes = list.filter((listed) => !listed.learner).length;
    const role = holder === undefined ? "not listed" : holder.learner ? "a learner without a vote" : "promoted, with a vote";
    return { source: "member list", text: `${this.member.name} (${id}) is ${role}; ${votes} of ${list.length} members have one`, holds: holder?.id === id && holder.learner === learner };
  }

  /** Ends the process; one that learned of its removal may have ended by itself. */
  async end(): Promise<void> {
    const { member } = this;
    if ((await member.state()).kind === "down") return;
    await member.kill().catch(async (error: unknown) => {
      if ((await member.state()).kind !== "down") throw error;
    });
  }

  /** Waits until no other member lists anybody on the seat, and its process has ended. */
  async proofOfVacancy(signal?: AbortSignal): Promise<Proof> {
    const { name } = this.member;
    let text = "";
    const vacant = await waitFor(
      this.#clock,
      async () => {
        const lists = await this.#lists();
        const state = await this.member.state();
        const listing = lists.flatMap((each) => (this.#holder(each.list) === undefined ? [] : [each.name]));
        const said = listing.length > 0 ? `is still listed by ${listing.join(", ")}` : `is not listed any more by ${lists.map((each) => each.name).join(", ") || "anybody, for nobody answers"}`;
        text = `${name} (${this.member.id}) ${said}; its process is ${state.kind}`;
        return listing.length === 0 && lists.length > 0 && state.kind === "down" ? true : undefined;
      },
      { limitMs: vacancyLimitMs, everyMs: 50, ...(signal === undefined ? {} : { signal }) },
    );
    return { source: "member list", text, holds: vacant === true };
  }

  /** The new member has a vote, its own new id, and what the others have. */
  async proofOfReturn(own: readonly Hold[] = []): Promise<Proof> {
    const { name, directUrl, id } = this.member;
    const source = "member list";
    let problem = "it does not answer a status request";
    let excused: string | undefined;
    const revision = await waitFor(
      this.#clock,
      async () => {
        excused = handOfOthers(this.member, this.#cluster, own);
        if (excused !== undefined) return 0;
        const [statuses, list] = await Promise.all([Promise.all(this.#others().map((other) => memberStatus(other.directUrl).catch(() => undefined))), this.#list().catch(() => [])]);
        const reached = Math.max(0, ...statuses.map((status) => status?.revision ?? 0));
        const now = await memberStatus(directUrl).catch(() => undefined);
        if (now === undefined) return undefined;
        const holder = this.#holder(list);
        problem = `it has id ${now.id}, is ${holder === undefined ? "not listed" : holder.learner ? "a learner" : `listed as ${holder.id}`}, and is at revision ${now.revision} of ${reached}`;
        const whole = now.id === id && holder?.id === id && !holder.learner && id !== this.firstId && !list.some((listed) => listed.id === this.firstId);
        return whole && now.revision >= reached && (await isHealthy(directUrl)) ? now.revision : undefined;
      },
      { limitMs: changeLimitMs, everyMs: 50 },
    );
    const instead = this.#isNew ? "" : ` in place of ${this.firstId}`;
    if (excused !== undefined) return { source, text: `${name} has id ${id}${instead}; ${excused}`, holds: id !== this.firstId };
    if (revision === undefined) return { source, text: `${name} is not back: ${problem}`, holds: false };
    const came = this.#isNew ? `is in the cluster with id ${id}` : `is back as a new member with id ${id}${instead}`;
    return { source, text: `${name} ${came}, with a vote, at revision ${revision}`, holds: true };
  }

  #others(): Member[] {
    return this.#cluster.members.filter((member) => member !== this.member);
  }

  #holder(list: readonly ListedMember[]): ListedMember | undefined {
    return list.find(({ id, peerUrls }) => id === this.firstId || peerUrls.some((url) => this.#peerUrls.includes(url)));
  }

  /** One that was added and not yet started has no name of its own. */
  #initialCluster(list: readonly ListedMember[]): string {
    return list.flatMap((listed) => listed.peerUrls.map((url) => `${this.#holder([listed]) === undefined ? listed.name : this.member.name}=${url}`)).join(",");
  }

  /** What those of the others say that answer and that no other fault has its hand on: it may have cut them off. */
  async #lists(): Promise<{ readonly name: string; readonly list: readonly ListedMember[] }[]> {
    const others = this.#others();
    const free = others.filter((member) => handOfOthers(member, this.#cluster) === undefined);
    const asked = await Promise.all((free.length > 0 ? free : others).map(async ({ name, directUrl }) => ({ name, list: await listMembers(directUrl).catch(() => undefined) })));
    return asked.flatMap(({ name, list }) => (list === undefined ? [] : [{ name, list }]));
  }

  /** What all of them agree on: one that lags behind still lists whom the others have removed. */
  async #list(): Promise<readonly ListedMember[]> {
    const agreed = await waitFor(
      this.#clock,
      async () => {
        const [first, ...rest] = (await this.#lists()).map(({ list }) => list);
        const ids = (list: readonly ListedMember[]): string => list.map(({ id, learner }) => `${id}${learner}`).sort().join();
        return first !== undefined && rest.every((list) => ids(list) === ids(first)) ? first : undefined;
      },
      { limitMs: agreeLimitMs, everyMs: 50 },
    );
    if (agreed === undefined) throw new HarnessError("fault", `the members other than ${this.member.name} do not agree on who is in the cluster within ${agreeLimitMs / 1000} s`);
    return agreed;
  }

  /** Asks the others in turn for a change until it is made; an answer that got lost may hide that it was. */
  async #change(what: string, request: (url: string) => Promise<Reply>, made: () => Promise<boolean>, signal?: AbortSignal): Promise<void> {
    let reason = "nobody was asked";
    const done = await waitFor(
      this.#clock,
      async () => {
        for (const { directUrl } of this.#others()) {
          const reply = await request(directUrl).catch((error: unknown) => ({ ok: false as const, reason: messageOf(error) }));
          if (reply.ok || (await made().catch(() => false))) return true;
          reason = reply.reason;
        }
        return undefined;
      },
      { limitMs: changeLimitMs, everyMs: retryMs, ...(signal === undefined ? {} : { signal }) },
    );
    if (done === undefined) throw new HarnessError("fault", `the cluster does not ${what} within ${changeLimitMs / 1000} s: ${reason}`);
  }
}

import { ask, decimalOf, demand, fieldsOf, hexadecimalOf, itemsOf, type Fields, type Reply, type Waiting } from "./gateway-request.ts";

/** A member as the cluster lists it. */
export interface ListedMember {
  readonly id: string;
  /** Empty until it has been started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly learner: boolean;
}

/** The members of the cluster, as the asked one knows them. */
export async function listMembers(clientUrl: string, waiting: Waiting = {}): Promise<ListedMember[]> {
  return listed(await demand(clientUrl, "/cluster/member/list", {}, waiting));
}

/** Takes a member out of the cluster; its process ends by itself when it learns of it. */
export function removeMember(clientUrl: string, id: string, waiting: Waiting = {}): Promise<Reply> {
  return ask(clientUrl, "/cluster/member/remove", { ID: decimalOf(id) }, waiting);
}

/** Adds a member that follows the log without a vote (3.4 and later); it gets a new id. */
export function addLearner(clientUrl: string, peerUrls: readonly string[], waiting: Waiting = {}): Promise<Reply> {
  return ask(clientUrl, "/cluster/member/add", { peerURLs: peerUrls, isLearner: true }, waiting);
}

/** Gives a learner its vote; refused until it has caught up. */
export function promote(clientUrl: string, id: string, waiting: Waiting = {}): Promise<Reply> {
  return ask(clientUrl, "/cluster/member/promote", { ID: decimalOf(id) }, waiting);
}

function listed({ members }: Fields): ListedMember[] {
  return itemsOf(members).map((member) => {
    const { ID, name, peerURLs, isLearner } = fieldsOf(member);
    const peerUrls = Array.isArray(peerURLs) ? peerURLs.filter((url) => typeof url === "string") : [];
    return { id: hexadecimalOf(ID), name: typeof name === "string" ? name : "", peerUrls, learner: isLearner === true };
  });
}

import { isKind, type Operation, type OperationOf } from "../recording/operation.ts";
import type { Finding, Lasting, Violated } from "./finding.ts";
import { holdsOf, type Hold } from "./locks/holds.ts";
import { byInvocation } from "./revisions/real-time.ts";
import { operationText, seconds } from "./words.ts";

/**
 * Whether locks keep what they promise. No two clients hold one at once that both can be sure of it: neither has asked to
 * release it, and both leases were renewed so lately that they cannot have expired. Tokens increase from
 * one holder to the next. And no write under a lock is done after a later holder was given it: a client whose lease
 * has expired may not know, so that etcd can promise this only where the writes are fenced.
 */
export function checkLocks(history: readonly Operation[]): Finding {
  const operations = byInvocation(history);
  const holds = holdsOf(operations);
  for (const each of holds.values()) {
    const problem = heldTwice(each) ?? tokenWentBack(each);
    if (problem !== undefined) return problem;
  }
  const writes = operations.filter(isKind("guarded-write")).filter(({ outcome, written }) => outcome === "ok" && written === true);
  const turns = turnsOf(holds);
  for (const write of writes) {
    const turn = turns.get(`${write.lock} ${write.token}`);
    const problem = turn && writtenByOld(write, turn, writes);
    if (problem !== undefined) return problem;
  }
  return { kind: "ok", checked: [...holds.values()].flat().length + writes.length };
}

function heldTwice(holds: readonly Hold[]): Violated | undefined {
  let longest: Hold | undefined;
  const sure = holds.filter(({ fromNs, sureUntilNs }) => fromNs < sureUntilNs).sort((a, b) => a.fromNs - b.fromNs);
  for (const hold of sure) {
    if (longest !== undefined && hold.fromNs < longest.sureUntilNs) return twoHolders(longest, hold);
    if (longest === undefined || hold.sureUntilNs > longest.sureUntilNs) longest = hold;
  }
  return undefined;
}

function twoHolders(first: Hold, second: Hold): Violated {
  const until = Math.min(first.sureUntilNs, second.sureUntilNs);
  const sentence =
    `${operationText(second.acquired)} is answered token ${second.token}, and ${operationText(first.acquired)} with token ${first.token} held the lock then: ` +
    `for ${seconds(until - second.fromNs)} s both had it, with leases that cannot have expired`;
  return { ...violated("two holders", sentence, [first.acquired], second.acquired), expected: `one holder of lock ${first.lock}`, seen: `two, with tokens ${first.token} and ${second.token}`, lasting: [first, second].map(lastingOf) };
}

function lastingOf({ acquired, lock, token, fromNs, sureUntilNs }: Hold): Lasting {
  return { by: acquired, from: fromNs, to: sureUntilNs, what: `holds ${lock} with token ${token} for sure` };
}

function tokenWentBack(holds: readonly Hold[]): Violated | undefined {
  for (const [index, hold] of holds.entries()) {
    const before = holds[index - 1];
    if (before === undefined || hold.token > before.token) continue;
    const sentence = `${operationText(hold.acquired)} is answered token ${hold.token} at revision ${hold.revision}, and ${operationText(before.acquired)} had been given the lock with token ${before.token} at revision ${before.revision}`;
    return { ...violated("token went back", sentence, [before.acquired], hold.acquired), expected: `a token above ${before.token}`, seen: `token ${hold.token}` };
  }
  return undefined;
}

/** A hold, and the next of the same lock. */
interface Turn {
  readonly own: Hold;
  readonly later: Hold | undefined;
}

/** By lock and token; these increase from hold to hold. */
function turnsOf(holds: ReadonlyMap<string, readonly Hold[]>): ReadonlyMap<string, Turn> {
  return new Map([...holds].flatMap(([lock, list]) => list.map((own, index) => [`${lock} ${own.token}`, { own, later: list[index + 1] }] as const)));
}

/** Looks at revisions alone, which are the order of what happened whatever the clients' clocks say. */
function writtenByOld(write: OperationOf<"guarded-write">, { own, later }: Turn, writes: readonly OperationOf<"guarded-write">[]): Violated | undefined {
  const revision = write.revision ?? 0;
  if (later === undefined || later.revision >= revision) return undefined;
  const overwritten = writes.find((other) => other.lock === write.lock && other.token === later.token && (other.revision ?? 0) < revision);
  const sentence =
    `${operationText(write)} is done at revision ${revision}, and ${operationText(later.acquired)} had been given the lock with token ${later.token} at revision ${later.revision}` +
    (overwritten === undefined ? "" : ` and written under it at revision ${overwritten.revision ?? 0}`);
  return { ...violated("write by an old holder", sentence, [own.acquired, later.acquired, overwritten], write), expected: `writes with token ${later.token} from revision ${later.revision} on`, seen: `one with token ${write.token} at revision ${revision}`, lasting: [own, later].filter(({ fromNs, sureUntilNs }) => fromNs < sureUntilNs).map(lastingOf) };
}

function violated(rule: string, sentence: string, others: readonly (Operation | undefined)[], illegal: Operation): Violated {
  const operations = [...others, illegal].filter((operation) => operation !== undefined).sort((a, b) => a.invokeNs - b.invokeNs);
  const legal = others.find((operation) => operation !== undefined);
  return { kind: "violated", rule, sentence, operations, illegal, ...(legal === undefined ? {} : { legal }) };
}

import type { Operation } from "../recording/operation.ts";
import type { Finding, Violated } from "./finding.ts";
import { attachedKeys } from "./leases/attached.ts";
import { lastRenewal, leaseLives, type LeaseLife } from "./leases/life.ts";
import { signsOfEnd, signsOfLife, type Sign } from "./leases/signs.ts";
import { byInvocation } from "./revisions/real-time.ts";
import { operationText, seconds } from "./words.ts";

/**
 * Whether leases live as long as they were granted, and end then. A lease cannot end before the invocation of its last
 * successful grant or keep-alive and the granted time together, on the clients' clock, unless somebody may have revoked it.
 * It has ended after the answer of the last that may have renewed it, the granted time and a slack together: a new leader
 * lets all leases begin anew, and one that is not there cannot end any. A revoked one has ended at once.
 */
export function checkLeases(history: readonly Operation[], { slackNs }: { readonly slackNs: number }): Finding {
  const operations = byInvocation(history);
  const lives = leaseLives(operations);
  const keys = attachedKeys(operations);
  const ends = signsOfEnd(operations, lives, keys);
  const found = signsOfLife(operations, keys);
  const problem = first(ends, lives, endedEarly) ?? first(found, lives, survived) ?? first(found, lives, (sign, life) => livedOn(sign, life, slackNs));
  return problem ?? { kind: "ok", checked: ends.length + found.length };
}

/** How many leases were seen to have ended that nobody can have revoked. */
export function expiredLeases(history: readonly Operation[]): number {
  const operations = byInvocation(history);
  const lives = leaseLives(operations);
  const ended = signsOfEnd(operations, lives, attachedKeys(operations)).filter(({ lease }) => lives.get(lease)?.revocations.length === 0);
  return new Set(ended.map(({ lease }) => lease)).size;
}

function first(signs: readonly Sign[], lives: ReadonlyMap<number, LeaseLife>, problemOf: (sign: Sign, life: LeaseLife) => Violated | undefined): Violated | undefined {
  for (const sign of signs) {
    const life = lives.get(sign.lease);
    const problem = life && problemOf(sign, life);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function endedEarly(sign: Sign, life: LeaseLife): Violated | undefined {
  const { operation, how } = sign;
  const renewal = lastRenewal(life);
  if (renewal === undefined || operation.returnNs >= renewal.untilNs) return undefined;
  if (life.revocations.some(({ invokeNs }) => invokeNs < operation.returnNs)) return undefined;
  const by = renewal.operation;
  if (by.invokeNs > operation.returnNs) {
    return violated("lease came back", `${operationText(operation)} ${how}, and ${operationText(by)}, which began later, finds lease ${life.lease} alive`, sign, by);
  }
  const grantedS = seconds(renewal.untilNs - by.invokeNs);
  const after = seconds(operation.returnNs - by.invokeNs);
  return violated("expired early", `${operationText(operation)} ${how} ${after} s after the beginning of ${operationText(by)}, which let the lease live for ${grantedS} s`, sign, by, {
    expected: `lease ${life.lease} lives until ${seconds(renewal.untilNs)} s at least`,
    seen: `it is gone by ${seconds(operation.returnNs)} s`,
    lasting: [{ by, from: by.invokeNs, to: renewal.untilNs, what: `lease ${life.lease} lives at least so long` }],
  });
}

function survived(sign: Sign, { revocations }: LeaseLife): Violated | undefined {
  const { operation, how } = sign;
  const revoked = revocations.find(({ outcome, returnNs }) => outcome === "ok" && returnNs < operation.invokeNs);
  return revoked && violated("survived its revocation", `${operationText(operation)} ${how}, and it began after ${operationText(revoked)} had been acknowledged`, sign, revoked, { expected: `no lease ${sign.lease} any more`, seen: how });
}

function livedOn(sign: Sign, { possible }: LeaseLife, slackNs: number): Violated | undefined {
  const { operation, how } = sign;
  const ends = possible.filter((each) => each.operation.invokeNs <= operation.returnNs).map((each) => ({ ...each, endNs: each.operation.returnNs + each.ttlNs }));
  const last = ends.reduce<(typeof ends)[number] | undefined>((latest, each) => (latest === undefined || each.endNs > latest.endNs ? each : latest), undefined);
  if (last === undefined || operation.invokeNs <= last.endNs + slackNs) return undefined;
  const late = seconds(operation.invokeNs - last.endNs);
  return violated("never expired", `${operationText(operation)} ${how} ${late} s after the lease should have ended, which ${operationText(last.operation)} was the last to renew, for ${seconds(last.ttlNs)} s`, sign, last.operation, {
    expected: `lease ${sign.lease} is gone by ${seconds(last.endNs + slackNs)} s`,
    seen: `it lives at ${seconds(operation.invokeNs)} s`,
    lasting: [{ by: last.operation, from: last.operation.returnNs, to: last.endNs, what: `lease ${sign.lease} may live so long` }],
  });
}

function violated(rule: string, sentence: string, { operation, put }: Sign, by: Operation, more: Pick<Violated, "expected" | "seen" | "lasting"> = {}): Violated {
  const operations = [...new Set([...(put === undefined ? [] : [put]), by, operation])].sort((a, b) => a.invokeNs - b.invokeNs);
  return { kind: "violated", rule, sentence, operations, illegal: operation, legal: by, ...more };
}

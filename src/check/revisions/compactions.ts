import type { Operation } from "../../recording/operation.ts";
import { wasCompacted } from "../../recording/operations/compact.ts";
import type { Violated } from "../finding.ts";
import { mayBeOld, partsDone } from "./changes.ts";
import { named, violatedAt, type Problem } from "./problem.ts";
import type { Timed } from "./real-time.ts";
import { Signs, type Sign } from "./signs.ts";
import type { BeganAnew } from "./went-back.ts";

/**
 * What is compacted is gone for whoever asks afterwards, whether that is known from a compaction that was acknowledged or from
 * a read that came too late; and the future can be neither compacted nor read.
 *
 * @param isAlone nobody compacts but those in the history: then a read can come too late only for one of their compactions
 */
export function checkCompactions(all: readonly Timed[], isAlone: boolean): Violated | undefined {
  const signs = signsIn(all);
  const byTime = new Signs(signs, ({ by }) => by.operation.returnNs);
  const byRevision = new Signs(signs.filter(({ by }) => by.operation.outcome === "ok"), ({ by }) => by.operation.revision ?? 0);
  const asked = new Signs(isAlone ? all.flatMap(attemptsOf) : [], ({ by }) => by.operation.invokeNs);
  for (const timed of all) {
    const problem = problemOf(timed, byTime, byRevision) ?? (isAlone ? refusedInVain(timed, asked) : undefined);
    if (problem !== undefined) return violatedAt(timed, problem);
  }
  return undefined;
}

/**
 * The same for what a member answers alone: it has done a compaction itself that was acknowledged through it, as long as its
 * process lived.
 */
export function checkCompactionsAlone(all: readonly Timed[], beganAnew: BeganAnew): Violated | undefined {
  const signs = signsIn(all);
  const members = new Set(signs.map(({ by }) => by.operation.member));
  const byMember = new Map([...members].map((member) => [member, new Signs(signs.filter(({ by }) => by.operation.member === member), ({ by }) => by.operation.returnNs)]));
  for (const timed of all) {
    const { operation } = timed;
    const wanted = oldest(operation);
    if (wanted === undefined || operation.outcome !== "ok" || !mayBeOld(operation)) continue;
    const sign = byMember.get(operation.member)?.before(operation.invokeNs);
    if (sign === undefined || wanted >= sign.below || beganAnew(operation.member, sign.by.operation.invokeNs, operation.returnNs)) continue;
    return violatedAt(timed, goneFor(timed, sign));
  }
  return undefined;
}

function problemOf(timed: Timed, byTime: Signs, byRevision: Signs): Problem | undefined {
  const { operation } = timed;
  const wanted = oldest(operation);
  if (wanted === undefined || operation.outcome !== "ok") return undefined;
  const present = operation.revision ?? 0;
  if (wanted > present) return { rule: "read of the future", sentence: `${named(timed)} is done at revision ${present}, and the one asked for had not come yet`, keys: [], others: [] };
  // A member that has come to a later revision has come by the compaction, whatever the times. But a compaction is answered
  // what the revision is when its answer is made (`EtcdServer.Compact`), which others may have raised since it was done.
  const known = [operation.op === "compact" ? undefined : byRevision.before(present), mayBeOld(operation) ? undefined : byTime.before(operation.invokeNs)];
  const gone = known.find((sign) => sign !== undefined && (operation.op === "compact" ? wanted <= sign.below : wanted < sign.below));
  return gone && goneFor(timed, gone);
}

function goneFor(timed: Timed, { by }: Sign): Problem {
  const how = by.operation.outcome === "ok" ? "was done before" : "had been refused before, as that was compacted";
  return { rule: "compacted and there", sentence: `${named(timed)} is done, and ${named(by)} ${how}`, keys: [], others: [by] };
}

function refusedInVain(timed: Timed, asked: Signs): Problem | undefined {
  const { operation } = timed;
  const wanted = operation.op === "compact" ? undefined : oldest(operation);
  if (wanted === undefined || !wasCompacted(operation)) return undefined;
  const latest = asked.before(operation.returnNs);
  if (latest !== undefined && latest.below > wanted) return undefined;
  const most = latest === undefined ? "nobody had compacted anything" : `nobody had asked for more than ${named(latest.by)}`;
  return { rule: "refused and there", sentence: `${named(timed)} is refused as if that were compacted, and ${most}`, keys: [], others: [latest?.by] };
}

/** Hardly any operation is a sign of anything, and a list for each of a million that is none takes time. */
function signsIn(all: readonly Timed[]): Sign[] {
  return all.filter(({ operation }) => oldest(operation) !== undefined).flatMap(signsOf);
}

/** What an operation shows of what is gone. */
function signsOf(by: Timed): Sign[] {
  const { operation } = by;
  const wanted = oldest(operation);
  if (wanted === undefined) return [];
  if (operation.op === "compact") return operation.outcome === "ok" || wasCompacted(operation) ? [{ below: wanted, by }] : [];
  return wasCompacted(operation) ? [{ below: wanted + 1, by }] : [];
}

function attemptsOf(by: Timed): Sign[] {
  return by.operation.op === "compact" && by.operation.outcome !== "fail" ? [{ below: by.operation.atRevision, by }] : [];
}

/** The oldest revision that an operation asks for; undefined: it asks for the present one. */
function oldest(operation: Operation): number | undefined {
  if (operation.op === "get" || operation.op === "range" || operation.op === "compact") return operation.atRevision;
  if (operation.op !== "txn" || operation.outcome !== "ok") return undefined;
  const wanted = partsDone(operation).flatMap((part) => ((part.op === "get" || part.op === "range") && part.atRevision !== undefined ? [part.atRevision] : []));
  return wanted.length === 0 ? undefined : Math.min(...wanted);
}

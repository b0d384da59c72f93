import type { Entry } from "./entry.ts";
import { etcdUnknown, machineKind } from "./series.ts";

/** Something that is not as it was. */
export interface Change {
  readonly what: "etcd" | "runtime" | "scenario text" | "assertions" | "harness commit" | "harness files" | "machine" | "kernel" | "Node" | "host";
  readonly before: string;
  readonly after: string;
}

/** The commits that a failure may have come with: after `from`, up to `to`. */
export interface Suspicion {
  readonly from: string;
  readonly to: string;
  /** Runs that passed at `from` without a failure between them, and runs at that commit in all. */
  readonly passedBefore: number;
  readonly ranBefore: number;
  /** Runs that failed since, and runs since in all. */
  readonly failedSince: number;
  readonly ranSince: number;
}

/** What lies between the last run that passed and those that do not since. */
export interface SinceGreen {
  readonly latest: Entry;
  readonly lastGreen: Entry | undefined;
  /** The first run after that one; the latest where none ever passed. */
  readonly firstOther: Entry;
  readonly runsSince: number;
  readonly changes: readonly Change[];
  /** Undefined where something else changed with the commit, or nothing, or the commits are not known. */
  readonly suspicion: Suspicion | undefined;
}

/**
 * Why runs of a series may not pass any more; undefined where the latest one did.
 * @param series oldest first
 * @param elsewhere runs of the same scenario in other series, of which one counts where none of these ever passed
 */
export function sinceGreen(series: readonly Entry[], elsewhere: readonly Entry[]): SinceGreen | undefined {
  const latest = series.at(-1);
  if (latest === undefined || latest.outcome === "pass") return undefined;
  const greenAt = series.findLastIndex(({ outcome }) => outcome === "pass");
  const since = series.slice(greenAt + 1);
  const firstOther = since[0] ?? latest;
  const lastGreen = series[greenAt] ?? elsewhere.findLast(({ outcome, startedAt }) => outcome === "pass" && startedAt < firstOther.startedAt);
  const changes = lastGreen === undefined ? [] : changesBetween(lastGreen, firstOther);
  const suspicion = greenAt < 0 || lastGreen === undefined ? undefined : suspicionOf(series.slice(0, greenAt + 1), since, changes);
  return { latest, lastGreen, firstOther, runsSince: since.length, changes, suspicion };
}

/** A single commit is to blame only where nothing else changed; another host of the same kind is not held to be a change. */
function suspicionOf(before: readonly Entry[], since: readonly Entry[], changes: readonly Change[]): Suspicion | undefined {
  const [first] = since;
  const [from, to] = [before.at(-1)?.harness.commit, first?.harness.commit];
  const alone = changes.every(({ what }) => what === "harness commit" || what === "host");
  if (!alone || from === undefined || to === undefined || from === to || first?.outcome !== "fail") return undefined;
  // Where the commit that passed fails as well by now, it is something else.
  if (since.some(({ outcome, harness }) => outcome === "fail" && harness.commit === from)) return undefined;
  const dirty = [before.at(-1), first].some((entry) => entry?.harness.dirty === true);
  if (dirty) return undefined;
  const atFrom = before.filter(({ harness }) => harness.commit === from);
  return {
    from,
    to,
    passedBefore: atFrom.filter(({ outcome }) => outcome === "pass").length,
    ranBefore: atFrom.length,
    failedSince: since.filter(({ outcome }) => outcome === "fail").length,
    ranSince: since.length,
  };
}

/** What is different between two runs of a scenario, as far as it is known of both. */
export function changesBetween(before: Entry, after: Entry): Change[] {
  const facts = [
    ["etcd", etcdOf(before), etcdOf(after)],
    ["runtime", before.runtime, after.runtime],
    ["scenario text", before.scenarioHash, after.scenarioHash],
    ["harness commit", before.harness.commit, after.harness.commit],
    ["harness files", filesOf(before), filesOf(after)],
    ["assertions", before.assertionsFrom ?? ownAssertions, after.assertionsFrom ?? ownAssertions],
    ["machine", machineKind(before), machineKind(after)],
    ["kernel", before.machine.kernel, after.machine.kernel],
    ["Node", before.machine.node, after.machine.node],
    ["host", before.machine.host, after.machine.host],
  ] as const;
  return facts.flatMap(([what, one, other]) => (one === undefined || other === undefined || one === other ? [] : [{ what, before: one, after: other }]));
}

const ownAssertions = "the scenario's own";

/** Builds of one version are told apart by their checksums. */
function etcdOf({ etcd: { version, sha256 } }: Entry): string | undefined {
  if (version === etcdUnknown) return undefined;
  return sha256 === undefined ? version : `${version} (${sha256.slice(0, 8)})`;
}

function filesOf({ harness: { dirty } }: Entry): string {
  return dirty === true ? "as changed by hand" : "as committed";
}

import { z } from "zod";

import { counterexampleOfRun } from "../src/check/counterexample.ts";
import { checkHashes } from "../src/check/hash-kv.ts";
import type { Recording } from "../src/recording/recording.ts";
import type { HashSample } from "../src/recording/samples.ts";
import { defineAssertion } from "./assertion.ts";
import type { Evidence, Verdict } from "./verdict.ts";
import { counted } from "./words.ts";

/** All members are asked once, when the load has ended: nothing needs to be said in the scenario. */
export const hashKv = defineAssertion({
  kind: "hash-kv",
  summary: "Whether all members have the same store at the end, by the hash that each tells of it at one revision.",
  options: z.strictObject({}),
  title: () => "the members' stores at the end",
  phases: () => [],
  judge: (recording) => ({ bound: "one hash of one revision on every member", ...judge(recording) }),
});

function judge({ hashes, info }: Recording): Omit<Verdict, "bound"> {
  const finding = checkHashes(hashes, info.members.map(({ name }) => name));
  const evidence = hashes.map(evidenceOf);
  const observed = observedIn(hashes);
  switch (finding.kind) {
    case "ok":
      return { outcome: "pass", observed, evidence };
    case "violated":
      return { outcome: "fail", observed: finding.rule, reason: finding.sentence, evidence, counterexample: counterexampleOfRun(finding) };
    case "unknown":
      return { outcome: "inconclusive", observed, reason: finding.because, evidence };
  }
}

function observedIn(hashes: readonly HashSample[]): string {
  const told = hashes.filter(({ ok }) => ok);
  const [first] = told;
  return first === undefined ? "no hash" : `${counted(told.length, "member")} told a hash of revision ${first.atRevision}`;
}

function evidenceOf(sample: HashSample): Evidence {
  const { atMs, member, atRevision } = sample;
  const compacted = sample.ok && sample.compactRevision > 0 ? `, compacted to ${sample.compactRevision}` : "";
  const text = sample.ok ? `hash ${sample.hash} of revision ${atRevision}${compacted}, at revision ${sample.revision}` : `no hash of revision ${atRevision}: ${sample.error}`;
  return { kind: "status", atMs, member, text: `${member}: ${text}` };
}

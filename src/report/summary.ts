import type { Outcome } from "../../assertions/verdict.ts";
import type { Results } from "../judge/results.ts";
import type { Recording } from "../recording/recording.ts";
import { fenced, markdown } from "./markdown.ts";
import { assertionTally, gravestFirst, outcomeWords, tally, wordOf } from "./outcome-words.ts";
import { counted, seconds } from "./text.ts";

const rowsMax = 200;
const evidencedMax = 10;
const evidenceMax = 10;

/** Pages of GitHub show no style sheet of ours: a sign that carries its own colour, beside the word. */
const signs = { pass: "✅", fail: "❌", inconclusive: "❔" } as const satisfies Record<Outcome, string>;

/** `summary.md`: what a CI job puts in its step summary. */
export function renderSummary({ info }: Recording, results: Results): string {
  const { outcome, scenario, seed, sentence, assertions, assumptions } = results;
  const doubts = assumptions.filter((assumption) => assumption.outcome !== "pass");
  return [
    `### ${signs[outcome]} ${markdown(scenario)}: ${outcomeWords[outcome].word.toLowerCase()}`,
    ``,
    markdown(sentence),
    ``,
    ...assertionTable(results),
    ...evidenceOf(results),
    ...(doubts.length === 0
      ? [`${signs.pass} ${counted(assumptions.length, "assumption")} checked: ${tally(assumptions.map((each) => each.outcome))}`]
      : [
          `Assumptions that do not hold:`,
          ``,
          ...doubts.slice(0, rowsMax).map((each) => `- ${label(each.outcome)}: ${markdown(each.title)}. ${markdown(each.observed)}`),
        ]),
    ``,
    `Assertions: ${assertionTally(assertions)}. ` +
      `Seed ${seed}, ${info.runtime.kind} runtime, etcd ${markdown(info.etcd.version)}, run ${markdown(info.id)}. Replay:`,
    ``,
    fenced(results.replay),
    ``,
  ].join("\n");
}

function assertionTable({ assertions }: Results): string[] {
  if (assertions.length === 0) return [`No assertion was judged.`, ``];
  const rows = gravestFirst(assertions).map((judged) => {
    const { title, verdict } = judged;
    const reason = verdict.reason === undefined ? "" : `<br>${markdown(verdict.reason)}`;
    return `| ${signs[verdict.outcome]} ${wordOf(judged)} | ${markdown(title)}${reason} | ${markdown(verdict.observed)} | ${markdown(verdict.bound)} |`;
  });
  const left = rows.length - rowsMax;
  return [
    `| Verdict | Assertion | Observed | Bound |`,
    `|:--|:--|:--|:--|`,
    ...rows.slice(0, rowsMax),
    ``,
    ...(left > 0 ? [`${counted(left, "more assertion")} in results.json.`, ``] : []),
  ];
}

/** Of each violated assertion what shows it, folded away. */
function evidenceOf({ assertions }: Results): string[] {
  const shown = assertions.filter(({ verdict }) => verdict.outcome === "fail" && verdict.evidence.length > 0).slice(0, evidencedMax);
  return shown.flatMap(({ title, verdict: { evidence } }) => [
    `<details><summary>Evidence: ${markdown(title)}</summary>`,
    ``,
    ...evidence.slice(0, evidenceMax).map(({ atMs, member, text }) => `- ${seconds(atMs)} s ${member === undefined ? "" : `${markdown(member)}: `}${markdown(text)}`),
    ...(evidence.length > evidenceMax ? [`- ${counted(evidence.length - evidenceMax, "more piece", "more pieces")} in results.json`] : []),
    ``,
    `</details>`,
    ``,
  ]);
}

function label(outcome: Outcome): string {
  return `${signs[outcome]} ${outcomeWords[outcome].word}`;
}

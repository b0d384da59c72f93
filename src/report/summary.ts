import type { Outcome } from "../../assertions/verdict.ts";
import type { Results } from "../judge/results.ts";
import type { Recording } from "../recording/recording.ts";
import { outcomeWords, tally, wordOf, worstFirst } from "./outcome-words.ts";
import { clip, counted, oneLine, printable } from "./text.ts";

const rowsMax = 200;
const cellMax = 400;

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
    ...(doubts.length === 0
      ? [`${signs.pass} ${counted(assumptions.length, "assumption")} checked: ${tally(assumptions.map((each) => each.outcome))}`]
      : [
          `Assumptions that do not hold:`,
          ``,
          ...doubts.slice(0, rowsMax).map((each) => `- ${label(each.outcome)}: ${markdown(each.title)}. ${markdown(each.observed)}`),
        ]),
    ``,
    `Assertions: ${tally(assertions.map(({ verdict }) => verdict.outcome))}. ` +
      `Seed ${seed}, ${info.runtime.kind} runtime, etcd ${markdown(info.etcd.version)}, run ${markdown(info.id)}. Replay:`,
    ``,
    fenced(results.replay),
    ``,
  ].join("\n");
}

function assertionTable({ assertions }: Results): string[] {
  if (assertions.length === 0) return [`No assertion was judged.`, ``];
  const rows = worstFirst(assertions, ({ verdict }) => verdict.outcome).map((judged) => {
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

function label(outcome: Outcome): string {
  return `${signs[outcome]} ${outcomeWords[outcome].word}`;
}

/** One line of text that no Markdown or HTML in it can leave: table cells, emphasis, links and tags come out as written. */
export function markdown(text: string): string {
  return oneLine(text, cellMax)
    .replace(/[\\`*_{}[\]()#+!|~$-]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/:\/\//g, ":\\/\\/");
}

/** A code block whose fence is longer than any run of backticks in it. */
function fenced(command: string): string {
  const text = clip(printable(command), 2_000);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}

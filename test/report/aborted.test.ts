import { expect } from "chai";
import { assertionKinds } from "../../assertions/index.ts";
import { judge } from "../../src/judge/judge.ts";
import { renderHtml } from "../../src/report/html/page.tsx";
import { renderJunit } from "../../src/report/junit.ts";
import { renderSummary } from "../../src/report/summary.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { recording } from "../recordings/builder.ts";

const why = "its abort condition, nobody else leads: etcd-1: 1 line matched (etcd-1 at 2.1 s: became leader at term 3)";

describe("the reports of an aborted run", () => {
  const run = recording({ members: 1 }).phase("calm", 0, 2_000).phase("storm", 2_000, 4_000).log("etcd-1", 2_100, "panic").interrupted(4_000, why).build();
  const cases = [
    ["inconclusive", { match: "never seen", none: true }],
    ["fail", { match: "panic", none: true }],
  ] as const;
  for (const [outcome, options] of cases) {
    it(`say why it was aborted, where it is ${outcome}`, () => {
      const log = assertionKinds.find(({ kind }) => kind === "log")?.bind(options);
      const results = judge(run, log === undefined ? [] : [log], "npm run scenario -- test");
      expect(results.outcome).to.equal(outcome);
      const reports = {
        terminal: renderTerminal(results, { reportPath: "report.html", columns: 100, colour: false }).replace(/\s+/g, " "),
        summary: renderSummary(run, results).replaceAll("\\", ""),
        junit: renderJunit(run, results),
        html: renderHtml(run, results, "", ""),
      };
      for (const [name, text] of Object.entries(reports)) expect(text, name).to.include(`interrupted by ${why}`);
      expect(reports.html, "the header's notice").to.include(`The run was interrupted by ${why}; what was seen until then is judged.`);
    });
  }
});

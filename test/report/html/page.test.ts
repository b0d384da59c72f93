import { createHash } from "node:crypto";
import { Script } from "node:vm";
import { expect } from "chai";
import { renderHtml } from "../../../src/report/html/page.tsx";
import { sampleRecording, samplePlanText, sampleResults, sampleScenarioText } from "../sample.ts";
import { readable, section, tagsOf, withoutCode } from "./tags.ts";

const page = renderHtml(sampleRecording(), sampleResults("mixed"), sampleScenarioText, samplePlanText);

describe("report.html", () => {
  it("leads back to all runs where it lies among them", () => {
    expect(page).not.to.include("All runs");
    expect(renderHtml(sampleRecording(), sampleResults(), "", "", undefined, "../../index.html")).to.include('<a href="../../index.html">All runs</a>');
  });

  describe("tells a reviewer of a partition, without a script,", () => {
    const text = readable(page);

    it("the verdict as glyph, word and sentence", () => {
      expect(text).to.match(/✗ Fail: 1 of 6 assertions fails/);
    });

    it("the seed, the replay command, the runtime and the etcd version with its source", () => {
      expect(text).to.include("Seed 42").and.include(sampleResults().replay).and.include("Runtime local");
      expect(text).to.include("etcd 3.5.30 from official release archive");
    });

    it("which member was isolated, and why that one", () => {
      expect(text).to.include("partition → etcd-2").and.include("etcd-2 is the leader at term 2");
    });

    it("who became leader, at which term, when it was seen and by whom", () => {
      expect(text).to.match(/New leader etcd-3 term 3 First seen at 6\.\d{3} s in the (?:log|status) of etcd-\d, 1\.2\d? s into partition/);
    });

    it("how long writes were unavailable", () => {
      expect(text).to.match(/Writes unavailable 1\.29 s No write was acknowledged from 5\.\d{3} s to 6\.3\d{2} s/);
    });

    it("the log lines that say so", () => {
      const logs = readable(section(page, "logs"));
      expect(logs).to.include("fd422379fda50e48 became leader at term 3");
      expect(logs).to.include("elected leader fd422379fda50e48 at term 3");
      expect(logs).to.include("stepped down to follower since quorum is not active");
      expect(logs).to.include("lost leader 91bc3c398fb3c146 at term 2");
    });

    it("the story in order, with what proves that the fault bit and healed", () => {
      const story = readable(section(page, "story"));
      const order = ["requested on etcd-2", "in effect on etcd-2", "etcd-3 seen as leader at term 3", "writes acknowledged again after 1.29 s", "healed on etcd-2"];
      const places = order.map((text) => story.indexOf(text));
      expect(places.every((place) => place >= 0), story).to.equal(true);
      expect(places).to.deep.equal([...places].sort((a, b) => a - b));
      expect(story).to.include("✓ proven by peer bytes: etcd-2 received 0 bytes");
    });

    it("the figures of each phase with their sample counts", () => {
      const figures = readable(section(page, "phases"));
      expect(figures).to.match(/baseline 0\.000–5\.000 s puts 500 500 0 0 100 %/);
      expect(figures).to.match(/isolated 5\.000–13\.000 s puts 800 /);
      expect(figures).to.match(/Phase etcd-1 etcd-2 etcd-3 baseline 100 % of 33\d 100 % of 333 100 % of 33\d isolated 9\d\.\d+ % of 53\d 0\.\d+ % of 53\d 9\d\.\d+ % of 53\d/);
    });

    it("scenario and plan as they were run, and links to the raw files", () => {
      expect(text).to.include("The leader is cut off from its peers").and.include('"startMs": 13000');
      const links = tagsOf(section(page, "files")).flatMap(({ attributes }) => attributes["href"] ?? []);
      expect(links).to.include.members(["run.json", "history.jsonl", "events.jsonl", "metrics.jsonl", "results.json", "logs/etcd-2.log"]);
    });

    it("where the time went beside the timeline, and which Toxiproxy there was", () => {
      expect(readable(section(page, "environment"))).to.include("Toxiproxy 2.12.0, the embedded server").and.include("Time beside the timeline cluster start 912 ms, cluster stop 140 ms");
    });

    it("the replay command whole, in words between which a line may end", () => {
      expect(page).to.include('<code class="command"><span>npm</span> <span>run</span> <span>scenario</span> <span>--</span>');
    });
  });

  it("puts violations first, then what could not be told", () => {
    const verdicts = [...section(page, "assertions").matchAll(/class="badge (\w+)"/g)].map(([, outcome]) => outcome);
    expect(verdicts).to.deep.equal(["fail", "inconclusive", "pass", "pass", "pass", "pass"]);
  });

  it("gives every link inside the page a target, and every anchor one owner", () => {
    const ids = tagsOf(page).flatMap(({ attributes }) => attributes["id"] ?? []);
    expect(new Set(ids).size).to.equal(ids.length);
    const targets = tagsOf(page).flatMap(({ attributes: { href = "" } }) => (href.startsWith("#") ? [href.slice(1)] : []));
    expect(targets).to.have.length.above(5);
    expect(ids).to.include.members(targets);
  });

  it("leads evidence from a log to the line, and a stretch of time to a mark in the timeline", () => {
    const evidence = section(page, "assertions");
    const line = /href="#(l\d+)">6\.481/.exec(evidence)?.[1];
    expect(section(page, "logs")).to.match(new RegExp(`id="${line}"[\\s\\S]*?lost leader`));
    const mark = /href="#(e\d+-\d+)">5\.000–6\.302/.exec(evidence)?.[1];
    expect(section(page, "timeline")).to.include(`id="${mark}"`);
  });

  it("tells each of several workloads in a line of its own, with what stands beside them", () => {
    const recording = sampleRecording();
    const workloads = ["kv", "queue"].map((kind, index) => ({ kind, title: `${kind}: closed loop`, firstClient: index, clients: 1 }));
    const linesFor = (workload: string, some = workloads): string => renderHtml({ ...recording, info: { ...recording.info, workload, workloads: some } }, sampleResults(), sampleScenarioText, samplePlanText);
    expect(linesFor("kv: closed loop; queue: closed loop; watched; all")).to.include("<p>kv: closed loop</p><p>queue: closed loop</p><p>watched; all</p>");
    expect(linesFor("kv: closed loop; queue: closed loop")).to.include("<p>kv: closed loop</p><p>queue: closed loop</p></dd>");
    expect(linesFor("kv: closed loop; watched", workloads.slice(0, 1))).to.include("<p>kv: closed loop; watched</p>");
  });

  describe("stands alone:", () => {
    it("its policy allows nothing but its own style sheet and script, by their hashes", () => {
      const policy = tagsOf(page).find(({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy")?.attributes["content"] ?? "";
      const hash = (tag: string) => {
        const code = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1];
        if (code === undefined) throw new Error(`no ${tag}`);
        return `sha256-${createHash("sha256").update(code).digest("base64")}`;
      };
      expect(policy).to.equal(
        `default-src 'none'; style-src '${hash("style")}'; script-src '${hash("script")}'; base-uri 'none'; form-action 'none'`,
      );
    });

    it("it loads nothing and links only to itself and to files beside it", () => {
      expect(page).to.not.match(/https?:\/\//);
      expect(page).to.not.match(/@import|url\((?!#)/);
      for (const { name, attributes } of tagsOf(page)) {
        expect(["link", "img", "iframe", "object", "embed", "base", "form"]).to.not.include(name);
        expect(attributes["src"], name).to.equal(undefined);
        if (attributes["href"] !== undefined) expect(attributes["href"]).to.match(/^(?:#[\w-]+|[\w-]+\.\w+|logs\/[\w.%-]+)$/);
      }
    });

    it("it has no inline style and no inline handler, which its policy would block", () => {
      for (const { attributes } of tagsOf(page)) {
        expect(Object.keys(attributes).filter((key) => key === "style" || key.startsWith("on"))).to.deep.equal([]);
      }
    });
  });

  describe("is for everyone:", () => {
    it("the drawing has a title and a description that tells what is in it", () => {
      const svg = tagsOf(page).find(({ name, attributes }) => name === "svg" && attributes["role"] === "img");
      expect(svg?.attributes["aria-labelledby"]).to.equal("timeline-svg-title timeline-svg-desc");
      expect(page).to.match(/<desc id="timeline-svg-desc">[^<]*Fault partition leader[^<]*etcd-3 seen as leader at term 3[^<]*No acknowledged write for/);
    });

    it("each section has a heading that names it, and tables have head cells", () => {
      for (const { name, attributes } of tagsOf(page)) {
        if (name === "section") expect(attributes["aria-labelledby"] ?? attributes["aria-label"]).to.be.a("string");
        if (name === "th") expect(attributes["scope"]).to.match(/^(?:col|row|rowgroup)$/);
      }
      expect(tagsOf(page).filter(({ name }) => name === "h1")).to.have.length(1);
    });

    it("every state in the drawing has a word in the legend", () => {
      const legend = readable(/<ul class="legend"[\s\S]*?<\/ul>/.exec(page)?.[0] ?? "");
      for (const word of ["requested", "in effect", "being healed", "leader", "follower", "knows no leader", "stale leader", "not seen", "acknowledged", "no write acknowledged", "no attempts", "ok", "unknown", "failed"]) {
        expect(legend).to.include(word);
      }
    });
  });

  it("shows a run that was cut short as what it is", () => {
    const recording = sampleRecording();
    const info = { ...recording.info, status: "interrupted", signal: "SIGINT" } as const;
    const text = readable(renderHtml({ ...recording, info, defects: ["history.jsonl: the last line is torn"] }, sampleResults(), "", ""));
    expect(text).to.include("The run was interrupted by SIGINT");
    expect(text).to.include("! history.jsonl: the last line is torn");
  });

  it("links only to files that the run has left", () => {
    const filesOf = (more: Partial<ReturnType<typeof sampleRecording>>): string[] => tagsOf(section(renderHtml({ ...sampleRecording(), ...more }, sampleResults(), "", ""), "files")).flatMap(({ attributes }) => attributes["href"] ?? []);
    const machine = [{ atMs: 1_000, overMs: 1_000, processes: {}, loopLateMs: 1 }];
    expect(filesOf({ machine, telemetry: { sources: ["OTLP over HTTP"], gaps: [], spans: [], logs: [] } })).to.include.members(["machine.jsonl", "telemetry.jsonl"]).and.not.include.members(["promql.jsonl"]);
    expect(filesOf({ machine: [] })).to.not.include("machine.jsonl");
  });

  it("names assumptions that are of one name once, with how many there are", () => {
    const four = Array.from({ length: 4 }, () => ({ title: "kill leader took effect and healed", outcome: "pass", observed: "proven" }) as const);
    const text = readable(section(renderHtml(sampleRecording(), { ...sampleResults(), assumptions: [...four, { title: "the workload ran", outcome: "pass", observed: "it did" }] }, "", ""), "assumptions"));
    expect(text).to.include("All hold : kill leader took effect and healed (4 times); the workload ran");
  });

  it("can be drawn from a recording of nothing, and claims nothing", () => {
    const recording = sampleRecording();
    const empty = { ...recording, phases: [], events: [], operations: [], statuses: [], logs: [], metrics: { series: () => [], scrapes: () => [], names: [] } };
    const results = { ...sampleResults(), outcome: "inconclusive", sentence: "Nothing was recorded.", assertions: [], assumptions: [] } as const;
    const text = readable(renderHtml(empty, results, "", ""));
    expect(text).to.include("? Inconclusive: Nothing was recorded.");
    expect(text).to.include("No assertion was judged, so nothing is known to hold.");
    expect(text).to.include("No writes were attempted.").and.include("none seen").and.include("? Nothing was recorded.").and.not.include("How it is known");
  });

  it("tells what came before the timeline before it", () => {
    const recording = sampleRecording();
    const phases = recording.phases.map((phase) => (phase.name === "baseline" ? { ...phase, startMs: 2_000 } : phase));
    const events = [{ type: "member", atMs: 1_000, member: "etcd-1", state: "started" } as const, ...recording.events];
    const early = renderHtml({ ...recording, phases, events }, sampleResults(), "", "");
    expect(readable(section(early, "story"))).to.match(/before the timeline .*1\.000 . etcd-1 started .*baseline 2\.000–5\.000 s/);
    expect(section(early, "timeline")).to.not.include("etcd-1 started");
  });

  it("carries a script that parses", () => {
    const code = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
    expect(code.length).to.be.above(100);
    expect(() => new Script(code)).to.not.throw();
  });

  it("gives the same text for the same recording", () => {
    expect(renderHtml(sampleRecording(), sampleResults("mixed"), sampleScenarioText, samplePlanText)).to.equal(page);
  });

  it("shows hostile text as text, wherever it comes from", () => {
    const hostile = `</script><script>alert("x")</script><img src=x onerror=alert(1)>\u0000\u202e' onmouseover='x`;
    const results = sampleResults();
    const evil = renderHtml(
      sampleRecording({ hostileText: hostile }),
      {
        ...results,
        scenario: hostile,
        sentence: hostile,
        replay: hostile,
        assumptions: [{ title: hostile, outcome: "fail", observed: hostile }],
        assertions: [{ kind: hostile, title: hostile, verdict: { outcome: "fail", observed: hostile, bound: hostile, reason: hostile, evidence: [{ kind: "window", atMs: 1, endMs: 2, member: hostile, text: hostile }] } }],
      },
      hostile,
      hostile,
    );
    expect(evil.match(/<script/g)).to.have.length(1);
    expect(tagsOf(evil).map(({ name }) => name)).to.not.include("img");
    expect(withoutCode(evil)).to.include("&lt;/script>&lt;script>alert(&quot;x&quot;)");
    expect(evil).to.not.include("\u0000").and.not.include("\u202e");
    for (const { attributes } of tagsOf(evil)) expect(Object.keys(attributes).filter((key) => key.startsWith("on"))).to.deep.equal([]);
  });
});

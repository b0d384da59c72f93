import { expect } from "chai";
import { problemsOf, scenarioErrorOf, scenarioWith, scenarioWithAssertions, scenarioWithFaults } from "./problems-of.ts";

type Cases = Record<string, readonly [text: string, ...problems: string[]]>;

function eachIsTold(cases: Cases): void {
  for (const [title, [text, ...problems]] of Object.entries(cases)) {
    it(title, () => {
      expect(problemsOf(text)).to.deep.equal(problems);
    });
  }
}

const targets = "leader, follower, minority, majority, random, all or a member's name such as etcd-1";
const whom = "Whom it hits, resolved at injection: leader, follower, minority, majority, random, all, or a member's name such as etcd-1.";

describe("what is said about the document's keys", () => {
  eachIsTold({
    "an unknown key, with the one that was meant": [scenarioWith({ workload: "wrokload:\n  kv: { rate: 200 }" }), '3:1 unknown key "wrokload" | Did you mean "workload"?'],
    "an unknown key that resembles none, with those there are": [
      scenarioWith({ cluster: "cluster:\n  size: 3" }),
      '3:3 unknown key "size" | Possible here: members, etcd, flags.',
    ],
    "missing keys, at the beginning": [
      "cluster: { members: 3 }\n",
      '1:1 "description" is missing | description: What happens and what is expected, in a sentence or two.',
      '1:1 "timeline" is missing | timeline: The phases, one after the other.',
      '1:1 "assertions" is missing | assertions: What must be true of the recording. At least one.',
    ],
    "a key without a value": [scenarioWith({ description: "description:" }), '1:1 "description" must be text, not empty | What happens and what is expected, in a sentence or two.'],
    "a description that is blank": [scenarioWith({ description: 'description: "  "' }), '1:14 "description" must not be blank'],
    "a description that YAML reads as a number": [scenarioWith({ description: "description: 17" }), '1:14 "description" must be text, not the number 17 | Put it in quotes: "17".'],
    "a timeline without phases": [scenarioWith({ timeline: "timeline: []" }), '5:11 "timeline" must have at least 1 item | The phases, one after the other.'],
    "a timeline that is no list": [scenarioWith({ timeline: "timeline:\n  phase: calm" }), '6:3 "timeline" must be a list, not a map | The phases, one after the other.'],
    "a list whose dash touches its item": [scenarioWith({ timeline: "timeline:\n  -phase" }), "6:3 \"timeline\" must be a list, not \"-phase\" | A space must follow the dash of a list's item."],
    "assertions that are missing": [scenarioWith({ assertions: "assertions: []" }), '12:13 "assertions" must have at least 1 item | What must be true of the recording. At least one.'],
  });
});

describe("what is said about the cluster", () => {
  const cluster = (text: string): string => scenarioWith({ cluster: `cluster: { ${text} }` });
  eachIsTold({
    "a number of members that no cluster has": [cluster("members: 4"), '2:21 "members" must be 1, 3, 5 or 7, not the number 4'],
    "an etcd that is no version": [
      cluster("etcd: latest"),
      '2:18 "etcd": "latest" is no etcd version, image or path | Write 3.5 (the newest of a series), 3.5.30 (exactly that), image:quay.io/coreos/etcd:v3.5.1, or a path with a slash such as ./etcd',
    ],
    "an etcd of one number": [
      cluster("etcd: 3"),
      '2:18 "etcd": "3" is no etcd version, image or path | Write 3.5 (the newest of a series), 3.5.30 (exactly that), image:quay.io/coreos/etcd:v3.5.1, or a path with a slash such as ./etcd',
    ],
    "flags that the runtime sets": [
      cluster("flags: { name: a, data-dir: b, listen-peer-urls: c, initial-cluster: d, advertise-client-urls: e, logger: f, log-outputs: g }"),
      ...[21, 30, 43, 64, 84, 110, 121].map((column, index) => `2:${column} "${["name", "data-dir", "listen-peer-urls", "initial-cluster", "advertise-client-urls", "logger", "log-outputs"][index]}" is set by the runtime and cannot be chosen here`),
    ],
    "flags that look like none": [
      cluster("flags: { --pre-vote: true, max_txn_ops: 1, Quota!: 2 }"),
      '2:21 "--pre-vote" is written without the dashes in front',
      '2:39 "max_txn_ops" is written with dashes, not underscores',
      '2:55 "Quota!" does not look like a flag\'s name, such as heartbeat-interval',
    ],
    "a flag without a value": [cluster("flags: { pre-vote: }"), '2:21 "pre-vote" must be text, a number or true or false, not empty'],
    "election clocks with which etcd does not start": [
      cluster("flags: { heartbeat-interval: 300 }"),
      "2:41 etcd does not start with an election timeout (1000 ms) below 5 times the heartbeat interval (300 ms) | Set election-timeout to 1500 or more, or lower heartbeat-interval.",
    ],
    "an election timeout that etcd does not take": [cluster("flags: { election-timeout: 60000 }"), "2:39 etcd does not start with an election timeout above 50000 ms, and this is 60000 ms"],
  });
});

describe("what is said about phases", () => {
  const timeline = (...lines: string[]): string => scenarioWith({ timeline: ["timeline:", ...lines.map((line) => `  ${line}`)].join("\n") });
  const unit = "A duration is a number and a unit, without a space: 250ms, 5s, 1m30s, 2h.";
  eachIsTold({
    "two of one name, at the second": [
      timeline("- phase: calm", "  duration: 1s", "- phase: calm", "  duration: 1s"),
      '8:12 a phase named "calm" is on line 6 already | Phases have names of their own, so that assertions can refer to them.',
    ],
    "a reserved name": [timeline("- { phase: run, duration: 1s }"), '6:14 "phase" cannot be "run": assertions use it for the whole timeline'],
    "a name that is none": [
      timeline("- { phase: Calm sea, duration: 1s }"),
      '6:14 "phase" must be lower-case letters, digits and dashes, beginning with a letter, at most 40 of them',
    ],
    "a number in place of a duration": [timeline("- { phase: calm, duration: 5 }"), '6:30 "duration" must be a duration such as 5s, not the number 5 | Did you mean 5s or 5ms?'],
    "a negative duration": [timeline("- { phase: calm, duration: -5s }"), '6:30 "duration" must be a duration such as 5s, not "-5s" | A duration is never negative.'],
    "a negative number in place of a duration": [timeline("- { phase: calm, duration: -5 }"), '6:30 "duration" must be a duration such as 5s, not the number -5 | A duration is never negative.'],
    "a duration with a space": [timeline("- { phase: calm, duration: 5 s }"), `6:30 "duration" must be a duration such as 5s, not "5 s" | ${unit}`],
    "a duration of no time": [timeline("- { phase: calm, duration: 0s }"), `6:30 "duration" must be longer than zero`],
    "a missing duration, where the phase begins": [timeline("- phase: calm"), '6:5 "duration" is missing | duration: How long the phase lasts, such as 500ms, 8s or 1m30s.'],
    "a timeline of more than a day, where it gets too long": [
      timeline("- { phase: calm, duration: 20h }", "- { phase: storm, duration: 4h1s }", "- { phase: after, duration: 9h }"),
      "7:31 the timeline is longer than 24 h from here on | A run of more than a day belongs in several.",
    ],
    "a phase that is no map": [timeline("- calm"), '6:5 item 1 of "timeline" must be a map, not "calm"'],
  });
});

describe("what is said about faults", () => {
  eachIsTold({
    "an unknown one": [scenarioWithFaults("partitoin: { target: leader }"), '11:9 unknown fault "partitoin" | Did you mean "partition"?'],
    "an unknown one that resembles none": [scenarioWithFaults("earthquake: { target: leader }"), '11:9 unknown fault "earthquake" | Possible here: partition, latency, pause, kill, one-of, at, for, until, every, follow.'],
    "an unknown target": [scenarioWithFaults("pause: { target: leadr }"), `11:26 "target" must be ${targets}, not "leadr" | Did you mean "leader"?`],
    "a target that is a number": [scenarioWithFaults("pause: { target: 2 }"), `11:26 "target" must be ${targets}, not the number 2`],
    "a missing target, at the fault": [scenarioWithFaults("pause: {}"), `11:9 "target" is missing | target: ${whom}`],
    "an unknown value of an option": [scenarioWithFaults("partition: { target: all, mode: block }"), '11:41 "mode" must be blocking or closing, not "block" | Did you mean "blocking"?'],
    "an unknown option": [scenarioWithFaults("partition: { target: all, moed: closing }"), '11:35 unknown key "moed" | Did you mean "mode"?'],
    "a number out of range": [scenarioWithFaults("latency: { target: all, delay: 5ms, toxicity: 7 }"), '11:55 "toxicity" must be a number from 0 to 1, not the number 7'],
    "a number in place of a duration, in an option": [scenarioWithFaults("latency: { target: all, delay: 50 }"), '11:40 "delay" must be a duration such as 5s, not the number 50 | Did you mean 50s or 50ms?'],
    "no options": [scenarioWithFaults("pause:"), '11:9 "pause" has nothing in it | Needed: target.'],
    "options that are not indented": [
      scenarioWithFaults("pause:\n        target: leader"),
      '11:9 "pause" has nothing in it | Needed: target.',
      '12:9 unknown fault "target" | Indent "target" further, so that it stands below "pause".',
    ],
    "a missing space after a colon": [
      scenarioWithFaults("pause: { target:leader }"),
      `11:9 "target" is missing | target: ${whom}`,
      '11:18 unknown key "target:leader" | A space must follow the colon: target: leader',
    ],
    "two in one item, at the second": [
      scenarioWithFaults("pause: { target: all }\n        kill: { target: all }"),
      '12:9 exactly one fault belongs here, but "kill" stands beside "pause" | Begin an item of its own with "- kill:".',
    ],
    "none in an item": [scenarioWithFaults("at: 1s"), "11:9 exactly one fault belongs here, and there is none | Possible here: partition, latency, pause, kill, one-of."],
    "a beginning after the phase's end": [scenarioWithFaults("pause: { target: all }\n        at: 8s"), "12:13 the fault would begin at 8 s, but the phase lasts 8 s"],
    "an end after the phase's end": [
      scenarioWithFaults("pause: { target: all }\n        at: 5s\n        for: 4s"),
      '13:14 the fault would end at 9 s, but the phase lasts 8 s | Leave "for" out to keep it until the phase ends, which is for 3 s.',
    ],
    "one that is to come again, without how long it stays": [scenarioWithFaults("pause: { target: all }\n        every: 2s"), '12:16 "every" needs "for", which says how long the fault stays each time'],
    "one that would come again before it ended": [
      scenarioWithFaults("pause: { target: all }\n        every: 2s\n        for: 2s"),
      '12:16 the fault would stay for 2 s and come again after 2 s | "every" counts from injection to injection and must be longer than "for".',
    ],
    "one that would not end once": [scenarioWithFaults("pause: { target: all }\n        at: 7s\n        every: 5s\n        for: 2s"), "13:16 the fault would not end once in the 1 s that it has"],
    "one that would come too often": [scenarioWithFaults("pause: { target: all }\n        every: 7ms\n        for: 1ms"), "12:16 the fault would come 1143 times, and 1000 is the most"],
    "one that is to stay until a phase that there is not": [scenarioWithFaults("pause: { target: all }\n        until: clam"), '12:16 unknown phase "clam" | There is no later phase.'],
    "one that is to stay until its own or an earlier phase": [scenarioWithFaults("pause: { target: all }\n        until: calm"), '12:16 "calm" does not come after the fault\'s own phase | There is no later phase.'],
    "one that follows the leader and is somewhere else": [scenarioWithFaults("pause: { target: random }\n        follow: leader"), "12:17 a fault can follow the leader only where its target is leader, and this one's is random"],
    "one fault to choose from": [scenarioWithFaults("one-of:\n          - pause: { target: all }"), '12:11 "one-of" must have at least 2 items | Several faults, of which the run\'s seed draws one each time.'],
    "a weight of nothing": [
      scenarioWithFaults("one-of:\n          - { pause: { target: all }, weight: 0 }\n          - kill: { target: all }"),
      '12:47 "weight" must be a number above 0 and of at most 1000, not the number 0 | How often it is drawn, in proportion to the others. Default 1.',
    ],
    "a member that the cluster has not, among those to choose from": [
      scenarioWithFaults("one-of:\n          - pause: { target: etcd-5 }\n          - kill: { target: all }"),
      "12:30 there is no etcd-5: the cluster has 3 members, etcd-1 to etcd-3",
    ],
    "a time of nothing": [scenarioWithFaults("pause: { target: all }\n        for: 0s"), '12:14 "for" must be longer than zero'],
    "a member that the cluster has not": [scenarioWithFaults("pause: { target: etcd-5 }"), "11:26 there is no etcd-5: the cluster has 3 members, etcd-1 to etcd-3"],
  });

  const alone = (target: string): string =>
    scenarioWith({ cluster: "cluster: { members: 1 }", timeline: `timeline:\n  - phase: storm\n    duration: 8s\n    faults: [ { pause: { target: ${target} } } ]` });
  eachIsTold({
    "a follower in a cluster of one": [alone("follower"), "8:34 a cluster of one member has no follower"],
    "a minority in a cluster of one": [alone("minority"), "8:34 a minority of one member is nobody"],
    "a second member in a cluster of one": [alone("etcd-2"), "8:34 there is no etcd-2: the cluster has one member, etcd-1"],
  });
});

describe("what is said about the workload", () => {
  eachIsTold({
    "an unknown one": [scenarioWith({ workload: "workload: { kvs: { rate: 1 } }" }), '3:13 unknown workload "kvs" | Did you mean "kv"?'],
    "none": [scenarioWith({ workload: "workload: {}" }), "3:11 at least one workload belongs here, and there is none | Possible here: kv."],
    "a rate that is none": [scenarioWith({ workload: "workload: { kv: { rate: -1 } }" }), '3:25 "rate" must be a number above 0 and of at most 100000, not the number -1 | Requests a second.'],
    "a missing rate": [scenarioWith({ workload: "workload: { kv: {} }" }), '3:13 "rate" is missing | rate: Requests a second.'],
    "half a client": [scenarioWith({ workload: "workload: { kv: { rate: 1, clients: 1.5 } }" }), '3:37 "clients" must be a whole number from 1 to 1000, not the number 1.5'],
    "an endpoint that the cluster has not": [
      scenarioWith({ workload: "workload: { kv: { rate: 1, endpoints: etcd-4 } }" }),
      "3:39 there is no etcd-4: the cluster has 3 members, etcd-1 to etcd-3",
    ],
    "a watch from a revision and from a list": [
      scenarioWith({ workload: "workload: { kv: { rate: 1 }, watch: { list-first: true, from-revision: 9 } }" }),
      '3:72 "from-revision" does not go with list-first, where the list says from which revision on',
    ],
    "a watch of no keys": [scenarioWith({ workload: "workload: { kv: { rate: 1 }, watch: { keys: [] } }" }), '3:45 "keys" must have at least 1 item | Watches each of these keys by a watcher of its own, beside those of prefixes.'],
    "a watch of a prefix that is none": [scenarioWith({ workload: "workload: { kv: { rate: 1 }, watch: { prefix: '' } }" }), '3:47 "prefix" must be 1 to 200 printable ASCII characters'],
    "a watch that begins again all the time": [scenarioWith({ workload: "workload: { kv: { rate: 1 }, watch: { restart-every: 1ms } }" }), '3:54 "restart-every" must be from 100ms to 1h'],
    "a watch through a member that the cluster has not": [
      scenarioWith({ workload: "workload: { kv: { rate: 1 }, watch: { endpoints: etcd-4 } }" }),
      "3:50 there is no etcd-4: the cluster has 3 members, etcd-1 to etcd-3",
    ],
    "a watch without a workload": [scenarioWith({ workload: "workload: { watch: {} }" }), "3:11 at least one workload belongs here, and there is none | Possible here: kv."],
    "a watch that asks for progress too often": [scenarioWith({ workload: "workload: { kv: { rate: 1 }, watch: { progress-every: 1ms } }" }), '3:55 "progress-every" must be from 10ms to 1m'],
    "an option that a watch has not": [
      scenarioWith({ workload: "workload: { kv: { rate: 1 }, watch: { prefx: k } }" }),
      '3:39 unknown key "prefx" | Did you mean "prefix"?',
    ],
  });
});

describe("what is said about assertions", () => {
  eachIsTold({
    "an unknown one": [scenarioWithAssertions("leader-change: { during: storm }"), '13:5 unknown assertion "leader-change" | Did you mean "leader-changes"?'],
    "an unknown phase, where it is named": [scenarioWithAssertions("leader-changes: { during: strom }"), '13:31 unknown phase "strom" | Did you mean "storm"?'],
    "an unknown phase that resembles none": [
      scenarioWithAssertions("leader-changes: { during: afterwards }"),
      '13:31 unknown phase "afterwards" | Phases: calm, storm; "run" is all of them.',
    ],
    "an unknown phase among several": [
      scenarioWithAssertions("metric: { name: m, statistic: max, during: [calm, stormy], bound: { at-most: 3 } }"),
      '13:55 unknown phase "stormy" | Did you mean "storm"?',
    ],
    "phases in the wrong order": [
      scenarioWithAssertions("metric: { name: m, statistic: max, during: [storm, calm], bound: { at-most: 3 } }"),
      '13:48 "storm" comes after "calm" | Write [calm, storm].',
    ],
    "a window of which nothing is left": [
      scenarioWithAssertions("health: { of: etcd-1, during: [calm, storm], after: 12s }", "health: { during: calm, after: 3999ms }"),
      "13:57 nothing is left of the 12 s that this assertion is about",
    ],
    "a member that the cluster has not": [scenarioWithAssertions("health: { of: etcd-4 }"), "13:19 there is no etcd-4: the cluster has 3 members, etcd-1 to etcd-3"],
    "an unknown value of an option": [
      scenarioWithAssertions("metric: { name: m, statistic: maximum, bound: { at-most: 3 } }"),
      '13:35 "statistic" must be increase, rate, delta, min, max or last, not "maximum"',
    ],
    "an alternative that is missed by one key": [
      scenarioWithAssertions("metric: { name: m, statistic: max, bound: { at-leat: 3 } }"),
      '13:40 "at-least" is missing | at-least: a number',
      '13:49 unknown key "at-leat" | Did you mean "at-least"?',
    ],
    "a number in quotes": [scenarioWithAssertions('leader-changes: { during: storm, at-least: "1" }'), '13:48 "at-least" must be a whole number of at least 0, not "1" | Remove the quotes.'],
    "yes in place of true": [scenarioWithAssertions("health: { serializable: yes }"), '13:29 "serializable" must be true or false, not "yes" | YAML reads yes, no, on and off as text.'],
    "options left out where all have defaults": [scenarioWithAssertions("health:"), '13:5 "health" has nothing in it | Write {} after it to leave everything at its default.'],
    "two in one item": [
      scenarioWithAssertions("health: {}\n    leader-changes: { during: storm }"),
      '14:5 exactly one assertion belongs here, but "leader-changes" stands beside "health" | Begin an item of its own with "- leader-changes:".',
    ],
    "a blank title": [scenarioWithAssertions('health: {}\n    title: ""'), '14:12 "title" must have at least 1 character | What the table of results calls it, instead of its own words.'],
  });
});

describe("the error as a whole", () => {
  const text = scenarioWith({
    cluster: "cluster: { members: 4 }",
    timeline: "timeline:\n  - { phase: calm, duration: 5s }\n  - { phase: calm, duration: 5 }",
    assertions: "assertions:\n  - leader-changes: { during: calmness }\n  - helth: {}",
  });

  it("tells of all problems at once, those between parts too, in the order of the file", () => {
    expect(problemsOf(text).map((problem) => problem.split(" | ")[0])).to.deep.equal([
      '2:21 "members" must be 1, 3, 5 or 7, not the number 4',
      '7:14 a phase named "calm" is on line 6 already',
      '7:30 "duration" must be a duration such as 5s, not the number 5',
      '9:31 unknown phase "calmness"',
      '10:5 unknown assertion "helth"',
    ]);
  });

  it("checks targets against the number of members even where the cluster's flags are wrong", () => {
    expect(problemsOf(scenarioWithFaults("pause: { target: etcd-4 }").replace("members: 3", "members: 3, flags: { name: x }"))).to.deep.equal([
      '2:33 "name" is set by the runtime and cannot be chosen here',
      "11:26 there is no etcd-4: the cluster has 3 members, etcd-1 to etcd-3",
    ]);
  });

  it("is a scenario-invalid error that says where columns end", () => {
    const { code, fileName, problems } = scenarioErrorOf(scenarioWithFaults("partitoin: { target: leader }"));
    expect({ code, fileName }).to.deep.equal({ code: "scenario-invalid", fileName: "scenarios/test.yaml" });
    expect(problems[0]).to.include({ line: 11, column: 9, endColumn: 18 });
  });

  it("shows each with its file, place, lines and hint", () => {
    expect(scenarioErrorOf(scenarioWithFaults("partitoin: { target: leader }", "pause: { target: nobody }")).message).to.equal(
      [
        'scenarios/test.yaml:11:9: unknown fault "partitoin"',
        "  10 |     faults:",
        "> 11 |       - partitoin: { target: leader }",
        "     |         ^^^^^^^^^",
        "  12 |       - pause: { target: nobody }",
        '  Did you mean "partition"?',
        "",
        `scenarios/test.yaml:12:26: "target" must be ${targets}, not "nobody"`,
        "  11 |       - partitoin: { target: leader }",
        "> 12 |       - pause: { target: nobody }",
        "     |                          ^^^^^^",
        "  13 | assertions:",
      ].join("\n"),
    );
  });

  it("shows the first twenty of very many, and counts the rest", () => {
    const error = scenarioErrorOf(scenarioWithFaults(...Array.from({ length: 45 }, () => "pause: { target: nobody }")));
    expect(error.problems).to.have.length(45);
    expect(error.message.match(/not "nobody"/g)).to.have.length(20);
    expect(error.message.endsWith("… and 25 more in scenarios/test.yaml")).to.equal(true);
  });

  it("cuts long values and long lines", () => {
    const { message } = scenarioErrorOf(scenarioWithFaults(`pause: { target: ${"x".repeat(5_000)} }`));
    expect(message).to.include(`not "${"x".repeat(60)}…"`);
    expect(message.length).to.be.lessThan(1_000);
  });

  it("shows no lines where the place is far to the right", () => {
    const { message } = scenarioErrorOf(scenarioWithFaults(`pause: { target: leader, ${" ".repeat(500)}trget: all }`));
    expect(message).to.equal('scenarios/test.yaml:11:534: unknown key "trget"\n  Did you mean "target"?');
  });

  it("underlines what is cut off by the end of the shown line", () => {
    const { message } = scenarioErrorOf(scenarioWithFaults(`pause: { target: leader, ${" ".repeat(120)}${"x".repeat(30)}: all }`));
    expect(message.split("\n")[3]).to.equal(`     | ${" ".repeat(153)}${"^".repeat(7)}`);
  });
});

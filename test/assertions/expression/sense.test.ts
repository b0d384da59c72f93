import { expect } from "chai";
import { problemOf } from "./expressions.ts";

describe("the sense of an expression", () => {
  const refused: Readonly<Record<string, string>> = {
    "increase(a_total) < 100ms": '"100ms": this is a duration, and "increase(a_total)" is not in seconds | Metrics in seconds have names that end with _seconds, _seconds_sum or _seconds_total.',
    "rate(cpu_seconds_total) < 100ms": '"100ms": this is a duration, and "rate(cpu_seconds_total)" is not in seconds | Metrics in seconds have names that end with _seconds, _seconds_sum or _seconds_total.',
    "p99(put) < count(put)": '"p99(put) < count(put)": "p99(put)" is a time and "count(put)" is not, so that they cannot be compared',
    "p99(put) + count(put) < 5s": '"p99(put) + count(put)": "p99(put)" is a time and "count(put)" is not, so that they cannot be added',
    "p99(put) * p50(put) < 5s": '"p99(put) * p50(put)": a time cannot be multiplied by a time',
    "count(put) / 5s > 3": '"count(put) / 5s": a plain number cannot be divided by a time',
    "count(put) / 0 > 3": '"0": nothing can be divided by 0',
    "5 < 6": '"5 < 6": nothing is measured in this comparison | One side at least has a quantity, such as p99(put).',
    "availability(any) > 1": '"availability(any) > 1": this can never be so | availability(any) is from 0 to 1, that is 0% to 100%.',
    "availability(any) >= 0%": '"availability(any) >= 0%": this is always so, whatever happens | availability(any) is from 0 to 1, that is 0% to 100%.',
    "increase(a_total) < 0": '"increase(a_total) < 0": this can never be so | increase(a_total) is never below 0.',
    "-1 < leader-changes": '"-1 < leader-changes": this is always so, whatever happens | leader-changes is never below 0.',
    "2 * count(put) + 5 <= 4": '"2 * count(put) + 5 <= 4": this can never be so | count(put) is never below 0.',
    "availability(put) during a > availability(put) during b + 1": '"availability(put) during a > availability(put) during b + 1": this can never be so | availability(put) is from 0 to 1, that is 0% to 100%.',
    "p99(put) <= 2 * p99(put) during baseline": '"p99(put)": of which part of the run this is, is not said: "during baseline" is of another quantity | Write "during baseline" after it too, or another part; "during run" is all of it.',
    "p99(put) during a < p50(put) during b * 5 during c": '"during c": every quantity has its window already | Leave out "during c".',
    "count(put) during a > 5 during b": '"during b": every quantity has its window already | Leave out "during b".',
    "increase(a_b) > 5 at end": '"at end": "at end" is a moment, and increase needs a stretch of time | Such as during isolated.',
    "always value(a_b) > 5 at end of a": '"at end of a": "at end of a" is one moment, in which nothing changes | Such as during isolated.',
    "always value(a_b) during a > value(a_b) during b": '"always value(a_b) during a > value(a_b) during b": nothing in it changes with time, so that always says nothing | Leave out the window of what is to be looked at again and again.',
    "never increase(a_b) > 5": '"increase(a_b)": increase grows with time, and never looks at moments | Leave out never, so that it is that of the whole window, or take its rate.',
    "never unavailability(put) during a > 5s": '"unavailability(put) during a": unavailability grows with time, and never looks at moments | Leave out never, so that it is that of the whole window, or take its rate.',
    "eventually rate(put) > 5 - leader-changes": '"leader-changes": leader-changes grows with time, and eventually looks at moments | Leave out eventually, so that it is that of the whole window, or take its rate.',
    "sum(max(a_b)) > 5": '"sum(max(a_b))": members cannot be added up for max | Leave out sum: it then holds for each member, or say on any.',
    "sum(count(put)) > 5": '"sum(count(put))": this is of all members already | Leave out sum.',
    "leader-changes > 5 on leader": '"leader": there is nothing here that could be on leader alone | Leave out "on leader".',
    "sum(increase(a_b)) on leader > 5": '"leader": this is of all members added up, and not on leader alone',
    "unavailability(put) on etcd-1 < 5s": '"etcd-1": this is of all members together, and not on etcd-1 alone',
    "value(a_b) on leader >= value(a_b) on each during a": '"value(a_b) on leader": of which part of the run this is, is not said: "during a" is of another quantity | Write "during a" after it too, or another part; "during run" is all of it.',
    "value(a_b) on leader >= value(a_c) on each": '"value(a_b) on leader >= value(a_c) on each": it is to be compared on leader and on each, and both can be several members | Say the same of both, or sum(value(a_c)).',
  };
  for (const [text, problem] of Object.entries(refused)) {
    it(`refuses ${text}`, () => {
      expect(problemOf(text)).to.equal(problem);
    });
  }

  for (const text of [
    "increase(etcd_server_leader_changes_seen_total) >= 1 within 30s of isolated",
    "p99(etcd_disk_wal_fsync_duration_seconds) < 100ms during baseline",
    "value(etcd_server_has_leader) == 1 at end",
    "value(a_b) <= value(a_b) at start of isolated during recovery",
    "p99(put) during recovery <= 2 * p99(put) during baseline",
    "p99(put) during a < p99(get) + 5ms during b on etcd-1",
    "eventually rate(ops) >= 90% * rate(ops) during baseline within 10s of recovery",
    "always value(etcd_server_has_leader) == 1 for 5s during baseline on unfaulted",
    "never max(etcd_server_proposals_pending) > 100",
    "sum(increase(a_total{To=\"x\"})) during a..b after 2s >= 2 * count(put, outcome=any) during a",
    "rate(cpu_seconds_total) < 50% on leader",
    "always rate(put) >= count(put) during baseline / 8 during recovery",
    "avg(a_seconds) < 0 + 5ms",
    "count(log /elected leader/) >= 1 before isolated on any",
    "delta(a_b) < 0 on all",
    "max(put) / p50(put) < 100",
    "sum(value(a_b)) - value(a_b) on etcd-1 >= 0 at end",
  ]) {
    it(`takes ${text}`, () => {
      expect(problemOf(text)).to.equal(undefined);
    });
  }
});

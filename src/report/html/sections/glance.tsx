import { formatDuration } from "../../../units/duration.ts";
import { clip, count, counted, percent, seconds } from "../../text.ts";
import { faultWords } from "../fault-words.ts";
import { sinceFault } from "../story.ts";
import type { ReportView } from "../view.ts";

const shownMax = 3;

/** What a reviewer asks first: what was done to whom, who led, how long writes were gone, how many operations. */
export function Glance({ view }: { view: ReportView }) {
  return (
    <section class="glance" aria-label="At a glance">
      <FaultFacts view={view} />
      <LeaderFacts view={view} />
      <WriteFacts view={view} />
      <OperationFacts view={view} />
    </section>
  );
}

function FaultFacts({ view: { faults } }: { view: ReportView }) {
  return (
    <div>
      <h3>{faults.length === 1 ? "Fault" : "Faults"}</h3>
      {faults.length === 0 ? <p class="figure">none</p> : null}
      {faults.slice(0, shownMax).map((fault) => (
        <>
          <p class="figure">
            {fault.kind} <span aria-hidden="true">→</span> {fault.targets.join(", ")}
          </p>
          <p>
            {clip(fault.because, 200)}.{" "}
            {fault.effectiveMs === undefined
              ? `Asked for at ${seconds(fault.requestedMs)} s; ${faultWords[fault.outcome].word}.`
              : fault.healingMs === undefined
                ? `In effect from ${seconds(fault.effectiveMs)} s; ${faultWords[fault.outcome].word}.`
                : `In effect for ${formatDuration(fault.healingMs - fault.effectiveMs)}, from ${seconds(fault.effectiveMs)} s.`}
          </p>
        </>
      ))}
      <More left={faults.length - shownMax} href="#faults" one="more fault" />
    </div>
  );
}

function LeaderFacts({ view: { leaderships, faults } }: { view: ReportView }) {
  const [first, ...changes] = leaderships;
  return (
    <div>
      <h3>{changes.length === 0 ? "Leader" : "New leader"}</h3>
      {first === undefined ? <p class="figure">none seen</p> : null}
      {first !== undefined && changes.length === 0 ? (
        <>
          <p class="figure">{first.leader}</p>
          <p>Leads at term {first.term} throughout; no other leader was seen.</p>
        </>
      ) : null}
      {changes.slice(0, shownMax).map((leadership) => (
        <>
          <p class="figure">
            {leadership.leader} <span class="quiet">term {leadership.term}</span>
          </p>
          <p>
            First seen at {seconds(leadership.firstSeenMs)} s in the {leadership.seenBy} of {leadership.source}
            {after(leadership.firstSeenMs, faults)}.
          </p>
        </>
      ))}
      <More left={changes.length - shownMax} href="#story" one="more change" />
      {first !== undefined && changes.length > 0 ? (
        <p>
          Before: {first.leader} at term {first.term}.
        </p>
      ) : null}
    </div>
  );
}

function after(atMs: number, faults: ReportView["faults"]): string {
  const since = sinceFault(atMs, faults);
  return since === undefined ? "" : `, ${since}`;
}

function WriteFacts({ view }: { view: ReportView }) {
  return (
    <div>
      <h3>Writes unavailable</h3>
      <WriteFigure view={view} />
    </div>
  );
}

function WriteFigure({ view: { longestOutage, outagesTotal, outageMinMs, writesAttempted } }: { view: ReportView }) {
  if (longestOutage === undefined) {
    return (
      <>
        <p class="figure">not known</p>
        <p>{writesAttempted === 0 ? "No writes were attempted." : "No write was attempted in the timeline."}</p>
      </>
    );
  }
  const { startMs, endMs, attempted } = longestOutage;
  const lasted = formatDuration(endMs - startMs);
  if (endMs - startMs < outageMinMs) {
    return (
      <>
        <p class="figure">never for {formatDuration(outageMinMs)}</p>
        <p>The longest stretch without an acknowledged write, though writes were attempted, lasted {lasted}.</p>
      </>
    );
  }
  return (
    <>
      <p class="figure">{lasted}</p>
      <p>
        {outagesTotal > 1 ? "The longest stretch: no" : "No"} write was acknowledged from {seconds(startMs)} s to {seconds(endMs)} s, while{" "}
        {counted(attempted, "was attempted", "were attempted")}.
      </p>
      {outagesTotal > 1 ? (
        <p>
          {counted(outagesTotal, "stretch", "stretches")} of {formatDuration(outageMinMs)} or more.
        </p>
      ) : null}
    </>
  );
}

function OperationFacts({ view: { totals } }: { view: ReportView }) {
  const all = totals.ok + totals.fail + totals.info;
  const due = all + totals.missed;
  return (
    <div>
      <h3>Operations</h3>
      <p class="figure">
        {percent(totals.ok, due)} <span class="quiet">ok</span>
      </p>
      <p>
        {counted(all, "operation")}: {count(totals.ok)} ok, {count(totals.fail)} failed, {count(totals.info)} unknown (may have happened).
        {totals.missed === 0 ? null : ` ${count(totals.missed)} more were due and never sent, as clients were waiting; the share is of all.`}
      </p>
    </div>
  );
}

function More({ left, href, one }: { left: number; href: string; one: string }) {
  return left <= 0 ? null : (
    <p>
      <a href={href}>{counted(left, one)}</a>
    </p>
  );
}

import { clip, counted, seconds } from "../../text.ts";
import { momentText, type Moment } from "../broke.ts";
import { faultWords } from "../fault-words.ts";
import type { ReportView } from "../view.ts";
import { lineText } from "../log-rows.ts";

/** The first violation with what one asks next; nothing where none is violated. */
export function WhatBroke({ view: { broke, limits, counterexamples, recording: { info } } }: { view: ReportView }) {
  if (broke === undefined) return null;
  const { violation: { number, assertion: { title, verdict, expected } }, moment, others } = broke;
  const drawn = counterexamples.find(({ shows }) => shows.some((each) => each.number === number));
  return (
    <section id="broke" class="broke fail" aria-labelledby="broke-title">
      <h2 id="broke-title">What broke{others > 0 ? " first" : ""}{expected === true ? ", as expected" : ""}</h2>
      <dl>
        <Fact name="Assertion">
          <strong>{clip(title, limits.text)}</strong> <a href={`#a${number}`}>{`#${number} in the table`}</a>
          {others > 0 ? <span class="quiet">, {counted(others, "more is", "more are")} violated</span> : null}
        </Fact>
        <Fact name="Observed">{clip(verdict.observed, limits.text)}</Fact>
        <Fact name="Bound">{clip(verdict.bound, limits.text)}</Fact>
        {moment === undefined ? <Fact name="When">It points at no moment: it is about all of its time.</Fact> : <MomentFacts moment={moment} textMax={limits.text} />}
      </dl>
      {moment === undefined ? null : <Lines moment={moment} named={namer(info.members)} />}
      <p class="onward">
        {moment === undefined ? null : (
          <a href={`#${moment.shown.target}`}>{moment.shown.mark === undefined ? "See the evidence in its place" : "See it in the timeline"}</a>
        )}
        {drawn === undefined ? null : <a href={`#${drawn.id}`}>See the counterexample</a>}
        <a href="#logs">All log excerpts</a>
      </p>
    </section>
  );
}

function MomentFacts({ moment: { shown, phase, faults, since, leader }, textMax }: { moment: Moment; textMax: number }) {
  const { evidence: { member, text } } = shown;
  return (
    <>
      <Fact name="When">
        <a href={`#${shown.target}`}>{momentText(shown)}</a>
        {phase === undefined ? null : ` in ${phase.name}`}
        {since === undefined ? null : `, ${since}`}
        <p class="quiet">
          {member === undefined || text.includes(member) ? "" : `${member}: `}
          {clip(text, textMax)}
        </p>
      </Fact>
      <Fact name="Fault then">
        {faults.length === 0 ? "none in force" : null}
        {faults.slice(0, faultsMax).map((fault) => (
          <p>
            <strong>{`${clip(fault.title, textMax)} → ${fault.targets.join(", ")}`}</strong>{" "}
            <span class="quiet">
              {fault.effectiveMs === undefined ? `requested at ${seconds(fault.requestedMs)} s` : `in effect from ${seconds(fault.effectiveMs)} s`}
              {fault.healingMs === undefined ? "" : ` to ${seconds(fault.healingMs)} s`}; {faultWords[fault.outcome].word}
            </span>
          </p>
        ))}
        {faults.length > faultsMax ? <a href="#faults">{counted(faults.length - faultsMax, "more fault")}</a> : null}
      </Fact>
      <Fact name="Leader then">{leader}</Fact>
    </>
  );
}

const faultsMax = 3;
/** A line of the card is to be read at a glance. */
const lineMax = 200;

/** Puts the members' names beside the raft ids that logs have for them. */
function namer(members: ReportView["recording"]["info"]["members"]): (text: string) => string {
  const names = new Map(members.flatMap(({ name, id, formerIds = [] }) => [id, ...formerIds].map((each) => [each, name] as const)));
  return (text) => text.replace(/\b[0-9a-f]{8,16}\b/g, (id) => (names.has(id) ? `${id} (${names.get(id) ?? ""})` : id));
}

function Lines({ moment: { lines }, named }: { moment: Moment; named: (text: string) => string }) {
  return (
    <div class="said">
      <h3>What the members said</h3>
      {lines.length === 0 ? (
        <p class="none">No log line that tells of the cluster was written near that moment.</p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li>
              <span class="number">{seconds(line.atMs)}</span> <strong>{line.member}</strong> <code>{clip(named(lineText(line)), lineMax)}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

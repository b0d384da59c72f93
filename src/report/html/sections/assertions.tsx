import { assertionTally, outcomeWords, tally, wordOf } from "../../outcome-words.ts";
import { clip, count, seconds } from "../../text.ts";
import type { LinkedEvidence, NumberedAssertion } from "../evidence.ts";
import type { ReportView } from "../view.ts";
import { Badge, Section, Table } from "./parts.tsx";

/** What must hold for the verdicts to mean anything. */
export function Assumptions({ view: { results, assumptionsShown, limits } }: { view: ReportView }) {
  const { assumptions } = results;
  const lead = `${tally(assumptions.map(({ outcome }) => outcome))}. Verdicts mean something only where these hold.`;
  const shown = (
    <>
      <ul class="assumptions">
        {assumptionsShown.map(({ title, outcome, observed }) => (
          <li>
            <span class={`badge ${outcome}`}>
              <span aria-hidden="true">{outcomeWords[outcome].glyph}</span> {outcome === "pass" ? "Holds" : outcome === "fail" ? "Does not hold" : "Not known"}
            </span>
            <span>
              {clip(title, limits.text)}: <span class="quiet">{clip(observed, limits.text)}</span>
            </span>
          </li>
        ))}
      </ul>
      <Left many={assumptions.length - assumptionsShown.length} />
    </>
  );
  // Where all hold there is nothing to be done about them.
  const allHold = assumptions.length > 0 && assumptions.every(({ outcome }) => outcome === "pass");
  return (
    <Section id="assumptions" title="Assumptions" lead={lead}>
      {assumptions.length === 0 ? null : allHold ? (
        <details>
          <summary>
            <span class="pass tone">✓</span> All hold<span class="names">: {clip(timesEach(assumptionsShown.map(({ title }) => title)).join("; "), limits.text)}</span>
          </summary>
          {shown}
        </details>
      ) : (
        shown
      )}
    </Section>
  );
}

/** Each text once, with how often it is there: four faults of one kind have four assumptions of one name. */
function timesEach(texts: readonly string[]): string[] {
  return [...new Set(texts)].map((text) => {
    const times = texts.filter((other) => other === text).length;
    return times === 1 ? text : `${text} (${count(times)} times)`;
  });
}

/** Observed beside bound, violations first. */
export function Assertions({ view: { results, assertions, counterexamples, limits } }: { view: ReportView }) {
  return (
    <Section id="assertions" title="Assertions" lead={`${assertionTally(results.assertions)}.${results.assertionsFrom === undefined ? "" : ` Judged by the assertions of ${results.assertionsFrom}, not by those that it was run with.`}`}>
      {assertions.length === 0 ? (
        <p class="notice">? No assertion was judged, so nothing is known to hold.</p>
      ) : (
        <Table label="Assertions" form="cards">
          <thead>
            <tr>
              <th scope="col" class="number">
                #
              </th>
              <th scope="col">Verdict</th>
              <th scope="col">Assertion</th>
              <th scope="col">Observed</th>
              <th scope="col">Bound</th>
              <th scope="col">Evidence</th>
            </tr>
          </thead>
          <tbody>
            {assertions.map((each) => (
              <AssertionRow numbered={each} textMax={limits.text} drawnAt={counterexamples.find(({ shows }) => shows.includes(each))?.id} />
            ))}
          </tbody>
        </Table>
      )}
      <Left many={results.assertions.length - assertions.length} />
    </Section>
  );
}

/** `drawnAt`: its counterexample further down. */
function AssertionRow({ numbered: { number, assertion, evidence, evidenceLeft }, textMax, drawnAt }: { numbered: NumberedAssertion; textMax: number; drawnAt: string | undefined }) {
  const { title, verdict } = assertion;
  const [first, ...rest] = evidence;
  return (
    <tr id={`a${number}`} class={verdict.outcome}>
      <td class="number">{number}</td>
      <td>
        <Badge outcome={verdict.outcome} word={wordOf(assertion)} />
      </td>
      <th scope="row">
        {clip(title, textMax)}
        {verdict.reason === undefined ? null : <p class="reason">{clip(verdict.reason, textMax)}</p>}
        {drawnAt === undefined ? null : (
          <p>
            <a href={`#${drawnAt}`}>Counterexample</a>
          </p>
        )}
      </th>
      <td data-head="Observed">{clip(verdict.observed, textMax)}</td>
      <td data-head="Bound">{clip(verdict.bound, textMax)}</td>
      <td class="evidence-list" data-head="Evidence">
        {first === undefined ? <span class="none">none</span> : <EvidenceLink linked={first} />}
        {rest.length === 0 && evidenceLeft <= 0 ? null : (
          <details>
            <summary>{count(rest.length + Math.max(0, evidenceLeft))} more</summary>
            {rest.map((linked) => (
              <EvidenceLink linked={linked} />
            ))}
            {evidenceLeft > 0 ? <p class="quiet">{count(evidenceLeft)} not shown; they are in results.json.</p> : null}
          </details>
        )}
      </td>
    </tr>
  );
}

function EvidenceLink({ linked: { evidence, target } }: { linked: LinkedEvidence }) {
  const { atMs, endMs, member, text } = evidence;
  return (
    <p>
      <a href={`#${target}`}>
        {seconds(atMs)}
        {endMs === undefined ? "" : `–${seconds(endMs)}`} s
      </a>{" "}
      {member === undefined || text.includes(member) ? "" : `${member}: `}
      {text}
    </p>
  );
}

function Left({ many }: { many: number }) {
  return many <= 0 ? null : <p class="notice">{count(many)} more are in results.json.</p>;
}

import { count, counted, seconds } from "../../text.ts";
import type { LogRow } from "../log-rows.ts";
import type { ReportView } from "../view.ts";
import { At, Section, Table } from "./parts.tsx";

/** What members wrote around the key events, on one clock. */
export function Logs({ view: { recording, logs } }: { view: ReportView }) {
  const lead =
    `${counted(logs.rows.length, "line")} of ${count(recording.logs.length)}, of all members, around faults, leader changes, outages and evidence. ` +
    `▸ marks lines that verdicts rest on or that tell of elections, leaders, peers or alarms; repetitions are counted, not shown. ` +
    `Raft ids: ${recording.info.members.map(({ name, id, formerIds = [] }) => `${[...formerIds, id].join(", then ")} is ${name}`).join(", ")}.`;
  return (
    <Section id="logs" title="Log excerpts" lead={lead}>
      {logs.rows.length === 0 ? (
        <p class="notice">? {recording.logs.length === 0 ? "No log lines were recorded." : "No line falls near an event."}</p>
      ) : (
        <>
          <Filter members={[...new Set(logs.rows.map(({ member }) => member))].sort()} />
          <Table label="Log excerpts">
            <thead>
              <tr>
                <th scope="col" class="number">
                  At, s
                </th>
                <th scope="col">Member</th>
                <th scope="col">Level</th>
                <th scope="col">Line</th>
              </tr>
            </thead>
            <tbody>
              {logs.rows.map((row) => (
                <LogLineRow row={row} />
              ))}
            </tbody>
          </Table>
        </>
      )}
      {logs.left > 0 ? <p class="notice">{counted(logs.left, "further line")} near these events left out, the least telling first; all are in logs/.</p> : null}
    </Section>
  );
}

const levels = [
  ["all levels", 0],
  ["info and above", 1],
  ["warnings and errors", 2],
  ["errors", 3],
] as const;

/** Shown by the script that makes it work. */
function Filter({ members }: { members: readonly string[] }) {
  return (
    <div id="log-filter" class="filter" role="group" aria-label="Which log lines are shown" hidden>
      <fieldset>
        <legend>Members</legend>
        {members.map((member) => (
          <label>
            <input type="checkbox" name="member" value={member} checked /> {member}
          </label>
        ))}
      </fieldset>
      <label>
        Level{" "}
        <select name="level">
          {levels.map(([words, least]) => (
            <option value={least}>{words}</option>
          ))}
        </select>
      </label>
      <button type="button">Show all</button>
      <span id="log-filter-said" role="status" class="quiet" />
    </div>
  );
}

function LogLineRow({ row: { id, atMs, member, level, msg, fields, telling, gapBefore, repeated } }: { row: LogRow }) {
  return (
    <tr id={id} class={`log ${telling ? "telling" : ""} ${gapBefore ? "gap" : ""}`} data-member={member} data-level={level}>
      <td class="number">
        <At atMs={atMs} />
      </td>
      <td class="member">{member}</td>
      <td class={`level ${level}`}>{level}</td>
      <td>
        {telling ? (
          <span class="glyph" title="telling line">
            ▸
          </span>
        ) : null}
        <code>
          {msg}
          {fields === "" ? null : <span class="quiet"> {fields}</span>}
        </code>
        {repeated.times === 0 ? null : (
          <span class="repeated">
            and {counted(repeated.times, "more line")} like it until {seconds(repeated.untilMs)}
          </span>
        )}
      </td>
    </tr>
  );
}

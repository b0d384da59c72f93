import type { Counterexample, ShownOperation } from "../../../check/counterexample.ts";
import { outcomeNames, partOf } from "../../lanes/words.ts";
import { clip } from "../../text.ts";
import { Table } from "../sections/parts.tsx";

interface OperationsProps {
  readonly counterexample: Counterexample;
  readonly operations: readonly ShownOperation[];
  readonly textMax: number;
  /** Anchor of an operation in the main timeline. */
  readonly targetOf: (operation: ShownOperation) => string | undefined;
}

/** The operations of a drawing, whole. */
export function OperationsTable({ counterexample, operations, textMax, targetOf }: OperationsProps) {
  const unit = counterexample.clock === "run" ? "s" : "event";
  const has = (key: "client" | "member" | "line" | "revision"): boolean => operations.some((each) => each[key] !== undefined);
  return (
    <Table label={`Operations of the counterexample: ${counterexample.rule}`}>
      <thead>
        <tr>
          <th scope="col">#</th>
          <th scope="col">Operation</th>
          <th scope="col">Whose</th>
          {has("client") ? <th scope="col" class="number">Client</th> : null}
          {has("member") ? <th scope="col">Member</th> : null}
          <th scope="col" class="number">{`Invoked, ${unit}`}</th>
          <th scope="col" class="number">{`Returned, ${unit}`}</th>
          <th scope="col">Outcome</th>
          {has("revision") ? <th scope="col" class="number">Revision</th> : null}
          {has("line") ? <th scope="col" class="number">Line</th> : null}
        </tr>
      </thead>
      <tbody>
        {operations.map((operation) => {
          const { name, what, answer, lane, client, member, invoke, outcome, revision, line } = operation;
          const part = partOf(operation, counterexample);
          const target = targetOf(operation);
          return (
            <tr class={part?.kind}>
              <td class="mark-name">{name}</td>
              <th scope="row">
                {part === undefined ? null : <span class="part">{`${part.glyph} ${part.words}: `}</span>}
                <code>{clip(what, textMax)}</code>
                {answer === undefined ? null : <span class="answer">{` → ${clip(answer, textMax)}`}</span>}
              </th>
              <td class="nowrap">{lane}</td>
              {has("client") ? <td class="number">{client ?? ""}</td> : null}
              {has("member") ? <td class="nowrap">{member ?? ""}</td> : null}
              <td class="number">{target === undefined ? moment(counterexample, invoke) : <a href={`#${target}`}>{moment(counterexample, invoke)}</a>}</td>
              <td class="number">{operation.return === null ? "never" : outcome === "told" ? "" : moment(counterexample, operation.return)}</td>
              <td class="nowrap">{outcomeNames[outcome]}</td>
              {has("revision") ? <td class="number">{revision ?? ""}</td> : null}
              {has("line") ? <td class="number">{line ?? ""}</td> : null}
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

function moment({ clock }: Counterexample, at: number): string {
  return clock === "run" ? (at / 1e9).toFixed(6) : String(at);
}

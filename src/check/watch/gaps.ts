import { requestText } from "../../recording/operation-text.ts";
import type { Change, Changes } from "./changes.ts";
import { asksFor, toldBy, type Stream, type Told } from "./streams.ts";
import { eventText, shown, watchText, type Broken, type Shown, type Violations } from "./violations.ts";

/**
 * Whether a stream was told every change that anybody knows of, from where it was asked to begin up to
 * where it claims to be: what is missing before its first change breaks `resumable`, and later `reliable`.
 */
export function checkGaps(stream: Stream, changes: Changes, violations: Violations): void {
  const first = earliest(stream)?.event.modRevision;
  for (const change of changes.between(stream.created.fromRevision, stream.upTo)) {
    if (!asksFor(stream, change.key) || change.told.some((told) => told.stream === stream)) continue;
    const guarantee = first !== undefined && change.revision < first ? "resumable" : "reliable";
    violations.add(guarantee, () => missing(stream, change));
    if (guarantee === "reliable") return;
  }
}

function earliest(stream: Stream): Told | undefined {
  for (const told of toldBy(stream)) return told;
  return undefined;
}

function missing(stream: Stream, change: Change): Broken {
  const [before, after] = around(stream, change.revision);
  const known = knownBy(change);
  const asked = before === stream.created ? ` from revision ${stream.created.fromRevision} on` : "";
  return {
    sentence: `${watchText(stream)}${asked} was never told ${known.text}, and goes on ${after.text}`,
    operations: [before, known.shown, after.shown],
    illegal: after.shown,
    legal: before,
    seen: `it goes on ${after.text}`,
  };
}

/** The last response before a revision, and the first that claims to be beyond it. */
function around(stream: Stream, revision: number): [Shown, { readonly shown: Shown; readonly text: string }] {
  let before: Shown = stream.created;
  for (const response of stream.responses) {
    if (response.kind === "progress") {
      if (response.revision >= revision) return [before, { shown: response, text: `to progress to revision ${response.revision}` }];
      continue;
    }
    for (const event of response.events) {
      const told = shown({ event, response, stream });
      if (event.modRevision >= revision) return [before, { shown: told, text: `with ${eventText(event)}` }];
      before = told;
    }
  }
  return [before, { shown: before, text: "without it" }];
}

function knownBy({ told: [first], written }: Change): { readonly shown: Shown; readonly text: string } {
  if (first !== undefined) return { shown: shown(first), text: `${eventText(first.event)}, which ${watchText(first.stream)} was told` };
  if (written === undefined) throw new Error("a change that nobody knows of");
  const { operation } = written;
  return { shown: operation, text: `${requestText(operation)} by process ${operation.process}, which was acknowledged at revision ${operation.revision ?? 0}` };
}

import type { Operation, OperationOf } from "./operation.ts";
import { requestText } from "./operation-text.ts";
import type { TxnPart } from "./operations/txn.ts";
import { valueText } from "./value-text.ts";
import type { WatchEvent, WatchResponse } from "./watch.ts";

/** Names longer than these are told by their beginning and their end. */
const keyMax = 20;
const valueMax = 16;
const restMax = 48;
/** Parts of a transaction that are told one by one. */
const partsMax = 2;

/** An operation in as few words as tell it apart, with what was answered: `put k7=3-12 @40`, `get k7 → 2-11 @39`. */
export function briefText(operation: Operation): string {
  const { revision } = operation;
  return `${whatHappened(operation)}${revision === undefined ? "" : ` @${revision}`}`;
}

/** What a watcher was told, in as few words: `told put k7=3-12 @40`, `progress @41`. */
export function briefResponse(response: WatchResponse): string {
  switch (response.kind) {
    case "listed":
      return `list ${shortened(response.key, keyMax)}${response.end === undefined ? "" : "…"} → ${response.kvs.length} keys @${response.revision}`;
    case "created":
      return `watch ${shortened(response.key, keyMax)}${response.end === undefined ? "" : "…"} from @${response.fromRevision}`;
    case "events":
      return `told ${response.events.slice(0, partsMax).map(briefEvent).join(", ")}${moreThan(response.events.length)}`;
    case "progress":
      return `progress @${response.revision}`;
    case "canceled":
    case "cut":
      return response.kind;
  }
}

function briefEvent(event: WatchEvent): string {
  return `${event.type === "put" ? assignment(event.key, event.value) : `delete ${shortened(event.key, keyMax)}`} @${event.modRevision}`;
}

function whatHappened(operation: Operation): string {
  switch (operation.op) {
    case "put":
    case "get":
    case "range":
    case "delete":
      return partBrief(operation, operation);
    case "txn":
      return txnBrief(operation);
    case "lease-grant":
      return `grant lease ${operation.lease}${answered(operation.grantedTtlS, " s")}`;
    case "lease-keep-alive":
    case "lease-time-to-live":
      return `${operation.op === "lease-keep-alive" ? "keep alive" : "ask for"} lease ${operation.lease}${answered(operation.remainingS, " s")}`;
    case "lease-revoke":
      return `revoke lease ${operation.lease}`;
    case "lock-acquire":
      return `acquire ${shortened(operation.lock, keyMax)}${operation.token === null ? " → not given" : answered(operation.token, "", "token ")}`;
    case "lock-release":
      return `release ${shortened(operation.lock, keyMax)}`;
    case "guarded-write":
      return `write under ${shortened(operation.lock, keyMax)}, token ${operation.token}${operation.written === false ? " → held off" : ""}`;
    default:
      return shortened(requestText(operation), restMax);
  }
}

/** Of a transaction what it did; where that is not known, what it would do. */
function txnBrief({ succeeded, success, failure, responses }: OperationOf<"txn">): string {
  const parts = succeeded === false ? failure : success;
  const done = parts.slice(0, partsMax).map((part, index) => partBrief(part, responses?.[index]));
  const branch = succeeded === undefined ? "txn" : succeeded ? "txn then" : "txn else";
  return `${branch} ${done.join(", ") || "nothing"}${moreThan(parts.length)}`;
}

function moreThan(many: number): string {
  return many > partsMax ? ` and ${many - partsMax} more` : "";
}

type PartAnswer = { readonly [Field in "op" | "value" | "kvs" | "deleted"]?: unknown };

function partBrief(part: TxnPart, answer: PartAnswer | undefined): string {
  const { value, kvs, deleted } = answer ?? {};
  const key = shortened(part.key, keyMax);
  switch (part.op) {
    case "put":
      return assignment(part.key, part.value);
    case "get":
      return `get ${key}${value === null ? " → nothing" : typeof value === "string" ? ` → ${briefValue(value)}` : ""}`;
    case "range":
      return `range ${key}…${Array.isArray(kvs) ? ` → ${kvs.length} keys` : ""}`;
    case "delete":
      return `delete ${key}${part.end === undefined ? "" : "…"}${answered(deleted)}`;
  }
}

function assignment(key: string, value: string): string {
  return `put ${shortened(key, keyMax)}=${briefValue(value)}`;
}

function briefValue(value: string): string {
  return shortened(valueText(value), valueMax);
}

function answered(value: unknown, unit = "", name = ""): string {
  return typeof value === "number" ? ` → ${name}${value}${unit}` : "";
}

/** At most so many characters: of a longer text its beginning and its end, between which most differ. */
export function shortened(text: string, lengthMax: number): string {
  const characters = text.length > lengthMax ? [...text] : [];
  if (characters.length <= lengthMax) return text;
  const tail = Math.floor((lengthMax - 1) / 2);
  return `${characters.slice(0, lengthMax - 1 - tail).join("")}…${characters.slice(-tail).join("")}`;
}

import { messageOf } from "../errors.ts";
import type { OperationKind, Outcome } from "../recording/operation.ts";

/** What an error says about the operation that it ended. */
export interface Failure {
  readonly outcome: Exclude<Outcome, "ok">;
  /** One line: `UNAVAILABLE: etcdserver: leader changed`. */
  readonly error: string;
}

/** Errors that prove that nothing happened: a gRPC code together with details, and the reason why they do. */
interface Refusal {
  readonly codes: readonly string[];
  readonly details: RegExp;
  /** The kind of operation of which it proves nothing. */
  readonly exceptOf?: OperationKind;
  readonly because: string;
}

/**
 * All errors that prove that nothing happened; every other error leaves it open. Read in etcd 3.4 to 3.8
 * (`api/v3rpc/rpctypes/error.go`, `v3_server.go`, `apply.go`, `raft.go`) and in grpc-js, whose words our own client uses.
 *
 * Two are missing on purpose. `database space exceeded`: the member that hits its quota while it applies
 * a put keeps the put and then answers with this error (`quotaApplierV3.Put`). `server stopped`: it may
 * come after the proposal was made.
 */
export const refusals: readonly Refusal[] = [
  {
    codes: ["UNAVAILABLE"],
    details: /^No connection established|^Name resolution failed|^Channel closed before call started/,
    because: "the client had no connection to send it over (a refused one among others)",
  },
  {
    codes: ["INTERNAL"],
    details: /^Failed to start HTTP\/2 stream/,
    because: "the client could not begin to send it",
  },
  {
    codes: ["UNAVAILABLE"],
    details: /^Stream refused by server/,
    because: "HTTP/2 promises that a refused stream was not processed (RFC 9113, 8.7)",
  },
  {
    codes: ["UNAVAILABLE"],
    details: /^etcdserver: no leader$/,
    exceptOf: "lease-keep-alive",
    because: "it is answered before the request is looked at (newUnaryInterceptor); a renewal may have been forwarded before (LeaseRenew)",
  },
  {
    codes: ["UNAVAILABLE", "FAILED_PRECONDITION"],
    details: /^etcdserver: rpc not supported for learner$/,
    because: "it is answered before the request is looked at (newUnaryInterceptor); the code changed with 3.6",
  },
  {
    codes: ["RESOURCE_EXHAUSTED"],
    details: /^etcdserver: too many requests$/,
    because: "it is answered before the proposal (processInternalRaftRequestOnce)",
  },
  {
    codes: ["UNKNOWN"],
    details: /raft proposal dropped$/,
    because: "raft says so when it neither appended nor forwarded the proposal (ErrProposalDropped)",
  },
  {
    codes: ["INVALID_ARGUMENT", "OUT_OF_RANGE", "NOT_FOUND", "ALREADY_EXISTS", "FAILED_PRECONDITION", "PERMISSION_DENIED", "UNAUTHENTICATED"],
    details: /^etcdserver: /,
    because: "the request was found wrong before the proposal, or by every member alike when it was to be applied",
  },
];

const detailsMaxCharacters = 200;

/**
 * Whether an operation that ended with this error certainly did not happen (`fail`) or may have
 * happened (`info`). The same for gets as for puts, so that one word has one meaning in a history.
 */
export function failureOf(thrown: unknown, op?: OperationKind): Failure {
  const { code, details } = grpcStatus(messageOf(thrown));
  const refused = refusals.some(({ codes, details: known, exceptOf }) => codes.includes(code) && known.test(details) && (op === undefined || op !== exceptOf));
  return { outcome: refused ? "fail" : "info", error: `${code}: ${brief(code, details)}` };
}

/**
 * Our own client and etcd3 say the status as text: `14 UNAVAILABLE: details`. Where a lease is not found etcd3 puts that
 * between words of its own.
 */
function grpcStatus(message: string): { readonly code: string; readonly details: string } {
  const text = /^Lease (.*) is expired or revoked$/s.exec(message)?.[1] ?? message;
  const match = /^(?:\w+: )?\d+ ([A-Z_]+): (.*)$/s.exec(text);
  return { code: match?.[1] ?? "NO_STATUS", details: match?.[2] ?? message };
}

/** Without what differs each time, so that equal troubles read alike. */
function brief(code: string, details: string): string {
  if (code === "DEADLINE_EXCEEDED") return /^no connection in time|^Deadline exceeded after(?!.*remote_addr=)/.test(details) ? "no connection in time" : "no answer in time";
  const stable = details.replaceAll(/\s+/g, " ").replace(/\.? Resolution note:.*$/, "").replace(/ \(\d{4}-\d\d-\d\dT[\d:.]+Z\)/, "");
  return stable.slice(0, detailsMaxCharacters);
}

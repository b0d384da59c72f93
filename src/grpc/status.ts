/** gRPC's status codes, each at its number (`grpc/doc/statuscodes.md`). */
const statusNames = [
  "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
] as const;
export type StatusName = (typeof statusNames)[number];

/** What a call came to where it is not OK; its message is `14 UNAVAILABLE: details`, as grpc-js has it. */
export class GrpcError extends Error {
  override readonly name = "GrpcError";

  constructor(status: Exclude<StatusName, "OK">, details: string) {
    super(`${statusNames.indexOf(status)} ${status}: ${details}`);
  }
}

/** What the end of an answer says. */
export interface Trailers {
  readonly httpStatus: string | undefined;
  readonly grpcStatus: string | undefined;
  readonly grpcMessage: string | undefined;
}

/**
 * The error that an answer ended with; undefined: none. gRPC's own status goes before that of HTTP, which something on the
 * way may have answered.
 */
export function errorOf({ httpStatus, grpcStatus, grpcMessage = "" }: Trailers): GrpcError | undefined {
  if (grpcStatus !== undefined) {
    const name = /^\d+$/.test(grpcStatus) ? statusNames[Number(grpcStatus)] : undefined;
    if (name === "OK") return undefined;
    return name === undefined ? new GrpcError("UNKNOWN", `grpc-status ${grpcStatus}: ${percentDecoded(grpcMessage)}`) : new GrpcError(name, percentDecoded(grpcMessage));
  }
  if (httpStatus === "200") return new GrpcError("INTERNAL", "Call ended without gRPC status");
  return new GrpcError(statusOfHttp(httpStatus), `Received HTTP status code ${httpStatus}`);
}

/** As gRPC maps them (`grpc/doc/http-grpc-status-mapping.md`). */
function statusOfHttp(httpStatus: string | undefined): Exclude<StatusName, "OK"> {
  switch (httpStatus) {
    case "400":
      return "INTERNAL";
    case "401":
      return "UNAUTHENTICATED";
    case "403":
      return "PERMISSION_DENIED";
    case "404":
      return "UNIMPLEMENTED";
    case "429":
    case "502":
    case "503":
    case "504":
      return "UNAVAILABLE";
    default:
      return "UNKNOWN";
  }
}

/** The error of a call whose stream the server reset with an HTTP/2 error code (`grpc/doc/PROTOCOL-HTTP2.md`, "Errors"). */
export function errorOfReset(code: number): GrpcError {
  switch (code) {
    case 0x7:
      return new GrpcError("UNAVAILABLE", "Stream refused by server");
    case 0x8:
      return new GrpcError("CANCELLED", "Call cancelled");
    case 0xb:
      return new GrpcError("RESOURCE_EXHAUSTED", "Bandwidth exhausted or memory limit exceeded");
    case 0xc:
      return new GrpcError("PERMISSION_DENIED", "Protocol not secure enough");
    default:
      return new GrpcError("INTERNAL", `Received RST_STREAM with code ${code}`);
  }
}

/** Text of a `grpc-message`: UTF-8, of which all but printable ASCII stands as %XX. What is no such escape stays as it is. */
export function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  const bytes = text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
  return Buffer.from(bytes, "latin1").toString();
}

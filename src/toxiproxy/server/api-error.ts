/** A refusal of the HTTP API: goes out as `{"error": message, "status": status}`. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The refusals of Toxiproxy's api.go, with its wording and status: clients match on both. */
export const refusals = {
  badRequestBody: (why: string) => new ApiError(400, `bad request body: ${why}`),
  missingField: (field: string) => new ApiError(400, `missing required field: ${field}`),
  invalidStream: () => new ApiError(400, "stream was invalid, can be either upstream or downstream"),
  invalidToxicType: () => new ApiError(400, "invalid toxic type"),
  proxyNotFound: () => new ApiError(404, "proxy not found"),
  toxicNotFound: () => new ApiError(404, "toxic not found"),
  proxyExists: () => new ApiError(409, "proxy already exists"),
  toxicExists: () => new ApiError(409, "toxic already exists"),
  /** Whatever the operating system refuses: an address in use, a host nobody knows. */
  listen: (why: string) => new ApiError(500, `listen tcp ${why}`),
} as const;

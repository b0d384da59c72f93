import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { messageOf } from "../../errors.ts";
import { type Reply, type Route, showError } from "./api.ts";
import { ApiError, refusals } from "./api-error.ts";

/** Populating a thousand proxies takes about 100 KB. */
const largestBodyBytes = 1024 * 1024;

/** Serves routes over HTTP: finds the route, reads the body, and turns errors into `{error, status}`. */
export function createHandler(routes: readonly Route[]): RequestListener {
  return (request, response) => {
    void answer(routes, request)
      .catch((error: unknown): Reply => {
        const refusal = error instanceof ApiError ? error : new ApiError(500, messageOf(error));
        return { status: refusal.status, json: showError(refusal) };
      })
      .then((reply) => send(request, response, reply));
  };
}

async function answer(routes: readonly Route[], request: IncomingMessage): Promise<Reply> {
  const path = segmentsOf(request.url ?? "/");
  const matching = routes.filter((route) => matches(route.path, path));
  if (matching.length === 0) throw new ApiError(404, "page not found");
  const route = matching.find(({ methods }) => methods.includes(request.method ?? ""));
  if (!route) throw new ApiError(405, "method not allowed");
  // A page in somebody's browser must not be able to drive the proxies: it can send requests to localhost too.
  if (request.headers["user-agent"]?.startsWith("Mozilla/")) throw new ApiError(403, "User agent not allowed");
  const body = await readBody(request);
  const [, proxy = "", , toxic = ""] = path;
  return route.handle({ proxy, toxic, json: () => parse(body) });
}

/** The decoded segments of a URL's path: `/proxies/a%20b?x` is `["proxies", "a b"]`. */
function segmentsOf(url: string): readonly string[] {
  const [path = ""] = url.split("?", 1);
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    throw new ApiError(400, "the path is not encoded properly");
  }
}

/** Whether a path is that of a route, whose `{…}` segments stand for anything but nothing. */
function matches(routePath: string, path: readonly string[]): boolean {
  const expected = routePath.split("/").slice(1);
  return expected.length === path.length
    && expected.every((segment, index) => (segment.startsWith("{") ? path[index] !== "" : segment === path[index]));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError("the request must not have an encoding set");
    bytes += chunk.length;
    if (bytes > largestBodyBytes) throw new ApiError(413, `bad request body: larger than ${largestBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(body: string): unknown {
  if (body.trim() === "") throw refusals.badRequestBody("EOF");
  try {
    return JSON.parse(body);
  } catch (error) {
    throw refusals.badRequestBody(messageOf(error));
  }
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  response.setHeader("X-Toxiproxy-Request-Id", randomUUID());
  // What is left of a body that was too large is not worth reading.
  if (!request.complete) response.setHeader("Connection", "close");
  response.statusCode = reply.status;
  if ("json" in reply) {
    response.setHeader("Content-Type", "application/json;charset=utf-8");
    response.end(JSON.stringify(reply.json));
  } else if ("text" in reply) {
    response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.end(reply.text);
  } else response.end();
}

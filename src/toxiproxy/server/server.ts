import { once } from "node:events";
import { createServer } from "node:http";
import { type Clock, MonotonicClock } from "../../clock.ts";
import { HarnessError, messageOf } from "../../errors.ts";
import { formatAddress } from "./address.ts";
import { createRoutes } from "./api.ts";
import { createHandler } from "./http.ts";
import { Metrics } from "./metrics.ts";
import { type Populated, ProxyCollection } from "./proxy-collection.ts";

export interface ToxiproxyOptions {
  /** Where the HTTP API listens. */
  readonly host?: string;
  /** 0 chooses a free one. */
  readonly port?: number;
  /** In [0, 1): decides toxicity, jitter and slices. */
  readonly random?: () => number;
  readonly clock?: Pick<Clock, "nowMs">;
}

export interface ToxiproxyServer extends AsyncDisposable {
  /** `http://host:port` of the API. */
  readonly url: string;
  /** What POST /populate does with this body. Throws an ApiError when the body makes no sense. */
  populate(body: unknown): Promise<Populated>;
}

/**
 * Starts a server that speaks the HTTP API of Toxiproxy 2 (https://github.com/Shopify/toxiproxy)
 * and has all its toxics. Disposing of it closes every proxy and connection.
 * Throws a HarnessError when the API cannot listen.
 */
export async function startToxiproxy({
  host = "127.0.0.1",
  port = 8474,
  random = Math.random,
  clock = new MonotonicClock(),
}: ToxiproxyOptions = {}): Promise<ToxiproxyServer> {
  const metrics = new Metrics();
  const proxies = new ProxyCollection({ metrics, clock, random });
  const server = createServer({ requestTimeout: 15_000 }, createHandler(createRoutes(proxies, metrics)));
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (cause) {
    throw new HarnessError("environment", `The Toxiproxy API cannot listen on ${formatAddress({ host, port })}: ${messageOf(cause)}`, {
      hint: "Choose another port, or 0 for any free one.",
      cause,
    });
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw new HarnessError("internal", "The Toxiproxy API has no TCP address.");
  return {
    url: `http://${formatAddress({ host: address.address, port: address.port })}`,
    populate: (body) => proxies.populate(body),
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, proxies.clear()]);
    },
  };
}

import type { ApiError } from "./api-error.ts";
import { Fields } from "./fields.ts";
import type { Metrics } from "./metrics.ts";
import type { Proxy } from "./proxy.ts";
import type { ProxyCollection } from "./proxy-collection.ts";
import type { Toxic } from "./toxic-chain.ts";

/** "2.12.0" is the Toxiproxy whose behaviour this is. */
export const version = "2.12.0-embedded";

export interface ApiRequest {
  /** What the placeholders of the route's path stand for. */
  readonly proxy: string;
  readonly toxic: string;
  /** The parsed body; throws 400 when it is no JSON. */
  json(): unknown;
}

export type Reply =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: 204 }
  | { readonly status: number; readonly text: string };

export interface Route {
  readonly path: string;
  readonly methods: readonly string[];
  handle(request: ApiRequest): Reply | Promise<Reply>;
}

/** The HTTP API of Toxiproxy 2: every path with its methods and what they do. */
export function createRoutes(proxies: ProxyCollection, metrics: Metrics): readonly Route[] {
  return [
    get("/version", () => ok({ version })),
    get("/metrics", () => ({ status: 200, text: metrics.expose() })),
    route("/reset", ["POST"], async () => {
      await proxies.reset();
      return { status: 204 };
    }),
    route("/populate", ["POST"], async ({ json }) => {
      const populated = await proxies.populate(json());
      const shown = populated.proxies.map(showProxy);
      if (populated.error) return { status: populated.error.status, json: { ...showError(populated.error), proxies: shown } };
      return { status: 201, json: { proxies: shown } };
    }),
    get("/proxies", () => ok(Object.fromEntries(proxies.list().map((proxy) => [proxy.name, showProxy(proxy)])))),
    route("/proxies", ["POST"], async ({ json }) => ({ status: 201, json: showProxy(await proxies.create(json())) })),
    get("/proxies/{proxy}", ({ proxy }) => ok(showProxy(proxies.get(proxy)))),
    route("/proxies/{proxy}", ["POST", "PATCH"], async ({ proxy: name, json }) => {
      const proxy = proxies.get(name);
      const fields = new Fields(json(), "a proxy");
      await proxy.update({
        listen: fields.string("listen", proxy.listen),
        upstream: fields.string("upstream", proxy.upstream),
        enabled: fields.boolean("enabled", proxy.enabled),
      });
      return ok(showProxy(proxy));
    }),
    route("/proxies/{proxy}", ["DELETE"], async ({ proxy }) => {
      await proxies.remove(proxy);
      return { status: 204 };
    }),
    get("/proxies/{proxy}/toxics", ({ proxy }) => ok(proxies.get(proxy).toxics.list().map(showToxic))),
    route("/proxies/{proxy}/toxics", ["POST"], ({ proxy: name, json }) => {
      const { toxics } = proxies.get(name);
      return ok(showToxic(toxics.add(new Fields(json(), "a toxic"))));
    }),
    get("/proxies/{proxy}/toxics/{toxic}", ({ proxy, toxic }) => ok(showToxic(proxies.get(proxy).toxics.get(toxic)))),
    route("/proxies/{proxy}/toxics/{toxic}", ["POST", "PATCH"], ({ proxy: name, toxic, json }) => {
      const { toxics } = proxies.get(name);
      toxics.get(toxic);
      return ok(showToxic(toxics.update(toxic, new Fields(json(), "a toxic"))));
    }),
    route("/proxies/{proxy}/toxics/{toxic}", ["DELETE"], ({ proxy, toxic }) => {
      proxies.get(proxy).toxics.remove(toxic);
      return { status: 204 };
    }),
  ];
}

export function showError({ message, status }: ApiError): { error: string; status: number } {
  return { error: message, status };
}

function showProxy({ name, listen, upstream, enabled, toxics }: Proxy) {
  return { name, listen, upstream, enabled, toxics: toxics.list().map(showToxic) };
}

function showToxic({ name, type, stream, toxicity, attributes }: Toxic) {
  return { attributes, name, type: type.type, stream, toxicity };
}

function ok(json: unknown): Reply {
  return { status: 200, json };
}

function route(path: string, methods: readonly string[], handle: Route["handle"]): Route {
  return { path, methods, handle };
}

function get(path: string, handle: Route["handle"]): Route {
  return route(path, ["GET"], handle);
}

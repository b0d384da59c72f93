import { ApiError, refusals } from "./api-error.ts";
import { Fields } from "./fields.ts";
import { Mutex } from "./mutex.ts";
import { Proxy, type ProxyContext } from "./proxy.ts";

interface ProxyRequest {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

/** What populate did before it failed, if it failed. */
export interface Populated {
  readonly proxies: readonly Proxy[];
  readonly error?: ApiError;
}

/** The proxies of a server, by name. */
export class ProxyCollection {
  readonly #context: ProxyContext;
  readonly #lock = new Mutex();
  readonly #proxies = new Map<string, Proxy>();

  constructor(context: ProxyContext) {
    this.#context = context;
  }

  list(): readonly Proxy[] {
    return [...this.#proxies.values()];
  }

  /** Throws 404 when there is none. */
  get(name: string): Proxy {
    const proxy = this.#proxies.get(name);
    if (!proxy) throw refusals.proxyNotFound();
    return proxy;
  }

  /** Adds the proxy that a request's body describes; none is left behind when it cannot listen. */
  create(body: unknown): Promise<Proxy> {
    const request = readProxy(body, "");
    return this.#lock.run(async () => {
      if (this.#proxies.has(request.name)) throw refusals.proxyExists();
      return this.#add(request);
    });
  }

  /**
   * Makes sure that all proxies of a list exist. One that has the same addresses already
   * stays as it is, with its connections and toxics, enabled or not; one that has
   * others is replaced. Nothing is done when any entry is wrong; when one cannot
   * listen, those before it stay and those after it are not tried, as in Toxiproxy.
   */
  async populate(body: unknown): Promise<Populated> {
    if (body !== null && !Array.isArray(body)) throw refusals.badRequestBody("expected an array of proxies");
    const entries: readonly unknown[] = body ?? [];
    const requests = entries.map((entry, index) => readProxy(entry, ` at proxy ${index + 1}`));
    return this.#lock.run(async () => {
      const proxies: Proxy[] = [];
      for (const request of requests) {
        try {
          proxies.push(await this.#addOrReplace(request));
        } catch (error) {
          if (error instanceof ApiError) return { proxies, error };
          throw error;
        }
      }
      return { proxies };
    });
  }

  /** Throws 404 when there is none. */
  remove(name: string): Promise<void> {
    return this.#lock.run(async () => {
      const proxy = this.get(name);
      await proxy.remove();
      this.#proxies.delete(name);
    });
  }

  /**
   * Enables all proxies and removes all toxics. Goes through all of them before it
   * throws what went wrong first, so that one taken port does not leave the rest unhealed.
   */
  reset(): Promise<void> {
    return this.#lock.run(async () => {
      const errors: unknown[] = [];
      for (const proxy of this.list()) {
        await proxy.start().catch((error: unknown) => errors.push(error));
        proxy.toxics.clear();
      }
      if (errors.length > 0) throw errors[0];
    });
  }

  clear(): Promise<void> {
    return this.#lock.run(async () => {
      await Promise.all(this.list().map((proxy) => proxy.remove()));
      this.#proxies.clear();
    });
  }

  async #addOrReplace(request: ProxyRequest): Promise<Proxy> {
    const existing = this.#proxies.get(request.name);
    if (!existing) return this.#add(request);
    if (!(await existing.differs(request.listen, request.upstream))) return existing;
    await existing.stop();
    const replacement = await this.#add(request);
    // Only now: when the new one cannot listen the old one stays, disabled.
    await existing.remove();
    return replacement;
  }

  async #add({ name, listen, upstream, enabled }: ProxyRequest): Promise<Proxy> {
    const proxy = new Proxy(name, { listen, upstream }, this.#context);
    if (enabled) await proxy.start();
    this.#proxies.set(name, proxy);
    return proxy;
  }
}

function readProxy(body: unknown, where: string): ProxyRequest {
  const fields = new Fields(body, `a proxy${where}`);
  const request = {
    name: fields.string("name", ""),
    listen: fields.string("listen", ""),
    upstream: fields.string("upstream", ""),
    enabled: fields.boolean("enabled", true),
  };
  if (request.name === "") throw refusals.missingField(`name${where}`);
  if (request.upstream === "") throw refusals.missingField(`upstream${where}`);
  return request;
}

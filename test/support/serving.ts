import { createServer, type RequestListener, type Server } from "node:http";

export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly server: Server;
}

/** An HTTP server on loopback, until it is disposed. */
export async function serving(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import { connect, createServer } from "node:net";
import { exitWithStdin } from "./program.ts";

/** The least that a TCP proxy in node can be: two streams piped into each other. */
exitWithStdin();
const [upstream] = process.argv.slice(2);
const server = createServer({ noDelay: true }, (client) => {
  const target = connect({ port: Number(upstream), host: "127.0.0.1", noDelay: true });
  for (const socket of [client, target]) socket.on("error", () => undefined);
  client.pipe(target).pipe(client);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});

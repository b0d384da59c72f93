import { createServer } from "node:net";
import { exitWithStdin } from "./program.ts";

/** What lies behind a proxy: sends back what it gets, or, told to count, swallows so many bytes and then says so. */
exitWithStdin();
const [mode, countText] = process.argv.slice(2);
const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => undefined);
  if (mode === "echo") return void socket.pipe(socket);
  let leftBytes = Number(countText);
  socket.on("data", (chunk) => {
    leftBytes -= chunk.length;
    if (leftBytes <= 0) socket.end("done");
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});

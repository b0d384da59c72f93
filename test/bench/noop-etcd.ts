import { createServer, type Socket } from "node:net";
import { frameFlags, frameOf, frameTypes, uint32 } from "../../src/grpc/frame.ts";
import { FrameReader } from "../../src/grpc/frame-reader.ts";
import { literals } from "../../src/grpc/hpack.ts";
import { exitWithStdin } from "./program.ts";

/*
 * A server that answers every request alike, at once, as if it were a put: with it in place of etcd the generator shows
 * how much it can do itself. Like etcd it asks with each request how far away the client is.
 */
exitWithStdin();
const { data, headers, settings, ping, windowUpdate } = frameTypes;
const prefaceBytes = 24;
const streamAt = 5;
/** A header with the revision 7, behind the prefix that each message of gRPC has. */
const message = Buffer.of(0, 0, 0, 0, 4, 0x0a, 0x02, 0x18, 0x07);
const parts = [
  frameOf(ping, 0, 0, Buffer.alloc(8)),
  frameOf(headers, frameFlags.endHeaders, 1, literals([{ name: ":status", value: "200" }, { name: "content-type", value: "application/grpc" }])),
  frameOf(data, 0, 1, message),
  frameOf(headers, frameFlags.endHeaders | frameFlags.endStream, 1, literals([{ name: "grpc-status", value: "0" }, { name: "grpc-message", value: "" }])),
];
const answer = Buffer.concat(parts);
/** Where the answer has its stream's number. */
const streamsAt = [1, 2, 3].map((part) => streamAt + parts.slice(0, part).reduce((bytes, { length }) => bytes + length, 0));

function serve(socket: Socket): void {
  const reader = new FrameReader();
  let prefaceLeft = prefaceBytes;
  socket.on("error", () => undefined);
  socket.write(frameOf(settings, 0, 0));
  socket.on("data", (chunk: Buffer) => {
    const out: Buffer[] = [];
    let takenBytes = 0;
    const frames = chunk.subarray(prefaceLeft);
    prefaceLeft = Math.max(0, prefaceLeft - chunk.length);
    reader.push(frames, ({ type, flags, stream, payload }) => {
      if (type === settings && (flags & frameFlags.ack) === 0) out.push(frameOf(settings, frameFlags.ack, 0));
      if (type !== data) return;
      takenBytes += payload.length;
      if ((flags & frameFlags.endStream) === 0) return;
      const answered = Buffer.from(answer);
      for (const at of streamsAt) answered.writeUInt32BE(stream, at);
      out.push(answered);
    });
    if (takenBytes > 0) out.push(frameOf(windowUpdate, 0, 0, uint32(takenBytes)));
    if (out.length > 0) socket.write(Buffer.concat(out));
  });
}

const server = createServer({ noDelay: true }, serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});

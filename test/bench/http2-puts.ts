import { connect, type ClientHttp2Session } from "node:http2";
import { encodePut } from "../../src/workloads/etcd/encode.ts";
import { decodeResponse } from "../../src/workloads/etcd/decode.ts";

const prefixBytes = 5;

/** Puts over Node's own HTTP/2, with as little around it as can be. */
export class Http2Puts {
  readonly #session: ClientHttp2Session;

  constructor(url: string) {
    this.#session = connect(url);
  }

  put(key: string, value: string, timeoutMs: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request({ ":method": "POST", ":path": "/etcdserverpb.KV/Put", te: "trailers", "content-type": "application/grpc", "grpc-timeout": `${timeoutMs}m` });
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", reject);
      stream.on("trailers", ({ "grpc-status": status }) => {
        if (status === "0") resolve(Number(decodeResponse(Buffer.concat(chunks).subarray(prefixBytes)).header.revision));
        else reject(new Error(`grpc-status ${status}`));
      });
      const message = encodePut({ key: Buffer.from(key), value: Buffer.from(value) });
      const prefix = Buffer.alloc(prefixBytes);
      prefix.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([prefix, message]));
    });
  }

  close(): void {
    this.#session.close();
  }
}

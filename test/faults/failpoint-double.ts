import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { Failpoints } from "../../src/cluster/failpoints.ts";
import type { MemberState } from "../../src/cluster/member.ts";
import { memberDouble } from "./doubles.ts";

/** What a member makes of its failpoints. */
export interface Nature {
  /** It takes terms and never comes by the failpoint. */
  readonly ignores?: boolean;
  /** It forgets its terms at once. */
  readonly forgets?: boolean;
  /** Its failpoint stays as it is when it is cleared. */
  readonly sticks?: boolean;
  /** It takes no terms. */
  readonly refuses?: boolean;
  /** The failpoint wants a value of another type. */
  readonly mismatches?: boolean;
  /** It logs a panic and lives on. */
  readonly survives?: boolean;
}

const name = "raftBeforeSave";

/** A member with one failpoint that each lease granted or revoked through it comes by, as gofail would have it. */
export async function failpointDouble(member: string, nature: Nature = {}) {
  const life = { terms: "", told: [] as string[], turns: 0, down: false, paused: false, restarts: 0, clears: 0 };
  let log: (line: string) => void = () => undefined;
  const comeBy = (): void => {
    if (life.terms === "" || nature.ignores) return;
    life.turns++;
    if (nature.mismatches) log(`failpoint: "${name}" got value 7 of type "int" but expected type "struct{}"`);
    if (life.terms.includes("panic")) {
      log(`panic: failpoint panic: ${name}`);
      life.down = !nature.survives;
    } else if (life.turns === 2) log(`failpoint print: ${name}`);
  };
  const server = createServer(async (request: IncomingMessage, response) => {
    if (life.down || life.paused) return void request.socket.destroy();
    const { method = "", url = "" } = request;
    const body = await text(request);
    const answer = (status: number, said = ""): void => void response.writeHead(status).end(said);
    if (url.startsWith("/v3/lease")) comeBy();
    if (url === "/v3/maintenance/status") return answer(200, JSON.stringify({ header: { member_id: String(0xa0 + Number(member.slice(-1))), revision: "7" }, version: "3.5.0" }));
    if (url.startsWith("/v3")) return answer(200, '{"ID":"1"}');
    if (method === "GET") return answer(200, `${name}=${life.terms}\nraftAfterSave=\n`);
    if (method === "PUT") {
      if (nature.refuses) return answer(400, "fail to set failpoint: failpoint: could not parse terms\n");
      life.told.push(body);
      life.terms = nature.forgets ? "" : body;
      life.turns = 0;
      return answer(204);
    }
    life.clears++;
    if (life.terms === "") return answer(400, "failed to delete failpoint failpoint: failpoint is disabled\n");
    if (!nature.sticks) life.terms = "";
    return answer(204);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
  const abilities = {
    life,
    failpoints: () => new Failpoints(member, url),
    restart: async () => {
      Object.assign(life, { down: false, terms: "", restarts: life.restarts + 1 });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return memberDouble(member, abilities, {
    directUrl: url,
    state: async (): Promise<MemberState> => (life.down ? { kind: "down", exit: "exit code 2" } : { kind: life.paused ? "paused" : "running" }),
    onLog: (listener) => void (log = listener),
  });
}

/** Puts and reads through etcd's JSON gateway: enough for tests that need a few keys, without a client library. */
export async function put(clientUrl: string, key: string, value: string, limitMs = 2_000): Promise<number> {
  const answer = await ask(clientUrl, "put", { key: base64(key), value: base64(value) }, limitMs);
  return Number(answer.header?.revision ?? 0);
}

export async function get(clientUrl: string, key: string, limitMs = 2_000): Promise<string | undefined> {
  const { kvs } = await ask(clientUrl, "range", { key: base64(key) }, limitMs);
  const value = kvs?.at(0)?.value;
  return value === undefined ? undefined : Buffer.from(value, "base64").toString();
}

interface GatewayAnswer {
  readonly header?: { readonly revision?: string };
  readonly kvs?: readonly { readonly value?: string }[];
}

async function ask(clientUrl: string, verb: string, body: object, limitMs: number): Promise<GatewayAnswer> {
  const response = await fetch(`${clientUrl}/v3/kv/${verb}`, { method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(limitMs) });
  const answer: GatewayAnswer = await response.json();
  if (!response.ok) throw new Error(`${verb} was refused: ${JSON.stringify(answer)}`);
  return answer;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

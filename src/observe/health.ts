import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { healthLimitMs, type HealthSample } from "../recording/samples.ts";
import type { Http } from "./http.ts";

export interface HealthObserver {
  readonly member: string;
  /** Asks for `/health?serializable=true`: this member alone, no quorum. etcd 3.4 ignores it. */
  readonly serializable: boolean;
  readonly http: Http;
  readonly clock: Clock;
  readonly record: (sample: HealthSample) => void;
}

/**
 * A task that asks a member's `/health` once. Healthy is what says so in etcd's body,
 * `{"health":"true"}`, from 3.5 on with a `reason` (etcd: server/etcdserver/api/etcdhttp/health.go).
 */
export function healthTask({ member, serializable, http, clock, record }: HealthObserver): () => Promise<void> {
  const path = serializable ? "/health?serializable=true" : "/health";
  return async () => {
    const askedMs = clock.nowMs();
    const answer = await http({ method: "GET", path, timeLimitMs: healthLimitMs }).then(
      ({ status, body }) => readHealth(status, body),
      (thrown: unknown) => ({ healthy: false, reason: messageOf(thrown) }),
    );
    const atMs = clock.nowMs();
    record({ kind: "health", atMs, member, serializable, tookMs: atMs - askedMs, ...answer });
  };
}

type Health = Pick<HealthSample, "healthy" | "reason">;

function readHealth(status: number, body: string): Health {
  const { health, reason } = healthBody(body) ?? {};
  // 3.3 says it with a boolean.
  if (status === 200 && (health === "true" || health === true)) return { healthy: true };
  return { healthy: false, reason: typeof reason === "string" && reason !== "" ? reason : `status ${status}: ${body.slice(0, 200)}` };
}

function healthBody(body: string): { readonly health?: unknown; readonly reason?: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

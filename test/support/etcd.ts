import { MonotonicClock } from "../../src/clock.ts";
import { etcdEnvironment, type EtcdEnvironment } from "../../src/etcd/environment.ts";
import type { EtcdBinary } from "../../src/etcd/binary.ts";
import { parseEtcdRequest } from "../../src/etcd/request.ts";
import { resolveEtcd } from "../../src/etcd/resolve.ts";
import { progressOn } from "../../src/progress.ts";

/** The real sources and the user's cache: tests run the same binaries as scenarios do. */
export function testEtcdEnvironment(): EtcdEnvironment {
  const clock = new MonotonicClock();
  return etcdEnvironment({ env: process.env, cwd: process.cwd(), progress: progressOn(process.stderr, clock), clock });
}

const found = new Map<string, Promise<EtcdBinary>>();

/** A stock etcd, fetched once for all tests. */
export function testEtcd(version = "3.5"): Promise<EtcdBinary> {
  const request = parseEtcdRequest(version);
  if (request.kind === "image") throw new Error("tests of binaries take no image");
  const binary = found.get(version) ?? resolveEtcd(request, testEtcdEnvironment());
  found.set(version, binary);
  return binary;
}

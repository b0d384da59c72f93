import { etcdEnvironment } from "../../src/etcd/environment.ts";
import { parseEtcdRequest } from "../../src/etcd/request.ts";
import { resolveEtcd } from "../../src/etcd/resolve.ts";
import { silentProgress } from "../../src/progress.ts";

// Resolves one version with nothing but this process's environment, for tests that run it as somebody else.
const request = parseEtcdRequest(process.argv[2] ?? "");
if (request.kind === "image") throw new Error("an image is no binary");
const env = etcdEnvironment({ env: process.env, cwd: process.cwd(), progress: silentProgress, clock: { wallMs: () => Date.now() } });
console.log(JSON.stringify(await resolveEtcd(request, env)));

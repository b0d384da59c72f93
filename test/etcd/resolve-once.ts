import { resolveEtcd } from "../../src/etcd/resolve.ts";
import { releaseSource, testEnvironment } from "./test-environment.ts";

// A process that resolves 3.5.9 from a site into a folder, for tests that kill it half-way.
const [url, folder] = process.argv.slice(2);
if (url === undefined || folder === undefined) throw new Error("usage: resolve-once URL FOLDER");
const env = testEnvironment(folder, [releaseSource(url, { firstByteMs: 20_000, stallMs: 20_000 })], { wallMs: () => Date.now() });
console.log(JSON.stringify(await resolveEtcd({ kind: "exact", version: "3.5.9" }, env)));

// Plain JavaScript without dependencies: it runs on a bare clone, before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));
const neededNode = [20, 19];

/** Says why this node is too old, and ends; exit code 3 is "the environment failed". */
export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > neededNode[0] || (major === neededNode[0] && minor >= neededNode[1])) return;
  console.error(`etcd-chaos needs Node ${neededNode.join(".")} or later, and this is ${process.version}`);
  process.exit(3);
}

/** Installs the npm packages where they are missing or not those of package-lock.json. */
export function ensurePackages() {
  if (installed()) return;
  const lock = join(root, ".npm-install.lock");
  if (!take(lock)) waitWhileInstalling(lock);
  if (installed()) return;
  console.error("etcd-chaos: installing npm packages (once)…");
  mkdirSync(lock, { recursive: true });
  try {
    const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2] });
    if (status === 0) return;
    console.error(`etcd-chaos: npm ci failed (${error?.message ?? `exit code ${status}`}); see its messages above`);
    process.exitCode = 3;
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
  if (process.exitCode) process.exit();
}

/** npm writes what it installed to node_modules/.package-lock.json, at the end. */
function installed() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => path === "" || optional || present[path]?.version === version);
}

function take(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

/** Another run on the same clone is installing; a lock older than ten minutes belongs to none. */
function waitWhileInstalling(lock) {
  console.error("etcd-chaos: waiting for another run that installs npm packages…");
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(lock) && Date.now() - statSync(lock).mtimeMs < 600_000) Atomics.wait(pause, 0, 0, 500);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  checkNode();
  ensurePackages();
}

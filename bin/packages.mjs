// Plain JavaScript without dependencies: it runs on a bare clone, before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  while (!take(lock)) waitWhileInstalling(lock);
  try {
    if (!installed()) install();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** npm gets a Ctrl-C at the terminal as well, and ends; this process goes on to tidy up. */
function install() {
  console.error("etcd-chaos: installing npm packages (once)…");
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
  const { status, signal, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status === 0) return ["SIGINT", "SIGTERM"].forEach((each) => process.removeAllListeners(each));
  leave(`npm ci failed (${error?.message ?? signal ?? `exit code ${status}`}); see its messages above`, signal === "SIGINT" ? 130 : 3);
}

function leave(message, exitCode) {
  rmSync(join(root, ".npm-install.lock"), { recursive: true, force: true });
  console.error(`etcd-chaos: ${message}`);
  process.exit(exitCode);
}

/** npm writes what it installed to node_modules/.package-lock.json, at the end. */
function installed() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => path === "" || optional || present[path]?.version === version);
}

/** The lock says who has it, so that one whose owner is gone is nobody's. */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    console.error(`etcd-chaos: the npm packages are missing, and cannot be installed into ${root} (${error.code}): run npm ci there as its owner, or use a clone of your own`);
    process.exit(3);
  }
}

/** Another run on the same clone is installing; returns when it is done or gone. */
function waitWhileInstalling(lock) {
  console.error("etcd-chaos: waiting for another run that installs npm packages…");
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (isOwned(lock)) Atomics.wait(pause, 0, 0, 500);
  if (existsSync(lock) && !isOwned(lock)) rmSync(lock, { recursive: true, force: true });
}

function isOwned(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  checkNode();
  ensurePackages();
}

import { expect } from "chai";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { listAvailableEtcd } from "../../src/etcd/available.ts";
import { resolveEtcd } from "../../src/etcd/resolve.ts";
import { ballast, etcdLike, releaseArchive, ReleaseSiteServer, temporaryFolder } from "./release-site.ts";
import { errorOf, knowingSource, releaseSource, StoppedClock, testEnvironment } from "./test-environment.ts";

const exact = { kind: "exact", version: "3.5.9" } as const;
const series = { kind: "series", series: "3.5" } as const;
const hourMs = 3600 * 1000;

describe("resolving an etcd version", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let site: ReleaseSiteServer;

  beforeEach(async () => {
    folder = temporaryFolder();
    site = await ReleaseSiteServer.start();
  });

  afterEach(async () => {
    await site[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  describe("in order", () => {
    it("takes the cache before any source", async () => {
      site.release("3.5.9");
      const first = await resolveEtcd(exact, testEnvironment(folder.path, [releaseSource(site.url)]));
      const source = knowingSource("elsewhere", ["3.5.9"]);
      expect(await resolveEtcd(exact, testEnvironment(folder.path, [source]))).to.deep.equal(first);
      expect(source.asked).to.equal(0);
    });

    it("asks the second source only when the first has nothing", async () => {
      site.release("3.5.9");
      const first = knowingSource("first", ["3.4.1"]);
      const last = knowingSource("last", ["3.5.9"]);
      const binary = await resolveEtcd(exact, testEnvironment(folder.path, [first, releaseSource(site.url), last]));
      expect(binary.source.kind).to.equal("release");
      expect([first.asked, last.asked]).to.deep.equal([1, 0]);
    });

    it("goes on to the next source when what one offers does not arrive", async () => {
      site.release("3.5.9");
      const broken = knowingSource("broken", ["3.5.9"]);
      const binary = await resolveEtcd(exact, testEnvironment(folder.path, [broken, releaseSource(site.url)]));
      expect(binary.source.kind).to.equal("release");
    });
  });

  describe("that nobody has", () => {
    it("names everyone who was asked, what each said, and what there is", async () => {
      site.release("3.4.1");
      await resolveEtcd({ kind: "exact", version: "3.4.1" }, testEnvironment(folder.path, [releaseSource(site.url)]));
      const env = testEnvironment(folder.path, [releaseSource("http://releases.invalid"), knowingSource("Debian sid", ["3.5.30"])]);
      const error = await errorOf(resolveEtcd({ kind: "exact", version: "9.9.9" }, env));
      expect(error.code).to.equal("etcd-not-found");
      const [title, ...remarks] = error.message.split("\n");
      expect(title).to.equal("nobody has etcd 9.9.9 for linux-amd64:");
      expect(remarks[0]).to.equal("  cache: has 3.4.1");
      expect(remarks[1]).to.match(/^ {2}release archive: could not be reached \(E/);
      expect(remarks[2]).to.equal("  Debian sid has 3.5.30");
      expect(error.hint).to.equal("There are 3.5.30, 3.4.1; or give a binary of your own: --etcd /path/to/etcd.");
    });

    it("suggests a near miss", async () => {
      const env = testEnvironment(folder.path, [knowingSource("there", ["3.5.30", "3.5.16"])]);
      expect((await errorOf(resolveEtcd({ kind: "exact", version: "3.5.31" }, env))).hint).to.match(/^Did you mean 3\.5\.30\?/);
      expect((await errorOf(resolveEtcd({ kind: "series", series: "3.6" }, env))).hint).to.match(/^Did you mean 3\.5\?/);
    });

    it("does not list a hundred versions", async () => {
      const many = Array.from({ length: 100 }, (_, patch) => `3.4.${patch}`);
      const error = await errorOf(resolveEtcd(exact, testEnvironment(folder.path, [knowingSource("there", many)])));
      expect(error.hint).to.include("3.4.99, 3.4.98").and.include("and 88 older ones").and.not.include("3.4.5,");
    });

    it("is a failed download, not a missing version, when somebody offered it", async () => {
      const error = await errorOf(resolveEtcd(exact, testEnvironment(folder.path, [knowingSource("there", ["3.5.9"])])));
      expect(error.code).to.equal("download");
      expect(error.message).to.match(/^etcd 3\.5\.9 could not be fetched:/).and.include("there: the line is down");
    });

    it("says what can be done without a network", async () => {
      const error = await errorOf(resolveEtcd(exact, testEnvironment(folder.path, [releaseSource("http://releases.invalid")])));
      expect(error.message).to.include("cache: has no etcd yet");
      expect(error.hint).to.equal("Is there a network? A binary of your own needs none: --etcd /path/to/etcd.");
    });
  });

  describe("when the cached file is not what it was", () => {
    const damages: Readonly<Record<string, (path: string) => void>> = {
      "cut short": (path) => truncateSync(path, 10),
      "altered by one byte": (path) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
        writeFileSync(path, bytes);
      },
      empty: (path) => writeFileSync(path, ""),
      "not executable": (path) => chmodSync(path, 0o644),
    };
    for (const [damage, inflict] of Object.entries(damages)) {
      it(`fetches it again: ${damage}`, async () => {
        site.release("3.5.9");
        const env = testEnvironment(folder.path, [releaseSource(site.url)]);
        const before = await resolveEtcd(exact, env);
        inflict(before.path);
        expect((await env.cache.find("3.5.9")).kind).to.equal("damaged");
        site.requests.length = 0;
        expect(await resolveEtcd(exact, env)).to.deep.equal(before);
        expect(site.requests).not.to.deep.equal([]);
        expect((await env.cache.find("3.5.9")).kind).to.equal("hit");
      });
    }

    it("fetches it again when its record is unreadable or of another version", async () => {
      site.release("3.5.9");
      const env = testEnvironment(folder.path, [releaseSource(site.url)]);
      const before = await resolveEtcd(exact, env);
      const record = join(env.cache.folder, "v3.5.9", "binary.json");
      for (const text of ["", "{", "[]", readFileSync(record, "utf8").replace("3.5.9", "3.5.8")]) {
        writeFileSync(record, text);
        expect(await resolveEtcd(exact, env)).to.deep.equal(before);
      }
    });

    it("never uses it when it cannot be fetched again, and says so", async () => {
      site.release("3.5.9");
      const { path } = await resolveEtcd(exact, testEnvironment(folder.path, [releaseSource(site.url)]));
      truncateSync(path, 10);
      const error = await errorOf(resolveEtcd(exact, testEnvironment(folder.path, [])));
      expect(error.message).to.include("the cached 3.5.9 is damaged: its checksum is wrong");
    });
  });

  describe("by its series", () => {
    const offer = (version: string): void => {
      site.list(version);
      site.release(version);
    };

    it("looks once a day for the newest", async () => {
      const clock = new StoppedClock();
      const env = testEnvironment(folder.path, [releaseSource(site.url)], clock);
      offer("3.5.9");
      expect((await resolveEtcd(series, env)).version).to.equal("3.5.9");
      offer("3.5.10");
      site.requests.length = 0;
      clock.advance(23 * hourMs);
      expect((await resolveEtcd(series, env)).version).to.equal("3.5.9");
      expect(site.requests).to.deep.equal([]);
      clock.advance(2 * hourMs);
      expect((await resolveEtcd(series, env)).version).to.equal("3.5.10");
    });

    it("looks again when the clock was set back", async () => {
      const clock = new StoppedClock();
      const env = testEnvironment(folder.path, [releaseSource(site.url)], clock);
      offer("3.5.9");
      await resolveEtcd(series, env);
      offer("3.5.10");
      clock.advance(-48 * hourMs);
      expect((await resolveEtcd(series, env)).version).to.equal("3.5.10");
    });

    it("falls back to the cached one when nothing can be reached, says so, and tries again an hour later", async () => {
      const clock = new StoppedClock();
      offer("3.5.9");
      await resolveEtcd(series, testEnvironment(folder.path, [releaseSource(site.url)], clock));
      clock.advance(25 * hourMs);
      const offline = testEnvironment(folder.path, [releaseSource("http://releases.invalid")], clock);
      const stale = await resolveEtcd(series, offline);
      expect(stale.version).to.equal("3.5.9");
      expect(stale.notice).to.match(/^could not look for the newest 3\.5, using 3\.5\.9 from the cache \(release archive: could not be reached/);
      offer("3.5.10");
      const online = testEnvironment(folder.path, [releaseSource(site.url)], clock);
      expect(await resolveEtcd(series, online)).to.deep.equal(stale);
      clock.advance(1.5 * hourMs);
      const fresh = await resolveEtcd(series, online);
      expect(fresh.version).to.equal("3.5.10");
      expect(fresh.notice).to.equal(undefined);
    });

    it("keeps a cached version that is newer than what is offered, without fetching", async () => {
      site.release("3.5.9");
      await resolveEtcd(exact, testEnvironment(folder.path, [releaseSource(site.url)]));
      const older = knowingSource("older", ["3.5.2"]);
      const binary = await resolveEtcd(series, testEnvironment(folder.path, [older]));
      expect(binary.version).to.equal("3.5.9");
      expect(binary.notice).to.equal(undefined);
    });

    it("falls back to an older cached one when the newest cannot be fetched", async () => {
      site.release("3.5.9");
      await resolveEtcd(exact, testEnvironment(folder.path, [releaseSource(site.url)]));
      const binary = await resolveEtcd(series, testEnvironment(folder.path, [knowingSource("broken", ["3.5.12"])]));
      expect(binary.version).to.equal("3.5.9");
      expect(binary.notice).to.include("broken: the line is down");
    });

    it("looks again when what it remembers was damaged", async () => {
      const env = testEnvironment(folder.path, [releaseSource(site.url)]);
      offer("3.5.9");
      const { path } = await resolveEtcd(series, env);
      truncateSync(path, 3);
      expect(await resolveEtcd(series, env)).to.include({ version: "3.5.9", path });
      expect((await env.cache.find("3.5.9")).kind).to.equal("hit");
    });
  });

  it("gives two at once the same whole binary", async () => {
    site.release("3.5.9", releaseArchive("3.5.9", { etcd: etcdLike("3.5.9", ballast()) }));
    const environments = Array.from({ length: 4 }, () => testEnvironment(folder.path, [releaseSource(site.url)]));
    const binaries = await Promise.all(environments.map((env) => resolveEtcd(exact, env)));
    for (const binary of binaries) expect(binary).to.deep.equal(binaries[0]);
    expect(await environments[0]?.cache.find("3.5.9")).to.have.property("kind", "hit");
    expect(readdirSync(join(folder.path, "etcd", "linux-amd64", "incoming"))).to.deep.equal([]);
  });

  it("replaces a damaged binary while another process runs the same version", async () => {
    site.release("3.5.9");
    const env = testEnvironment(folder.path, [releaseSource(site.url)]);
    const { path } = await resolveEtcd(exact, env);
    truncateSync(path, 10);
    const binaries = await Promise.all([resolveEtcd(exact, env), resolveEtcd(exact, env)]);
    expect(binaries.map((binary) => binary.path)).to.deep.equal([path, path]);
    expect((await env.cache.find("3.5.9")).kind).to.equal("hit");
  });

  it("clears away what killed processes left a day ago, and nothing younger", async () => {
    site.release("3.5.9");
    const env = testEnvironment(folder.path, [releaseSource(site.url)], { wallMs: () => Date.now() });
    const incoming = join(env.cache.folder, "incoming");
    for (const name of ["old", "young"]) mkdirSync(join(incoming, name), { recursive: true });
    const longAgo = new Date(Date.now() - 25 * hourMs);
    utimesSync(join(incoming, "old"), longAgo, longAgo);
    await resolveEtcd(exact, env);
    expect(readdirSync(incoming)).to.deep.equal(["young"]);
  });

  it("says so when the cache is no folder", async () => {
    site.release("3.5.9");
    writeFileSync(join(folder.path, "etcd"), "in the way");
    const error = await errorOf(resolveEtcd(exact, testEnvironment(folder.path, [releaseSource(site.url)])));
    expect(error.code).to.equal("environment");
    expect(error.message).to.match(/cannot be written to \((ENOTDIR|EEXIST)\)/);
    expect(error.hint).to.include("XDG_CACHE_HOME");
  });

  it("lists what is cached, what is damaged and what each source has", async () => {
    for (const version of ["3.5.9", "3.4.1"]) {
      site.release(version);
      await resolveEtcd({ kind: "exact", version }, testEnvironment(folder.path, [releaseSource(site.url)]));
    }
    const env = testEnvironment(folder.path, [releaseSource("http://releases.invalid"), knowingSource("there", ["3.5.2"])]);
    writeFileSync(join(env.cache.folder, "v3.4.1", "binary.json"), "{}");
    const listed = await listAvailableEtcd(env);
    expect(listed.cached.map(({ version }) => version)).to.deep.equal(["3.5.9"]);
    expect(listed.damaged).to.deep.equal(["the cached 3.4.1 is damaged: its record cannot be read"]);
    expect(listed.sources.map(({ name, available }) => [name, available])).to.deep.equal([["release archive", []], ["there", ["3.5.2"]]]);
    expect(listed.sources[0]?.remarks[0]).to.match(/could not be reached/);
  });
});

describe("a binary of the user's own", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => void (folder = temporaryFolder()));
  afterEach(() => folder[Symbol.dispose]());

  const write = (name: string, text: string, mode = 0o755): void => writeFileSync(join(folder.path, name), text, { mode });
  const resolved = (path: string) => resolveEtcd({ kind: "file", path }, testEnvironment(folder.path, []));

  it("is found relative to where the command was started, absolutely, and from home", async () => {
    write("my-etcd", etcdLike("3.7.0-alpha.0"));
    const path = join(folder.path, "my-etcd");
    for (const written of ["./my-etcd", path, "~/my-etcd"]) {
      const binary = await resolved(written);
      expect(binary).to.include({ path, version: "3.7.0-alpha.0", gitSha: "0123456789abcdef" });
      expect(binary.source).to.deep.equal({ kind: "file" });
      expect(binary.sha256).to.match(/^[0-9a-f]{64}$/);
    }
  });

  it("is asked anew each time, as it may be rebuilt", async () => {
    write("my-etcd", etcdLike("3.7.0"));
    await resolved("./my-etcd");
    write("my-etcd", etcdLike("3.7.1"));
    expect((await resolved("./my-etcd")).version).to.equal("3.7.1");
  });

  it("is not started with the user's ETCD_ variables, which etcd takes for flags", async () => {
    write("my-etcd", '#!/bin/sh\necho "etcd Version: 3.5.1${ETCD_NAME:+-with-name}"\n');
    process.env.ETCD_NAME = "leaked";
    try {
      expect((await resolved("./my-etcd")).version).to.equal("3.5.1");
    } finally {
      delete process.env.ETCD_NAME;
    }
  });

  const refusals: readonly [title: string, prepare: () => void, code: string, message: RegExp, hint: RegExp][] = [
    ["does not exist", () => undefined, "etcd-not-found", /^there is no .*\/x \(ENOENT\)$/, /Check the path/],
    ["is a folder", () => mkdirSync(join(folder.path, "x")), "etcd-not-found", /is a folder, not an etcd binary/, /Did you mean .*\/x\/etcd\?/],
    ["is not executable", () => write("x", etcdLike("3.5.1"), 0o644), "etcd-not-found", /is not executable/, /^chmod \+x/],
    ["is etcdctl", () => write("x", "#!/bin/sh\necho 'etcdctl version: 3.5.30'\n"), "etcd-not-found", /is not etcd: to --version it said "etcdctl version: 3\.5\.30"/, /etcdctl/],
    ["says nothing", () => write("x", "#!/bin/sh\nexit 3\n"), "etcd-not-found", /said nothing \(exit code 3\)/, /path of an etcd server binary/],
    ["is built for something else", () => write("x", "\u007fELF garbage"), "etcd-not-found", /is no program this machine can run \(ENOEXEC\)|is not etcd/, /architecture|etcd server binary/],
    ["lacks its interpreter", () => write("x", "#!/no/such/interpreter\n"), "etcd-not-found", /is no program this machine can run \(ENOENT\)/, /interpreter/],
  ];
  for (const [title, prepare, code, message, hint] of refusals) {
    it(`is refused when it ${title}`, async () => {
      prepare();
      const error = await errorOf(resolved("./x"));
      expect(error.code).to.equal(code);
      expect(error.message).to.match(message);
      expect(error.hint).to.match(hint);
    });
  }

  it("may be a copy of a system program, and is then told apart from etcd", async () => {
    cpSync("/bin/true", join(folder.path, "x"), { dereference: true });
    expect(statSync(join(folder.path, "x")).mode & 0o111).not.to.equal(0);
    expect((await errorOf(resolved("./x"))).message).to.include("is not etcd");
  });
});

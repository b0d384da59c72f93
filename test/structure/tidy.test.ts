import { expect } from "chai";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Node, Statement } from "typescript/unstable/ast";
import { skipTrivia, SyntaxKind } from "typescript/unstable/ast";
import { isAsExpression, isFunctionDeclaration, isNonNullExpression, isPropertyAccessExpression, isPropertyDeclaration, isTypeAssertion, isVariableStatement } from "typescript/unstable/ast/is";
import { importsOf, nodesOf, pathOf, quote, root, sources, type Source } from "./sources.ts";

const linesMax = 300;

/** Nodes that are found, but for those in files that may have them. */
function found(files: readonly Source[], is: (node: Node, source: Source) => boolean, mayHave: Readonly<Record<string, string>> = {}): string[] {
  return files
    .filter(({ path }) => !(path in mayHave))
    .flatMap((source) => [...nodesOf(source.tree)].filter((node) => is(node, source)).map((node) => quote(source, node)));
}

/** Whether a node is `object.name`, called or not. */
function isMember(object: string, name: string): (node: Node, source: Source) => boolean {
  return (node, { text }) => isPropertyAccessExpression(node) && node.name.text === name && text.slice(skipTrivia(text, node.expression.pos), node.expression.end) === object;
}

/** Every exception is one that is needed: each file still has what it may have. */
function expectExactly(files: readonly Source[], is: (node: Node, source: Source) => boolean, mayHave: Readonly<Record<string, string>>): void {
  expect(found(files, is, mayHave)).to.deep.equal([]);
  expect(Object.keys(mayHave).filter((path) => found(files.filter((file) => file.path === path), is).length === 0), "exceptions that are not needed any more").to.deep.equal([]);
}

describe("the code", function () {
  // Reading it all starts the compiler once.
  this.timeout(60_000);
  let ours: readonly Source[];
  let everything: readonly Source[];
  before(() => {
    ours = sources("src", "assertions");
    everything = sources("src", "assertions", "test");
  });

  it(`has files that can be read at once: ${linesMax} lines at most`, () => {
    const files = ["src", "assertions"].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)));
    const long = files.filter((path) => statSync(join(root, path)).isFile() && readFileSync(join(root, path), "utf8").trimEnd().split("\n").length > linesMax);
    expect(long).to.deep.equal([]);
  });

  it("reads the wall clock in one place", () => {
    expectExactly(ours, isMember("Date", "now"), { "src/clock.ts": "the clock that is passed on" });
  });

  it("reads the monotonic clock in few places", () => {
    expectExactly(ours, isMember("process", "hrtime"), {
      "src/clock.ts": "the clock that is passed on",
      "src/workloads/load.ts": "the load process schedules by the run's clock in nanoseconds",
      "src/cluster/docker/ports.ts": "any number will do to begin a search; the seed's would be the same in runs side by side",
      "src/cluster/local/address-block.ts": "the same",
    });
  });

  it("limits time by signals that the garbage collector does not forget", () => {
    expectExactly(ours, isMember("AbortSignal", "timeout"), {});
  });

  it("asks members and proxies by the one function that never forgets to answer", () => {
    expect(ours.filter(({ path, text }) => !path.startsWith("src/etcd/") && /(?<![.\w])fetch\(/.test(text)).map(({ path }) => path)).to.deep.equal([]);
  });

  it("draws nothing at random but from the seed", () => {
    expectExactly(ours, isMember("Math", "random"), {
      "src/toxiproxy/server/server.ts": "the embedded server stands for a program that has no seed; its tests pass their own",
    });
    const cryptographic = ours.filter(({ text }) => /\brandom(Int|UUID|Bytes)\b/.test(text)).map(({ path }) => path);
    expect(cryptographic).to.have.members([
      "src/cli/commands/scenario.ts", // makes up the seed
      "src/cli/commands/explore.ts", // the same
      "src/cli/commands/plan.ts", // the same
      "src/cli/commands/matrix.ts", // the same
      "src/cli/commands/nightly.ts", // the same
      "src/etcd/local-write.ts", // a temporary file's name
      "src/toxiproxy/server/http.ts", // a request's id in a header
    ]);
  });

  it("starts processes in few places", () => {
    const files = ours.filter((source) => importsOf(source).some(({ specifier }) => /^(node:)?(child_process|worker_threads|cluster)$/.test(specifier)));
    expect(files.map(({ path }) => path)).to.have.members([
      "src/process.ts", // a command to its end
      "src/child.ts", // a child that lives
      "src/watchdog/watchdog.ts", // must outlive us
      "src/workloads/runner.ts", // talks over a channel
      "src/cluster/local/door.ts", // passes sockets over one
    ]);
  });

  it("hides no type error: no any, no assertion of a type, no non-null assertion", () => {
    const exclaims = (node: Node): boolean => isNonNullExpression(node) || (isPropertyDeclaration(node) && node.postfixToken?.kind === SyntaxKind.ExclamationToken);
    expect(found(everything, (node) => node.kind === SyntaxKind.AnyKeyword)).to.deep.equal([]);
    expect(found(everything, exclaims)).to.deep.equal([]);
    expect(found(everything, isTypeAssertion)).to.deep.equal([]);
    expect(found(ours, (node, source) => isAsExpression(node) && !/\bas const$/.test(quote(source, node)))).to.deep.equal([]);
    expect(everything.filter(({ text }) => /@ts-[a-z]/.test(text.replaceAll("@ts-[a-z]", ""))).map(({ path }) => path)).to.deep.equal([]);
  });

  it("says what every function does that another folder calls", () => {
    const called = new Set(ours.flatMap(namesFromOtherFolders));
    const silent = ours.flatMap((source) => source.tree.statements.flatMap((statement) => functionsOf(statement).filter((name) => called.has(`${source.path} ${name}`) && !hasDoc(source, statement)).map((name) => `${source.path}: ${name}`)));
    expect(silent).to.deep.equal([]);
  });

  it("promises nothing for later", () => {
    const texts = ["src", "assertions", "test", "docs", "docker", "bin", "scenarios"].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)));
    const promising = texts.filter((path) => /\.(tsx?|mjs|js|css|md|ya?ml|sh)$/.test(path) && /\b(TODO|FIXME|XXX)\b/.test(readFileSync(join(root, path), "utf8")));
    expect(promising).to.deep.equal(["test/structure/tidy.test.ts"]);
  });

  it("has no test that is left out or runs alone by mistake", () => {
    expect(found(everything, (node, source) => isPropertyAccessExpression(node) && /: (describe|context|it)\.(only|skip)$/.test(quote(source, node)))).to.deep.equal([]);
  });
});

/** `src/clock.ts waitFor` for each name that a file imports from another folder. */
function namesFromOtherFolders(source: Source): string[] {
  return importsOf(source).flatMap((each) => {
    const path = pathOf(source, each);
    if (path === undefined || each.typeOnly || folderOf(path) === folderOf(source.path)) return [];
    return each.names.map((name) => `${path} ${name}`);
  });
}

function folderOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
}

/** Names of the functions that a statement exports. */
function functionsOf(statement: Statement): string[] {
  if (isFunctionDeclaration(statement)) return statement.name && isExported(statement.modifiers) ? [statement.name.text] : [];
  if (!isVariableStatement(statement) || !isExported(statement.modifiers)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) => (initializer?.kind === SyntaxKind.ArrowFunction && name.kind === SyntaxKind.Identifier ? [name.text] : []));
}

function isExported(modifiers: readonly Node[] | undefined): boolean {
  return modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) ?? false;
}

function hasDoc({ text }: Source, node: Node): boolean {
  return /\/\*\*[^]*\*\/\s*$/.test(text.slice(node.pos, skipTrivia(text, node.pos)));
}

import { readdirSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { skipTrivia, SyntaxKind, type Node, type SourceFile } from "typescript/unstable/ast";
import { isCallExpression, isExportDeclaration, isExportSpecifier, isImportDeclaration, isImportSpecifier, isImportTypeNode, isStringLiteral } from "typescript/unstable/ast/is";
// Its makers call it unstable; the version is pinned, and only these tests use it.
import { API } from "typescript/unstable/sync";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A file of the project as the compiler sees it. */
export interface Source {
  /** Relative to the repository: `src/run/run.ts`. */
  readonly path: string;
  readonly text: string;
  readonly tree: SourceFile;
}

let read: readonly Source[] | undefined;

/** Every TypeScript file below the folders, by one start of the compiler. */
export function sources(...folders: readonly string[]): Source[] {
  read ??= readAll();
  return read.filter(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)));
}

function readAll(): Source[] {
  const compiler = new API({ cwd: root });
  try {
    const [project] = compiler.updateSnapshot({ openProjects: [join(root, "tsconfig.json")] }).getProjects();
    if (project === undefined) throw new Error("the compiler found no project");
    return [...project.rootFiles].sort().map((file) => {
      const tree = project.program.getSourceFile(file);
      if (tree === undefined) throw new Error(`the compiler did not read ${file}`);
      return { path: relative(root, file), text: tree.text, tree };
    });
  } finally {
    compiler.close();
  }
}

/** Every node of a file, parents before children. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  const children: Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

/** `src/clock.ts:12: Date.now()`: where a node is, and its text on one line. */
export function quote({ path, text }: Source, node: Node): string {
  const start = skipTrivia(text, node.pos);
  return `${path}:${text.slice(0, start).split("\n").length}: ${text.slice(start, node.end).replace(/\s+/g, " ")}`;
}

export interface Import {
  /** As it is written: `./run.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** Nothing is loaded for it. */
  readonly typeOnly: boolean;
  /** As they are called where they come from; none for a whole module. */
  readonly names: readonly string[];
}

/** What a file imports or exports from elsewhere, `import("…")` included. */
export function importsOf({ tree }: Source): Import[] {
  return [...nodesOf(tree)].flatMap((node): Import[] => {
    if (isImportDeclaration(node)) {
      const { moduleSpecifier, importClause } = node;
      return [{ specifier: literal(moduleSpecifier), typeOnly: importClause?.phaseModifier === SyntaxKind.TypeKeyword, names: importClause ? namesIn(importClause) : [] }];
    }
    if (isExportDeclaration(node) && node.moduleSpecifier) return [{ specifier: literal(node.moduleSpecifier), typeOnly: node.isTypeOnly, names: namesIn(node) }];
    if (isImportTypeNode(node)) return [{ specifier: [...nodesOf(node)].map(literal).find((text) => text !== "") ?? "", typeOnly: true, names: [] }];
    if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) return [{ specifier: literal(node.arguments[0]), typeOnly: false, names: [] }];
    return [];
  });
}

function namesIn(clause: Node): string[] {
  return [...nodesOf(clause)].flatMap((node) => (isImportSpecifier(node) || isExportSpecifier(node) ? [(node.propertyName ?? node.name).text] : []));
}

function literal(node: Node | undefined): string {
  return node !== undefined && isStringLiteral(node) ? node.text : "";
}

/** The repository's own file that an import leads to; undefined for packages and node's modules. */
export function pathOf({ path }: Source, { specifier }: Import): string | undefined {
  return specifier.startsWith(".") ? join(dirname(path), specifier) : undefined;
}

/** Packages that a file imports, by name without subpath. */
export function packagesOf(source: Source): string[] {
  return importsOf(source)
    .map(({ specifier }) => specifier)
    .filter((specifier) => !specifier.startsWith(".") && !specifier.startsWith("node:"))
    .map((specifier) => specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/"));
}

/** The folders directly in a folder of the repository. */
export function foldersIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(root, path)).isDirectory());
}

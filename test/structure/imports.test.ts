import { expect } from "chai";
import { importsOf, pathOf, sources, type Source } from "./sources.ts";

interface Allowed {
  readonly imports: readonly string[];
  /** Of these only types: nothing is loaded. */
  readonly types?: readonly string[];
}

/**
 * What each step of the flow imports of the others, each step below those that it imports.
 * Data flows one way, and so do imports: nothing after `recording` knows a cluster, nothing
 * before it knows how it is judged. The scenario format knows faults, workloads and assertions
 * by their types alone; `src/catalogue.ts` brings the tables together. `base` is what lies
 * directly in src/.
 */
const allowed: Readonly<Record<string, Allowed>> = {
  base: { imports: [] },
  units: { imports: [] },
  promql: { imports: [] },
  recording: { imports: ["base"] },
  etcd: { imports: ["base"] },
  prometheus: { imports: ["base", "etcd", "promql", "recording"] },
  "toxiproxy/server": { imports: ["base"] },
  toxiproxy: { imports: ["base"], types: ["cluster"] },
  grpc: { imports: ["base"] },
  cluster: { imports: ["base", "etcd", "grpc", "toxiproxy"] },
  check: { imports: ["base", "recording"] },
  analysis: { imports: ["base", "recording", "units"] },
  assertions: { imports: ["analysis", "base", "check", "promql", "recording", "units"] },
  faults: { imports: ["base", "cluster", "units"], types: ["recording"] },
  workloads: { imports: ["base", "grpc", "recording", "units"] },
  scenario: { imports: ["base", "etcd", "units"], types: ["assertions", "cluster", "faults", "workloads"] },
  catalogue: { imports: ["assertions", "faults", "workloads"], types: ["scenario"] },
  plan: { imports: ["base", "units"], types: ["cluster", "faults", "scenario"] },
  observe: { imports: ["base", "cluster", "recording"] },
  telemetry: { imports: ["base"], types: ["recording", "scenario"] },
  watchdog: { imports: ["base", "cluster"] },
  run: { imports: ["base", "etcd", "faults", "observe", "plan", "prometheus", "recording", "telemetry", "units", "watchdog", "workloads"], types: ["cluster", "scenario"] },
  judge: { imports: ["analysis", "assertions", "base", "units"], types: ["recording"] },
  statistics: { imports: [], types: ["base"] },
  ledger: { imports: ["analysis", "base", "recording"], types: ["judge"] },
  compare: { imports: ["analysis", "base", "ledger", "recording", "statistics"], types: ["assertions"] },
  explore: { imports: ["analysis", "base", "check"], types: ["recording"] },
  nightly: { imports: ["base", "judge", "recording"] },
  report: { imports: ["analysis", "assertions", "base", "ledger", "nightly", "recording", "units"], types: ["check", "compare", "explore", "judge"] },
  export: { imports: ["analysis", "base", "recording"], types: ["judge"] },
  cli: {
    imports: ["analysis", "base", "catalogue", "check", "cluster", "compare", "etcd", "explore", "export", "judge", "ledger", "nightly", "plan", "prometheus", "recording", "report", "run", "scenario", "toxiproxy", "units", "watchdog", "workloads"],
    types: ["assertions", "faults", "observe"],
  },
};

/** Against the order, with the reason. */
const upwards: Readonly<Record<string, string>> = {
  "toxiproxy → cluster": "it implements the links that cluster declares",
};

/** Programs of their own within a step: they may bring together what the step itself must not know. */
const programs = ["src/scenario/write-schema.ts", "src/run/violation-process.ts"];

function stepOf(path: string): string {
  if (path === "src/catalogue.ts") return "catalogue";
  if (path.startsWith("src/toxiproxy/server/")) return "toxiproxy/server";
  const [top = "", folder = "", ...rest] = path.split("/");
  if (top !== "src") return top;
  return rest.length === 0 ? "base" : folder;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  readonly file: string;
}

function edgesOf(source: Source): Edge[] {
  return importsOf(source).flatMap((each) => {
    const path = pathOf(source, each);
    if (path === undefined || programs.includes(source.path)) return [];
    const [from, to] = [stepOf(source.path), stepOf(path)];
    return from === to ? [] : [{ from, to, typeOnly: each.typeOnly, file: `${source.path} imports ${path}` }];
  });
}

describe("imports", function () {
  // Reading all files starts the compiler once.
  this.timeout(60_000);
  let ours: readonly Source[];
  let edges: readonly Edge[];
  before(() => {
    ours = sources("src", "assertions");
    edges = ours.flatMap(edgesOf);
  });

  it("are only those that the table allows", () => {
    const wrong = edges.filter(({ from, to, typeOnly }) => {
      const { imports, types = [] } = allowed[from] ?? { imports: [] };
      return !imports.includes(to) && !(typeOnly && types.includes(to));
    });
    expect(wrong.map(({ file, typeOnly }) => (typeOnly ? `${file} (types)` : file))).to.deep.equal([]);
  });

  it("point one way: each step stands below all that it imports", () => {
    const order = Object.keys(allowed);
    const pairs = Object.entries(allowed).flatMap(([from, { imports, types = [] }]) => [...imports, ...types].map((to) => [from, to] as const));
    const wrong = pairs.filter(([from, to]) => order.indexOf(to) >= order.indexOf(from) || !order.includes(to)).map((pair) => pair.join(" → "));
    expect(wrong).to.have.members(Object.keys(upwards));
  });

  it("are all there that the table allows, so that it says what is", () => {
    const unused = Object.entries(allowed).flatMap(([from, { imports, types = [] }]) => [
      ...imports.filter((to) => !edges.some((edge) => edge.from === from && edge.to === to && !edge.typeOnly)),
      ...types.filter((to) => !edges.some((edge) => edge.from === from && edge.to === to)),
    ].map((to) => `${from} → ${to}`));
    expect(unused).to.deep.equal([]);
  });

  it("name every step there is", () => {
    expect(Object.keys(allowed)).to.have.members([...new Set(ours.map(({ path }) => stepOf(path)))]);
  });

  it("keep the middle pure: what judges and plans reads no file, starts nothing, knows no clock", () => {
    const pure = ["analysis", "assertions", "check", "compare", "explore", "judge", "plan", "report", "statistics"];
    // The page's own style sheet and script, read when the module is loaded.
    const mayRead = ["src/report/html/document.tsx"];
    const wrong = ours
      .filter(({ path }) => pure.includes(stepOf(path)) && !mayRead.includes(path))
      .flatMap((source) => importsOf(source).flatMap((each) => (each.specifier.startsWith("node:") || isImpureBase(pathOf(source, each)) ? [`${source.path} imports ${each.specifier}`] : [])));
    expect(wrong).to.deep.equal([]);
  });
});

/** What the seed draws is the same each time, and what is remembered is what was worked out: both are pure. */
const pureBase = ["src/errors.ts", "src/random.ts", "src/remembered.ts"];

function isImpureBase(path: string | undefined): boolean {
  return path !== undefined && stepOf(path) === "base" && !pureBase.includes(path);
}

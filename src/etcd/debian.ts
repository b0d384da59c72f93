import { join } from "node:path";

import { HarnessError, messageOf } from "../errors.ts";
import type { RunCommand } from "../process.ts";
import type { Progress } from "../progress.ts";
import { DebianSuite, type DebianPackage, type PackagedProgram } from "./debian-suite.ts";
import type { VersionRequest } from "./request.ts";
import { pickVersion, restorePrograms, type EtcdSource, type FetchedEtcd, type Finding, type Listing, type Offer } from "./source.ts";
import { compareVersions, newestFirst } from "./version.ts";

/** Oldest first: they carry etcd 3.3, 3.4, 3.5 and 3.5. */
export const debianSuites = ["bullseye", "bookworm", "trixie", "sid"] as const;

const client: PackagedProgram = { packageName: "etcd-client", programs: restorePrograms };

export interface DebianOptions {
  readonly suites: readonly DebianSuite[];
  readonly progress: Progress;
}

/** The suites with a state folder each. */
export function debianSuitesIn(
  folder: string,
  options: { readonly mirrorUrl: string | undefined; readonly keyringPath: string; readonly run: RunCommand; readonly clock: { wallMs(): number } },
): DebianSuite[] {
  return debianSuites.map((suite) => new DebianSuite({ ...options, suite, folder: join(folder, suite) }));
}

type SuiteAnswer =
  | { readonly suite: DebianSuite; readonly packages: readonly DebianPackage[] }
  | { readonly suite: DebianSuite; readonly refusal: string };

interface SuitePackage {
  readonly suite: DebianSuite;
  readonly package: DebianPackage;
}

/** Debian's packages, over all suites that carry etcd. */
export class DebianPackages implements EtcdSource {
  readonly name = "Debian";
  readonly kind = "debian";
  readonly #suites: readonly DebianSuite[];
  readonly #progress: Progress;
  #answers: Promise<SuiteAnswer[]> | undefined;

  constructor({ suites, progress }: DebianOptions) {
    this.#suites = suites;
    this.#progress = progress;
  }

  async find(wanted: VersionRequest): Promise<Finding> {
    const answers = await this.#ask();
    const offered = packagesIn(answers);
    const version = pickVersion(offered.map((one) => one.package.version), wanted);
    // Of several packagings of one version the later one: its suite is the better kept.
    const best = offered.filter((one) => one.package.version === version).at(-1);
    return { offer: best && this.#offer(best), ...listing(answers) };
  }

  async list(): Promise<Listing> {
    return listing(await this.#ask());
  }

  /** Asks all suites at once, and once per process: a suite that cannot be reached costs its waiting time only once. */
  #ask(): Promise<SuiteAnswer[]> {
    this.#answers ??= Promise.all(
      this.#suites.map(async (suite): Promise<SuiteAnswer> => {
        try {
          return { suite, packages: await suite.packages(this.#progress) };
        } catch (error) {
          if (error instanceof HarnessError && error.code === "download") {
            return { suite, refusal: messageOf(error) };
          }
          throw error;
        }
      }),
    );
    return this.#answers;
  }

  #offer({ suite, package: offered }: SuitePackage): Offer {
    const fetch = async <Fetched>(how: (one: DebianPackage) => Promise<Fetched>, progress: Progress): Promise<Fetched> => {
      try {
        return await how(offered);
      } catch (error) {
        // sid replaces packages at any time, so a list of an hour ago may name one that is gone.
        if (!(error instanceof HarnessError) || error.code !== "download") throw error;
        const packages = await suite.refresh(progress);
        const again = packages.find(({ version }) => version === offered.version);
        if (!again) throw new HarnessError("download", `Debian ${suite.name} has no etcd ${offered.version} any more`, { cause: error });
        return how(again);
      }
    };
    const fetchServer = async (one: DebianPackage, folder: string, progress: Progress): Promise<FetchedEtcd> => ({
      path: await suite.fetch(one, folder, progress),
      source: { kind: "debian", suite: suite.name, packageVersion: one.packageVersion },
    });
    return {
      version: offered.version,
      fetch: (folder, progress) => fetch((one) => fetchServer(one, folder, progress), progress),
      fetchRestoreProgram: (folder, progress) => fetch((one) => suite.fetch(one, folder, progress, client), progress),
    };
  }
}

function packagesIn(answers: readonly SuiteAnswer[]): SuitePackage[] {
  return answers.flatMap((answer) => ("packages" in answer ? answer.packages.map((one) => ({ suite: answer.suite, package: one })) : []));
}

function listing(answers: readonly SuiteAnswer[]): Listing {
  const remarks = answers.map((answer) => {
    if ("refusal" in answer) return `Debian ${answer.suite.name}: ${answer.refusal}`;
    const versions = newestFirst(answer.packages.map(({ version }) => version));
    return `Debian ${answer.suite.name} has ${versions.length === 0 ? "no etcd" : versions.join(", ")}`;
  });
  const available = packagesIn(answers).map((one) => one.package.version);
  return { available: available.sort((a, b) => compareVersions(b, a)), remarks };
}

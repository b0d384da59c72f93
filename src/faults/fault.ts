import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { RunningCluster } from "../cluster/cluster.ts";
import type { Capability, Member } from "../cluster/member.ts";
import type { Proof } from "../recording/events.ts";
import type { Target } from "./target.ts";

/** What a fault may use while it acts. */
export interface FaultContext {
  readonly cluster: RunningCluster;
  /** The members its target stood for at injection. */
  readonly targets: readonly Member[];
  readonly clock: Clock;
  /** Ends injecting and waiting for an effect early, with a throw; healing and its proof go on regardless. */
  readonly signal: AbortSignal;
}

/**
 * A fault in force. The runner proves it, keeps it for its time, heals it in `finally`,
 * and proves that it healed.
 */
export interface ActiveFault {
  /** Waits until it bites and says what shows it; a proof that does not hold makes the run inconclusive. */
  effect(): Promise<Finding>;
  /** Idempotent. Goes on where one part fails, then throws. */
  heal(): Promise<void>;
  /** Waits until nothing of it is left and says what shows it. */
  healed(): Promise<Finding>;
}

/** What was looked at, and from when on it was so (milliseconds on the run's clock). */
export interface Finding {
  readonly sinceMs: number;
  readonly proofs: readonly Proof[];
}

/** One proof, and from when on it was so. */
export interface Seen {
  readonly sinceMs: number;
  readonly proof: Proof;
}

/** A kind of fault: one file, one object, one line in `src/faults/index.ts`. */
export interface FaultDefinition<Schema extends z.ZodType<FaultOptions>> {
  readonly kind: string;
  readonly summary: string;
  /** A character that stands for it in reports and at the terminal. */
  readonly glyph: string;
  readonly options: Schema;
  /** What every target must be able to do. */
  readonly needs: readonly Capability[];
  /** Which etcds members are started by, as `--etcd` names them, beside the cluster's own; none where absent. */
  etcds?(options: z.output<Schema>): readonly string[];
  /** It lets a member beyond the cluster's join: one is to be at hand. */
  readonly spare?: true;
  /** The options as one line: `partition leader, blocking`. */
  title(options: z.output<Schema>): string;
  /** Why it makes no sense for a cluster of so many members, as a clause; undefined or absent where it does. */
  unfit?(options: z.output<Schema>, memberCount: number): string | undefined;
  /** Throws when it cannot be put on, and has undone then what it had begun. */
  inject(context: FaultContext, options: z.output<Schema>): Promise<ActiveFault>;
}

/** What all faults' options have in common. */
export interface FaultOptions {
  readonly target: Target;
}

/** A fault with its options: what a plan holds. */
export interface Fault {
  readonly kind: string;
  readonly title: string;
  readonly target: Target;
  readonly needs: readonly Capability[];
  /** Etcds to be found before the run, beside the cluster's own. */
  readonly etcds: readonly string[];
  /** Whether a member beyond the cluster's is to be at hand. */
  readonly spare: boolean;
  /** Why it makes no sense for a cluster of so many members; undefined where it does. */
  unfit(memberCount: number): string | undefined;
  inject(context: FaultContext): Promise<ActiveFault>;
}

/** A fault kind whose option type is sealed inside, so that a table can hold all kinds. */
export interface FaultKind {
  readonly kind: string;
  readonly summary: string;
  readonly glyph: string;
  readonly options: z.ZodType;
  readonly needs: readonly Capability[];
  /** Throws a ZodError when the options do not fit. */
  bind(options: unknown): Fault;
}

export function defineFault<Schema extends z.ZodType<FaultOptions>>(definition: FaultDefinition<Schema>): FaultKind {
  const { kind, summary, glyph, options: schema, needs } = definition;
  return {
    kind,
    summary,
    glyph,
    options: schema,
    needs,
    bind(raw) {
      const options = schema.parse(raw);
      return {
        kind,
        title: definition.title(options),
        target: options.target,
        needs,
        etcds: definition.etcds?.(options) ?? [],
        spare: definition.spare ?? false,
        unfit: (memberCount) => definition.unfit?.(options, memberCount),
        inject: (context) => definition.inject(context, options),
      };
    },
  };
}

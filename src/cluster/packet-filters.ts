import { HarnessError } from "../errors.ts";
import type { PacketCounts, PacketDrop, PacketFilter, Passage } from "./packets.ts";

const directions = ["in", "out"] as const;
type Direction = (typeof directions)[number];

/** Which packets are those between a member and its peers: for each direction matches as iptables takes them, of which one at most fits a packet. */
export type PeerPackets = Readonly<Record<Direction, readonly string[]>>;

/** Runs a command in the member's network namespace; undefined while there is none. */
export type RunInNetwork = (command: readonly string[], input?: string) => Promise<string | undefined>;

const chains: Readonly<Record<Direction, string>> = { in: "INPUT", out: "OUTPUT" };

/** One that counts packets, or one that drops them. */
interface Rule {
  readonly direction: Direction;
  readonly drops: boolean;
  /** By which it is found again. */
  readonly mark: string;
  readonly rule: string;
}

/**
 * The filters on one member's peer packets, as iptables rules in its network namespace. They go
 * with the namespace, so that nothing can be left behind, and are put on again in a new one.
 */
export class PacketFilters {
  readonly #member: string;
  readonly #packets: PeerPackets;
  readonly #run: RunInNetwork;
  readonly #drops = new Map<number, PacketDrop>();
  #lastId = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** `member` is its name, which tells its rules from those of others in the same namespace. */
  constructor(member: string, packets: PeerPackets, run: RunInNetwork) {
    this.#member = member;
    this.#packets = packets;
    this.#run = run;
  }

  /** @throws HarnessError `fault` where the member has no namespace to put it in, or the kernel refuses */
  async put(drop: PacketDrop): Promise<PacketFilter> {
    const id = ++this.#lastId;
    await this.#inTurn(async () => {
      const printed = await this.#restore(this.#rules(id, drop).map(({ rule }) => `-A ${rule}`));
      if (printed === undefined) throw new HarnessError("fault", "packets of a member that is down cannot be filtered");
      this.#drops.set(id, drop);
    });
    return { description: describe(drop), counts: () => this.#counts(id, drop), lift: () => this.#inTurn(() => this.#lift(id, drop)) };
  }

  /** Puts all filters on again that are not lifted: for a new namespace. */
  renew(): Promise<void> {
    return this.#inTurn(async () => {
      const rules = [...this.#drops].flatMap(([id, drop]) => this.#rules(id, drop).map(({ rule }) => `-A ${rule}`));
      if (rules.length > 0) await this.#restore(rules);
    });
  }

  async #lift(id: number, drop: PacketDrop): Promise<void> {
    this.#drops.delete(id);
    const there = await this.#marks();
    const rules = this.#rules(id, drop).filter(({ mark }) => there.has(mark));
    if (rules.length > 0) await this.#restore(rules.map(({ rule }) => `-D ${rule}`));
  }

  async #counts(id: number, drop: PacketDrop): Promise<PacketCounts | undefined> {
    const marks = await this.#marks();
    const rules = this.#rules(id, drop);
    if (!rules.every(({ mark }) => marks.has(mark))) return undefined;
    const sum = (direction: Direction, drops: boolean): number =>
      rules.reduce((total, rule) => total + (rule.direction === direction && rule.drops === drops ? (marks.get(rule.mark) ?? 0) : 0), 0);
    const passage = (direction: Direction): Passage => ({ seen: sum(direction, false), dropped: sum(direction, true) });
    return { in: passage("in"), out: passage("out") };
  }

  /** The packet count of each rule that is marked as ours. */
  async #marks(): Promise<ReadonlyMap<string, number>> {
    return marksIn((await this.#run(["iptables-save", "--counters", "--table", "filter"])) ?? "");
  }

  /** All rules at once or none. */
  #restore(rules: readonly string[]): Promise<string | undefined> {
    return this.#run(["iptables-restore", "--noflush", "--wait", "5"], ["*filter", ...rules, "COMMIT", ""].join("\n"));
  }

  #rules(id: number, { direction: dropped, share }: PacketDrop): Rule[] {
    const dice = share < 1 ? ` -m statistic --mode random --probability ${share}` : "";
    return directions.flatMap((direction) =>
      this.#packets[direction].flatMap((packets, index) => {
        const match = `${chains[direction]} ${packets}`;
        const marked = (drops: boolean): string => `etcd-chaos-${this.#member}-${id}-${direction}-${index + 1}-${drops ? "dropped" : "seen"}`;
        const counting = { direction, drops: false, mark: marked(false), rule: `${match} -m comment --comment ${marked(false)}` };
        const dropping = { direction, drops: true, mark: marked(true), rule: `${match}${dice} -m comment --comment ${marked(true)} -j DROP` };
        return dropped === "both" || dropped === direction ? [counting, dropping] : [counting];
      }),
    );
  }

  /** One change at a time: a filter that is lifted must not be renewed meanwhile. */
  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

const markedRule = /^\[(\d+):\d+\] -A .*--comment "?(etcd-chaos-[\w-]+)"?/gm;

/** The packets that each marked rule counted, by its mark, out of what `iptables-save --counters` prints. Exported for its test. */
export function marksIn(saved: string): ReadonlyMap<string, number> {
  return new Map([...saved.matchAll(markedRule)].map(([, packets = "", mark = ""]) => [mark, Number(packets)]));
}

function describe({ direction, share }: PacketDrop): string {
  return `DROP ${share < 1 ? `${Number((100 * share).toFixed(1))} % ` : ""}${direction === "both" ? "in and out" : direction}`;
}

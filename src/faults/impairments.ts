import type { Impairment, Link } from "../cluster/links.ts";
import type { Proof } from "../recording/events.ts";
import { toEach, undoAfter } from "./each.ts";
import { hold, holdsOfOthers, type Condition, type Hold } from "./holds.ts";

interface Impaired {
  readonly link: Link;
  readonly impairment: Impairment;
  readonly hold: Hold;
}

/** The same impairment on several links, put on and lifted together. */
export class Impairments {
  readonly #impaired: Impaired[] = [];

  private constructor() {}

  /** Impairs every link at once. Lifts what was done and throws where one refuses. */
  static async put(links: readonly Link[], condition: Condition, impair: (link: Link) => Promise<Impairment>): Promise<Impairments> {
    const impairments = new Impairments();
    try {
      await toEach(links, async (link) => {
        const impairment = await impair(link);
        impairments.#impaired.push({ link, impairment, hold: hold(link, condition, impairment.description) });
      });
    } catch (error) {
      throw await undoAfter(error, () => impairments.lift());
    }
    return impairments;
  }

  get holds(): readonly Hold[] {
    return this.#impaired.map((impaired) => impaired.hold);
  }

  /** Lifts all; those that could not be lifted are tried again by the next call. */
  async lift(): Promise<void> {
    await toEach(this.#impaired, async ({ impairment, hold }) => {
      await impairment.lift();
      hold.release();
    });
  }

  /** Reads back from the Toxiproxy server that all are in force. */
  async proofInForce(): Promise<Proof> {
    const source = "toxics";
    const count = this.#impaired.length;
    if (count === 0) return { source, text: "there are no links to put it on", holds: false };
    const missing = await this.#where(async ({ impairment }) => !(await impairment.inForce()));
    const descriptions = [...new Set(this.#impaired.map(({ impairment }) => impairment.description))];
    if (missing.length === 0) return { source, text: `${descriptions.join(" or ")}: read back on all ${count} links`, holds: true };
    return { source, text: `not read back on ${missing.length} of ${count} links: ${missing.join(", ")}`, holds: false };
  }

  /** Reads back from the Toxiproxy server that none is left. */
  async proofLifted(): Promise<Proof> {
    const left = await this.#where(async (impaired) => (await impaired.impairment.inForce()) && !sameByAnother(impaired, this.holds));
    return { source: "toxics", text: left.length === 0 ? `gone from all ${this.#impaired.length} links` : `still there: ${left.join(", ")}`, holds: left.length === 0 };
  }

  async #where(condition: (impaired: Impaired) => Promise<boolean>): Promise<string[]> {
    const found = await Promise.all(this.#impaired.map(async (impaired) => ((await condition(impaired)) ? [impaired.link.name] : [])));
    return found.flat();
  }
}

/** A proxy is closed or not: the server does not tell by whom. */
function sameByAnother({ link, impairment }: Impaired, own: readonly Hold[]): boolean {
  return holdsOfOthers(link, own).some(({ detail }) => detail === impairment.description);
}

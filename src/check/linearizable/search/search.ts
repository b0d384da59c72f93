import { noState, type Transitions } from "./automaton.ts";
import type { Limits, Stop } from "./budget.ts";
import { Configurations, field } from "./configurations.ts";
import { OpenCalls, type OpenCall } from "./open-calls.ts";
import type { Timeline } from "./timeline.ts";
import { Unknowns } from "./unknowns.ts";

export interface SearchOptions extends Limits {
  /** How many configurations are kept after each return; more are given up, and with them the proof of illegality. */
  readonly beam: number;
  /** Whether a beam keeps those that used up least, of more, or those that were found first: now one helps, now the other. */
  readonly thrifty: boolean;
  /** Whether calls of unknown outcome can happen any number of times: fewer configurations, but no proof of legality. */
  readonly endlessUnknowns: boolean;
}

export type SearchResult =
  | { readonly kind: "legal" }
  /** The first return by which the call can have happened in no order; `states` are those it could find. */
  | { readonly kind: "illegal"; readonly call: number; readonly states: readonly number[] }
  /** `events` of the timeline were passed. */
  | { readonly kind: "stopped"; readonly why: Stop; readonly events: number };

/** How often the clock and the memory are looked at. */
const stepsBetweenLooks = 512;
const bitsPerWord = 32;
/** A beam tries so many steps between two returns for each configuration that it may keep. */
const triesPerConfiguration = 16;
/** A thrifty beam chooses among so many for each that it keeps. */
const choicePerKept = 4;

/**
 * Goes through a history from return to return, with every configuration that it can be in. Nothing happens
 * before it must: a call when it returns, and others before it only where something needs them. (Lowe,
 * Testing for linearizability, 2017: just-in-time linearization.) So that few configurations are enough:
 *
 * - what observes happens the moment the state allows it;
 * - an overwrite that was already open when the state was last overwritten may have happened just before that, unseen;
 * - an overwrite, or a call of unknown outcome, that nothing observes and an overwrite follows is not tried;
 * - of open calls of one kind the one that returns first is used first, and before one of unknown outcome.
 */
export class Search {
  readonly #timeline: Timeline;
  readonly #automaton: Transitions;
  readonly #options: SearchOptions;
  readonly #open: OpenCalls;
  readonly #unknowns: Unknowns;
  readonly #work: Configurations;
  #now: Configurations;
  #after: Configurations;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  #fresh: OpenCall[] = [];
  #narrowed = false;
  #steps = 0;

  constructor(timeline: Timeline, automaton: Transitions, options: SearchOptions) {
    const stride = field.happened + Math.ceil(timeline.slotCount / bitsPerWord);
    this.#timeline = timeline;
    this.#automaton = automaton;
    this.#options = options;
    this.#open = new OpenCalls(timeline, automaton);
    this.#unknowns = new Unknowns(timeline, automaton, options.endlessUnknowns);
    [this.#work, this.#now, this.#after] = [this.#newSet(stride), this.#newSet(stride), this.#newSet(stride)];
    [this.#from, this.#to] = [new Int32Array(stride), new Int32Array(stride)];
  }

  run(): SearchResult {
    this.#from[field.state] = this.#automaton.initial;
    this.#now.add(this.#from);
    for (const [place, event] of this.#timeline.events.entries()) {
      const call = event >> 1;
      if (event & 1) {
        const stop = this.#passReturn(call, place);
        if (stop !== undefined) return { kind: "stopped", why: stop, events: place };
        if (this.#after.live === 0) return this.#narrowed ? { kind: "stopped", why: "beam", events: place } : { kind: "illegal", call, states: this.#statesTried() };
        [this.#now, this.#after] = [this.#after, this.#now];
      } else if ((this.#timeline.slots[call] ?? -1) < 0) this.#unknowns.begin(call);
      else this.#begin(call, place);
    }
    return { kind: "legal" };
  }

  #newSet(stride: number): Configurations {
    return new Configurations(stride, this.#unknowns.uses);
  }

  #begin(call: number, place: number): void {
    this.#open.begin(call, place);
    const last = this.#open.observers.at(-1);
    if (last?.call === call) this.#fresh.push(last);
  }

  /** Fills `#after` with the configurations in which the call has happened. */
  #passReturn(call: number, place: number): Stop | undefined {
    const ended = this.#open.end(call);
    if (ended === undefined) return undefined;
    this.#work.clear();
    this.#after.clear();
    const spentMax = this.#spentMax();
    for (let index = 0; index < this.#now.length; index++) {
      if (!this.#now.read(index, this.#to) || this.#spent() > spentMax) continue;
      this.#observe(this.#fresh);
      if (this.#has(this.#to, ended)) this.#keep(ended);
      else this.#work.add(this.#to);
    }
    this.#fresh = [];
    for (let index = 0; index < this.#work.length; index++) {
      if (++this.#steps % stepsBetweenLooks === 0) {
        const stop = this.#look();
        if (stop !== undefined) return stop;
      }
      if (this.#isFull(index)) {
        this.#narrowed = true;
        break;
      }
      if (this.#work.read(index, this.#from)) this.#expand(ended, place);
    }
    return undefined;
  }

  /** How much a configuration in `#to` has used up of what could still come: the fewer, the more it may explain. */
  #spent(): number {
    return this.#open.movers.reduce((spent, open) => (this.#has(this.#to, open) ? spent + 1 : spent), 0);
  }

  /** The most that a configuration may have spent, so that no more than the beam are kept. */
  #spentMax(): number {
    if (this.#now.live <= this.#options.beam) return Infinity;
    this.#narrowed = true;
    const counts: number[] = [];
    for (let index = 0; index < this.#now.length; index++) {
      if (!this.#now.read(index, this.#to)) continue;
      const spent = this.#spent();
      counts[spent] = (counts[spent] ?? 0) + 1;
    }
    let kept = 0;
    for (let spent = 0; spent < counts.length; spent++) {
      kept += counts[spent] ?? 0;
      if (kept >= this.#options.beam) return spent;
    }
    return Infinity;
  }

  #look(): Stop | undefined {
    if (this.#options.nowMs() > this.#options.untilMs) return "time";
    const bytes = this.#now.bytes + this.#after.bytes + this.#work.bytes + this.#automaton.bytes + this.#unknowns.uses.bytes;
    return bytes > this.#options.bytesMax ? "memory" : undefined;
  }

  /** All that can come next in the configuration in `#from`, with `ended` still to happen. */
  #expand(ended: OpenCall, place: number): void {
    const idle = this.#from[field.idle] === 1;
    if (!(idle && ended.overwrites) && this.#apply(ended.kind, place)) this.#finish(ended);
    if (!idle && ended.overwrites && ended.invokedAt < (this.#from[field.lastOverwrite] ?? 0)) {
      this.#copy();
      this.#finish(ended);
    }
    for (const open of this.#open.movers) {
      if ((idle && open.overwrites) || this.#has(this.#from, open) || open.kind === ended.kind) continue;
      if (open.twin !== undefined && !this.#has(this.#from, open.twin)) continue;
      if (!this.#apply(open.kind, place)) continue;
      this.#mark(open);
      this.#goOn(ended, open.overwrites);
    }
    this.#expandUnknowns(ended, place, idle);
  }

  #expandUnknowns(ended: OpenCall, place: number, idle: boolean): void {
    const uses = this.#from[field.uses] ?? 0;
    for (const [index, { kind, effect, overwrites }] of this.#unknowns.kinds.entries()) {
      if ((idle && overwrites) || !this.#unknowns.isLeft(uses, index) || !this.#apply(kind, place) || this.#hasCertain(effect, ended)) continue;
      if (this.#to[field.state] === this.#from[field.state] && !overwrites) continue;
      this.#to[field.uses] = this.#unknowns.use(uses, index);
      this.#goOn(ended, true);
    }
  }

  /** Whether a call that must happen anyway can do now what one of unknown outcome would. */
  #hasCertain(effect: number, ended: OpenCall): boolean {
    if (this.#canDo(effect, ended)) return true;
    for (const open of this.#open.movers) if (this.#canDo(effect, open) && !this.#has(this.#from, open)) return true;
    return false;
  }

  #canDo(effect: number, open: OpenCall): boolean {
    return open.effect === effect && this.#automaton.next(this.#from[field.state] ?? 0, open.kind) !== noState;
  }

  /** `#from` into `#to`. A loop, as `set` costs more for so few numbers. */
  #copy(): void {
    for (let at = 0; at < this.#from.length; at++) this.#to[at] = this.#from[at] ?? 0;
  }

  /** Puts the configuration after a call of this kind into `#to`; false where it is illegal. */
  #apply(kind: number, place: number): boolean {
    const state = this.#automaton.next(this.#from[field.state] ?? 0, kind);
    if (state === noState) return false;
    this.#copy();
    this.#to[field.state] = state;
    if (this.#automaton.overwrites(kind)) this.#to[field.lastOverwrite] = place;
    return true;
  }

  /** The call has happened by applying it: what observes it happens too. */
  #finish(ended: OpenCall): void {
    this.#observe(this.#open.observers);
    this.#keep(ended);
  }

  /** A call other than the one that must happen did. `dispensable`: it need not have, when nothing comes of it. */
  #goOn(ended: OpenCall, dispensable: boolean): void {
    const observed = this.#observe(this.#open.observers);
    if (this.#automaton.observes(ended.kind) && this.#automaton.next(this.#to[field.state] ?? 0, ended.kind) !== noState) return this.#keep(ended);
    this.#to[field.idle] = dispensable && !observed ? 1 : 0;
    if (this.#to[field.idle] === 1 && !this.#canGoOn(ended)) return;
    this.#work.add(this.#to);
  }

  /** Whether some call that depends on the state can come next; only such a call gives sense to an idle one. */
  #canGoOn(ended: OpenCall): boolean {
    const state = this.#to[field.state] ?? 0;
    if (!ended.overwrites && this.#automaton.next(state, ended.kind) !== noState) return true;
    for (const open of this.#open.movers) if (!open.overwrites && !this.#has(this.#to, open) && this.#automaton.next(state, open.kind) !== noState) return true;
    for (const { kind, index } of this.#unknowns.dependent) if (this.#automaton.next(state, kind) !== noState && this.#unknowns.isLeft(this.#to[field.uses] ?? 0, index)) return true;
    return false;
  }

  /** Marks those observers in `#to` that its state allows; true when there were any. */
  #observe(observers: readonly OpenCall[]): boolean {
    const state = this.#to[field.state] ?? 0;
    let any = false;
    for (const open of observers) {
      if (this.#has(this.#to, open) || this.#automaton.next(state, open.kind) === noState) continue;
      this.#mark(open);
      any = true;
    }
    return any;
  }

  /** Keeps `#to` for after the return, with the bit of the call free for another. */
  #keep(ended: OpenCall): void {
    const word = field.happened + (ended.slot >> 5);
    this.#to[word] = (this.#to[word] ?? 0) & ~(1 << (ended.slot & 31));
    this.#to[field.idle] = 0;
    this.#to[field.lastOverwrite] = this.#overwriteThatMatters();
    this.#after.add(this.#to);
  }

  /** All overwrites after which the same open calls began are alike; so few numbers tell them apart. */
  #overwriteThatMatters(): number {
    const last = this.#to[field.lastOverwrite] ?? 0;
    let matters = 0;
    for (const open of this.#open.movers) {
      if (open.overwrites && open.invokedAt < last && open.invokedAt >= matters && !this.#has(this.#to, open)) matters = open.invokedAt + 1;
    }
    return matters;
  }

  #isFull(done: number): boolean {
    return this.#after.live >= this.#options.beam * (this.#options.thrifty ? choicePerKept : 1) || done >= this.#options.beam * triesPerConfiguration;
  }

  #has(configuration: Int32Array, { slot }: OpenCall): boolean {
    return ((configuration[field.happened + (slot >> 5)] ?? 0) & (1 << (slot & 31))) !== 0;
  }

  #mark({ slot }: OpenCall): void {
    const word = field.happened + (slot >> 5);
    this.#to[word] = (this.#to[word] ?? 0) | (1 << (slot & 31));
  }

  /** The states in which the call that cannot happen was tried. */
  #statesTried(): number[] {
    const states = new Set<number>();
    for (let index = 0; index < this.#work.length; index++) states.add(this.#work.stateOf(index));
    return [...states].filter((state) => state !== noState);
  }
}

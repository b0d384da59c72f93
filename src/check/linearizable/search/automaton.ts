import type { Call } from "../call.ts";
import { illegal, type Model } from "../model.ts";
import { PairMap } from "./pair-map.ts";

/** The number that stands for no state. */
export const noState = -1;

/** Rough size of a state of a model, for the budget of memory. */
const stateBytes = 200;

/** What a search asks of a model, in numbers. */
export interface Transitions {
  readonly initial: number;
  /** Memory taken so far. */
  readonly bytes: number;
  /** The state after an operation of this kind, or `noState`. */
  next(state: number, kind: number): number;
  observes(kind: number): boolean;
  overwrites(kind: number): boolean;
  /** Kinds of one effect do the same where they are legal. */
  effectOf(kind: number): number;
  /** `the value is 4`. */
  describe(state: number): string;
}

/** A kind of operation: all calls with this input and output do the same. */
interface Kind<Input, Output> {
  readonly input: Input;
  readonly output: Output | undefined;
  /** The same for all kinds with this input: they do the same where they are legal. */
  readonly effect: number;
  readonly observes: boolean;
  readonly overwrites: boolean;
}

/**
 * A model with its states and kinds of operations as small numbers from 0 on. What an operation does
 * in a state is asked of the model once and remembered.
 */
export class Automaton<State, Input, Output> implements Transitions {
  readonly #model: Model<State, Input, Output>;
  readonly #states: State[] = [];
  readonly #stateNumbers = new Map<string | number, number>();
  readonly #kinds: Kind<Input, Output>[] = [];
  readonly #kindNumbers = new Map<string, number>();
  readonly #effectNumbers = new Map<string, number>();
  readonly #steps = new PairMap();
  readonly initial: number;

  constructor(model: Model<State, Input, Output>) {
    this.#model = model;
    this.initial = this.#numberOf(model.initial);
  }

  get bytes(): number {
    return this.#states.length * stateBytes + this.#steps.bytes;
  }

  kindOf({ input, output }: Pick<Call<Input, Output>, "input" | "output">): number {
    const inputKey = this.#model.inputKey(input);
    const key = `${inputKey}\n${this.#model.outputKey(output)}`;
    const known = this.#kindNumbers.get(key);
    if (known !== undefined) return known;
    const effect = this.#effectNumbers.get(inputKey) ?? this.#effectNumbers.size;
    this.#effectNumbers.set(inputKey, effect);
    this.#kinds.push({ input, output, effect, observes: this.#model.observes(input, output), overwrites: this.#model.overwrites(input) });
    this.#kindNumbers.set(key, this.#kinds.length - 1);
    return this.#kinds.length - 1;
  }

  next(state: number, kind: number): number {
    const known = this.#steps.get(state, kind);
    if (known !== undefined) return known;
    const next = this.#ask(state, kind);
    this.#steps.set(state, kind, next);
    return next;
  }

  observes(kind: number): boolean {
    return this.#kinds[kind]?.observes ?? false;
  }

  overwrites(kind: number): boolean {
    return this.#kinds[kind]?.overwrites ?? false;
  }

  effectOf(kind: number): number {
    return this.#kinds[kind]?.effect ?? noState;
  }

  describe(state: number): string {
    const known = this.#states[state];
    return known === undefined ? "no state" : this.#model.describeState(known);
  }

  #ask(number: number, kindNumber: number): number {
    const state = this.#states[number];
    const kind = this.#kinds[kindNumber];
    if (state === undefined || kind === undefined) return noState;
    const next = this.#model.step(state, kind.input, kind.output);
    return next === illegal ? noState : this.#numberOf(next);
  }

  #numberOf(state: State): number {
    const key = this.#model.stateKey(state);
    const known = this.#stateNumbers.get(key);
    if (known !== undefined) return known;
    this.#states.push(state);
    this.#stateNumbers.set(key, this.#states.length - 1);
    return this.#states.length - 1;
  }
}

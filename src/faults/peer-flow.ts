import type { Member } from "../cluster/member.ts";
import type { Pair } from "./cut-links.ts";
import type { PeerReading } from "./peer-traffic.ts";

/** What a series of readings tells of the bytes that one member received from another. */
export interface Stream {
  readonly from: Member;
  readonly to: Member;
  /** Received since the first reading. */
  readonly bytes: number;
  /**
   * Nothing was received between these moments: after the last byte was seen (or the first
   * reading taken), up to the last reading. Undefined when the receiver was never read.
   */
  readonly silentFromMs: number | undefined;
  readonly silentToMs: number | undefined;
}

/** Follows what the pairs exchange, from reading to reading. Pure. */
export class PeerFlow {
  readonly #streams: readonly { readonly pair: Pair; readonly into: StreamState }[];
  #last: PeerReading;
  readonly #startMs: number;

  constructor(pairs: readonly Pair[], first: PeerReading) {
    this.#streams = pairs.flatMap((pair) => [
      { pair, into: new StreamState(pair.b, pair.a) },
      { pair, into: new StreamState(pair.a, pair.b) },
    ]);
    this.#last = first;
    this.#startMs = first.fromMs;
    this.add(first);
  }

  add(reading: PeerReading): void {
    for (const { into } of this.#streams) into.add(reading);
    this.#last = reading;
  }

  get last(): PeerReading {
    return this.#last;
  }

  /** From the first reading to the last. */
  get lengthMs(): number {
    return this.#last.toMs - this.#startMs;
  }

  /** Both directions of a pair. */
  streams(pairs: readonly Pair[]): Stream[] {
    return this.#streams.filter(({ pair }) => pairs.includes(pair)).map(({ into }) => into);
  }

  /** The directions of the pairs that are cut. */
  cut(pairs: readonly Pair[]): Stream[] {
    return this.#streams.filter(({ pair, into }) => pairs.includes(pair) && (!pair.oneWay || into.from === pair.a)).map(({ into }) => into);
  }

  /** The other direction of those that are cut one way. */
  open(pairs: readonly Pair[]): Stream[] {
    return this.#streams.filter(({ pair, into }) => pairs.includes(pair) && pair.oneWay && into.from === pair.b).map(({ into }) => into);
  }

  /** Those of the pairs that exchanged bytes in both directions. */
  flowing(pairs: readonly Pair[]): Pair[] {
    return pairs.filter((pair) => this.streams([pair]).every(({ bytes }) => bytes > 0));
  }

  /**
   * Those of the pairs whose links are never idle: the ones with a leader at an end, since
   * followers send each other nothing; without a leader all of them, for the votes.
   */
  busy(pairs: readonly Pair[]): Pair[] {
    return this.#last.led ? pairs.filter(({ a, b }) => this.#last.leads(a) || this.#last.leads(b)) : [...pairs];
  }
}

/** The bytes of several streams. */
export function bytesOf(streams: readonly Stream[]): number {
  return streams.reduce((sum, { bytes }) => sum + bytes, 0);
}

class StreamState implements Stream {
  readonly from: Member;
  readonly to: Member;
  bytes = 0;
  silentFromMs: number | undefined;
  silentToMs: number | undefined;
  #value: number | undefined;

  constructor(from: Member, to: Member) {
    this.from = from;
    this.to = to;
  }

  add(reading: PeerReading): void {
    const value = reading.received(this.from, this.to);
    if (value === undefined) return;
    if (value !== this.#value) {
      // A counter that fell was started anew with its process.
      if (this.#value !== undefined) this.bytes += value > this.#value ? value - this.#value : value;
      this.#value = value;
      this.silentFromMs = reading.toMs;
    }
    this.silentToMs = reading.fromMs;
  }
}

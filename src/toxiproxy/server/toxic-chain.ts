import { refusals } from "./api-error.ts";
import type { Fields } from "./fields.ts";
import type { Link } from "./link.ts";
import type { Direction } from "./metrics.ts";
import { toxicTypes } from "./toxics/table.ts";
import type { Attributes, ToxicType } from "./toxics/toxic.ts";

/** A toxic of a proxy, as the API shows it. */
export interface Toxic {
  readonly name: string;
  readonly type: ToxicType;
  readonly stream: Direction;
  /** The share of connections it strikes, 0 to 1. */
  toxicity: number;
  attributes: Attributes;
}

/** The toxics of a proxy in the order in which data passes them, and the links they act on. */
export class ToxicChain {
  readonly #toxics: Record<Direction, Toxic[]> = { upstream: [], downstream: [] };
  readonly #links = new Set<Link>();

  /** Upstream before downstream, as Toxiproxy lists them. */
  list(): readonly Toxic[] {
    return [...this.#toxics.upstream, ...this.#toxics.downstream];
  }

  in(direction: Direction): readonly Toxic[] {
    return this.#toxics[direction];
  }

  /** Throws 404 when there is none. */
  get(name: string): Toxic {
    const toxic = this.list().find((candidate) => candidate.name === name);
    if (!toxic) throw refusals.toxicNotFound();
    return toxic;
  }

  /** Adds the toxic that a request describes at the end of its direction, on live connections too. */
  add(fields: Fields): Toxic {
    const toxic = describe(fields);
    if (this.list().some(({ name }) => name === toxic.name)) throw refusals.toxicExists();
    this.#toxics[toxic.stream].push(toxic);
    for (const link of this.#linksOf(toxic)) link.add(toxic);
    return toxic;
  }

  /** Changes toxicity and attributes; what the request leaves out stays, and so does everything when it is wrong. */
  update(name: string, fields: Fields): Toxic {
    const toxic = this.get(name);
    const attributes = readAttributes(fields, toxic.attributes);
    toxic.toxicity = fields.number("toxicity", toxic.toxicity);
    toxic.attributes = attributes;
    for (const link of this.#linksOf(toxic)) link.update(toxic);
    return toxic;
  }

  remove(name: string): void {
    const toxic = this.get(name);
    const others = this.#toxics[toxic.stream].filter((other) => other !== toxic);
    this.#toxics[toxic.stream] = others;
    for (const link of this.#linksOf(toxic)) link.remove(toxic);
  }

  clear(): void {
    for (const { name } of this.list()) this.remove(name);
  }

  attach(link: Link): void {
    this.#links.add(link);
  }

  detach(link: Link): void {
    this.#links.delete(link);
  }

  /** A copy: closing a connection takes its links out of the set. */
  #linksOf(toxic: Toxic): readonly Link[] {
    return [...this.#links].filter((link) => link.direction === toxic.stream);
  }
}

function describe(fields: Fields): Toxic {
  const typeName = fields.string("type", "");
  const stream = fields.string("stream", "downstream").toLowerCase();
  const name = fields.string("name", "") || `${typeName}_${stream}`;
  const toxicity = fields.number("toxicity", 1);
  if (stream !== "upstream" && stream !== "downstream") throw refusals.invalidStream();
  const type = toxicTypes.find((candidate) => candidate.type === typeName);
  if (!type) throw refusals.invalidToxicType();
  return { name, type, stream, toxicity, attributes: readAttributes(fields, type.defaults) };
}

function readAttributes(fields: Fields, fallback: Attributes): Attributes {
  const given = fields.object("attributes");
  return Object.fromEntries(Object.entries(fallback).map(([key, value]) => [key, given.integer(key, value)]));
}

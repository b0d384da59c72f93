import { refusals } from "./api-error.ts";

/**
 * The fields of a JSON object in a request, read one by one with a fallback.
 * As in Toxiproxy an absent field and `null` mean the fallback, unknown fields
 * are ignored, a name's case does not matter, and a field of the wrong type is a
 * bad request body.
 */
export class Fields {
  readonly #values: ReadonlyMap<string, unknown>;

  /** `what` names the object in messages. Throws 400 unless `json` is an object or null. */
  constructor(json: unknown, what: string) {
    if (json !== undefined && (typeof json !== "object" || Array.isArray(json)))
      throw refusals.badRequestBody(`${what} must be an object, not ${nameOf(json)}`);
    this.#values = new Map(Object.entries(json ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  }

  string(field: string, fallback: string): string {
    const value = this.#values.get(field) ?? fallback;
    if (typeof value !== "string") throw wrong(field, "a string", value);
    return value;
  }

  boolean(field: string, fallback: boolean): boolean {
    const value = this.#values.get(field) ?? fallback;
    if (typeof value !== "boolean") throw wrong(field, "true or false", value);
    return value;
  }

  number(field: string, fallback: number): number {
    const value = this.#values.get(field) ?? fallback;
    if (typeof value !== "number") throw wrong(field, "a number", value);
    return value;
  }

  integer(field: string, fallback: number): number {
    const value = this.number(field, fallback);
    if (!Number.isSafeInteger(value)) throw wrong(field, "a whole number", value);
    return value;
  }

  object(field: string): Fields {
    return new Fields(this.#values.get(field), field);
  }
}

function wrong(field: string, expected: string, value: unknown): Error {
  return refusals.badRequestBody(`${field} must be ${expected}, not ${nameOf(value)}`);
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "number" ? String(value) : `a value of type ${typeof value}`;
}

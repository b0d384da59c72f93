/** An object any key of which may be missing or be anything: what a decoder has yet to show. */
export type Loose<T> = { readonly [Key in keyof T]?: unknown };

/** Whether a value that was read is an object with keys. */
export function isLoose<T>(value: unknown): value is Loose<T> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value that was read is a text. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether a value that was read is a number that JSON can hold. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Whether a value that was read is a whole number, exact as such. */
export function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Whether a value that was read is missing or as it should be. */
export function isOptional(is: (value: unknown) => boolean, value: unknown): boolean {
  return value === undefined || is(value);
}

/** Whether a value that was read is a list whose items are all as they should be. */
export function isListOf(is: (value: unknown) => boolean, value: unknown): boolean {
  return Array.isArray(value) && value.every(is);
}

/** Whether a value that was read is one of a table's keys. */
export function isKeyOf<Table extends object>(table: Table, value: unknown): value is keyof Table {
  return typeof value === "string" && Object.hasOwn(table, value);
}

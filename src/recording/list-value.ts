/** How a list stands as a key's value: `[2s,4k]`. A key that is not there is the empty list. */
export const emptyList = "[]";

/** Elements are of digits and small letters. */
export function listText(elements: readonly string[]): string {
  return `[${elements.join(",")}]`;
}

/** Whether a value is a list. One that is too long for a history is none any more. */
export function isList(value: string): boolean {
  return value.startsWith("[") && value.endsWith("]");
}

/** Whether a value was a list before the history shortened it. */
export function wasList(value: string): boolean {
  return value.startsWith("[") && value.includes("…");
}

/** The elements of a list. */
export function elementsOf(list: string): string[] {
  return list.length > emptyList.length ? list.slice(1, -1).split(",") : [];
}

/** The elements from the last one on: the first few cost little, however long the list is. */
export function* fromTheLast(list: string): Generator<string, undefined> {
  for (let end = list.length - 1; end > 1; ) {
    const comma = list.lastIndexOf(",", end - 1);
    yield list.slice(Math.max(comma, 0) + 1, end);
    if (comma < 0) break;
    end = comma;
  }
  return undefined;
}

/** How many elements a list has. */
export function lengthOf(list: string): number {
  if (list.length <= emptyList.length) return 0;
  let length = 1;
  for (let comma = list.indexOf(","); comma >= 0; comma = list.indexOf(",", comma + 1)) length += 1;
  return length;
}

/** Whether a list begins with all of another. */
export function beginsWith(list: string, other: string): boolean {
  if (other === emptyList || list === other) return true;
  return list.length > other.length && list.startsWith(other.slice(0, -1)) && list[other.length - 1] === ",";
}

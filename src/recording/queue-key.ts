/** The keys of the queue: an item is a key, and the one with the lowest create revision is the first. */
export const queueRange = { key: "queue/", end: "queue0" } as const;

/** The key of an item. */
export function queueKey(item: string): string {
  return `${queueRange.key}${item}`;
}

/** Whether a key is an item of the queue. */
export function isQueueKey(key: string): boolean {
  return key.startsWith(queueRange.key);
}

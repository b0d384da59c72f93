/** What etcd promises to whoever watches, in the order in which a broken one is told. */
export const guarantees = ["filter", "ordered", "unique", "atomic", "bookmarkable", "agreed", "resumable", "reliable", "compacted", "listed", "is-create", "prev-kv"] as const;
export type Guarantee = (typeof guarantees)[number];

/** Each in half a sentence. */
export const guaranteeWords: Readonly<Record<Guarantee, string>> = {
  filter: "only the keys that were asked for",
  ordered: "revisions never decrease",
  unique: "no change comes twice",
  atomic: "a revision's changes come in one response",
  bookmarkable: "after progress to a revision nothing of it or before comes any more, and it is never one before the beginning",
  agreed: "all watches and acknowledged writes tell the same of a revision",
  resumable: "a watch from a revision begins with the first change from there on",
  reliable: "no change is left out",
  compacted: "a compaction ends only watches that have yet to be told something of what it drops",
  listed: "what a watcher lists first is the state of its revision, and of none older than what was answered before",
  "is-create": "what a change says of its key's creation and version fits the state before it",
  "prev-kv": "the key as it was before is that of the state before",
};

import type { WatchResponse } from "../../recording/watch.ts";
import { eventText } from "./violations.ts";

/** What came back to a watcher, with whose it is: `watcher 1 begins at revision 2`. */
export function responseText(response: WatchResponse): string {
  const who = `watcher ${response.watcher}`;
  switch (response.kind) {
    case "created":
      return `${who} begins at revision ${response.fromRevision}`;
    case "events":
      return `${who} is told ${response.events.map(eventText).join(", ")}, at revision ${response.revision}`;
    case "progress":
      return `${who} is told of progress to revision ${response.revision}`;
    case "canceled":
      return `${who} is canceled: ${response.error}`;
    case "cut":
      return `${who} is cut: ${response.error}`;
  }
}

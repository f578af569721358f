import type { StoredObject } from "../cloud/object-store";
import type { LineOutcome, PendingLine } from "./types";

/** What the destination holds under a line's name, right or not known to be; undefined for other bytes and for none. */
export function standingObject(result: LineOutcome | PendingLine): StoredObject | undefined {
  if (result.outcome === undefined) return result.pending === "destination" ? result.object : undefined;
  return result.outcome.status === "published" ? result.outcome.published : undefined;
}

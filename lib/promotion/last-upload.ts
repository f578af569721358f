import type { Base } from "../model/filestore-base";
import { readerOf } from "./reader";
import type { Run } from "./run";

/** When a bucket was last written to, as far as anybody asked. */
export type LastUpload =
  /** Something is younger than the given time; how much younger was not looked at. */
  | { readonly state: "recent" }
  | { readonly state: "idle"; readonly at: string }
  | { readonly state: "empty" }
  | { readonly state: "unknown"; readonly what: string };

/** Reads the listing until it meets an object made after `since`; auto-deletion may have emptied the bucket. */
export async function lastUpload(run: Run, { scheme, bucket, prefix }: Base, since: Date): Promise<LastUpload> {
  const limit = since.toISOString();
  let latest = "";
  try {
    const store = await run.store(scheme, readerOf(run));
    for await (const page of store.list(bucket, prefix, {}, { signal: run.signal })) {
      for (const { created = "" } of page) if (created > latest) latest = created;
      if (latest >= limit) return { state: "recent" };
    }
  } catch (error) {
    return { state: "unknown", what: error instanceof Error ? error.message : String(error) };
  }
  return latest === "" ? { state: "empty" } : { state: "idle", at: latest };
}

import type { Call } from "../http/service";
import { noAccessList } from "./access-lists";
import type { Guard } from "./guard";
import { checkWrite } from "./objects";
import { preconditionsOf } from "./preconditions";
import type { BucketRecord } from "./records";
import type { ResumableUploads } from "./resumable";
import type { StorageState } from "./storage-state";

/** What the handlers of uploads share. */
export interface Uploads {
  readonly state: StorageState;
  readonly guard: Guard;
  readonly sessions: ResumableUploads;
}

/** Refuses at once what would be refused when all bytes have come. */
export function permit(
  { state, guard }: Uploads,
  call: Call,
  bucket: BucketRecord,
  name: string,
  resource: Readonly<Record<string, unknown>>,
): void {
  guard.onObject(call.principal, "storage.objects.create", bucket.name, name);
  guard.onRetention(call.principal, bucket.name, name, resource);
  checkWrite(state, bucket, name, preconditionsOf(call.query), () =>
    guard.onObject(call.principal, "storage.objects.delete", bucket.name, name),
  );
}

/** No object is written with an access list. */
export function checkAcl(bucket: BucketRecord, call: Call): void {
  if (!call.query.has("predefinedAcl") && !call.query.has("destinationPredefinedAcl")) return;
  throw noAccessList(bucket, "insertObject");
}

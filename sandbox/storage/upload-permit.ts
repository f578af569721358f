import { googleError } from "../http/errors";
import type { Call } from "../http/service";
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
export function permit({ state, guard }: Uploads, call: Call, bucket: BucketRecord, name: string): void {
  guard.onObject(call.principal, "storage.objects.create", bucket.name, name);
  checkWrite(state, bucket, name, preconditionsOf(call.query), () =>
    guard.onObject(call.principal, "storage.objects.delete", bucket.name, name),
  );
}

/** Per-object access lists are not part of the sandbox; with uniform access they are not part of Google either. */
export function checkAcl({ settings }: BucketRecord, call: Call): void {
  if (!call.query.has("predefinedAcl") && !call.query.has("destinationPredefinedAcl")) return;
  if (settings.iamConfiguration.uniformBucketLevelAccess.enabled) {
    throw googleError(
      400,
      "invalid",
      "Cannot insert legacy ACL for an object when uniform bucket-level access is enabled. Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access",
    );
  }
  throw googleError(501, "notImplemented", "The sandbox has no access lists of single objects: grant access by IAM.");
}

import { type GoogleError, googleError } from "../http/errors";
import type { BucketRecord } from "./records";

/** What Google says to each attempt in a bucket with uniform access. */
const REFUSALS = {
  readBucket: "Cannot get legacy ACL for a bucket that has uniform bucket-level access.",
  changeBucket: "Cannot use ACL API to update bucket policy when uniform bucket-level access is enabled.",
  readObject: "Cannot get legacy ACL for an object when uniform bucket-level access is enabled.",
  changeObject: "Cannot update access control for an object when uniform bucket-level access is enabled.",
  insertObject: "Cannot insert legacy ACL for an object when uniform bucket-level access is enabled.",
} as const;

/** Access lists are not part of the sandbox; with uniform access they are not part of Google either. */
export function noAccessList({ settings }: BucketRecord, attempt: keyof typeof REFUSALS): GoogleError {
  if (!settings.iamConfiguration.uniformBucketLevelAccess.enabled) {
    return googleError(501, "notImplemented", "The sandbox has no access control lists: grant access by IAM.");
  }
  const more = "Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access";
  return googleError(400, "invalid", `${REFUSALS[attempt]} ${more}`);
}

import { type GoogleError, googleError } from "../http/errors";
import type { Principal } from "../http/service";
import type { Access } from "../iam/access";

type Noun = "object" | "bucket" | "managed folder" | "project";

const NOUNS: Readonly<Record<Noun, string>> = {
  object: "Google Cloud Storage object",
  bucket: "Google Cloud Storage bucket",
  "managed folder": "Google Cloud Storage managed folder",
  project: "Google Cloud project",
};

/** Refuses callers in the words of Cloud Storage. Each method throws 401 or 403 unless the permission is held. */
export class Guard {
  constructor(private readonly access: Access) {}

  mayOnObject(principal: Principal, permission: string, bucket: string, name: string): boolean {
    return this.access.allows(principal, permission, `buckets/${bucket}/objects/${name}`);
  }

  onObject(principal: Principal, permission: string, bucket: string, name: string): void {
    if (!this.mayOnObject(principal, permission, bucket, name)) throw denied(principal, permission, "object");
  }

  /** Whoever writes an object with a retention of its own needs another right for that. */
  onRetention(principal: Principal, bucket: string, name: string, resource: Readonly<Record<string, unknown>>): void {
    if ("retention" in resource) this.onObject(principal, "storage.objects.setRetention", bucket, name);
  }

  onBucket(principal: Principal, permission: string, bucket: string): void {
    if (!this.access.allows(principal, permission, `buckets/${bucket}`)) throw denied(principal, permission, "bucket");
  }

  /** Listing below a prefix is also allowed by the policy of a managed folder that holds all of it. */
  onListing(principal: Principal, bucket: string, prefix: string): void {
    const permission = "storage.objects.list";
    const isAllowed = this.access.allows(principal, permission, `buckets/${bucket}/managedFolders/${prefix}`);
    if (!isAllowed) throw denied(principal, permission, "bucket");
  }

  onFolder(principal: Principal, permission: string, bucket: string, name: string): void {
    if (this.access.allows(principal, permission, `buckets/${bucket}/managedFolders/${name}`)) return;
    throw denied(principal, permission, "managed folder");
  }

  onProject(principal: Principal, permission: string, project: string): void {
    if (!this.access.allows(principal, permission, `projects/${project}`))
      throw denied(principal, permission, "project");
  }
}

function denied(principal: Principal, permission: string, noun: Noun): GoogleError {
  const who = principal === undefined ? "Anonymous caller" : principal.slice(principal.indexOf(":") + 1);
  const message = `${who} does not have ${permission} access to the ${NOUNS[noun]}. Permission '${permission}' denied on resource (or it may not exist).`;
  if (principal !== undefined) return googleError(403, "forbidden", message);
  const error = googleError(401, "required", message);
  error.location = { locationType: "header", location: "Authorization" };
  return error;
}

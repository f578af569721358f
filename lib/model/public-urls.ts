import type { Serving } from "./defaults";

/** An object of a destination. */
export interface PublishedObject {
  readonly scheme: "gs" | "s3";
  readonly bucket: string;
  readonly name: string;
}

/**
 * Where the public downloads an object, the address that is given out first. Objects of the serving bucket are served
 * under its prefixes; those of other Cloud Storage buckets where Google serves them; what fronts an S3 bucket is not known.
 */
export function publicUrls({ scheme, bucket, name }: PublishedObject, serving: Serving): readonly string[] {
  if (scheme === "s3") return [];
  const google = `https://storage.googleapis.com/${bucket}`;
  const prefixes = bucket === serving.bucket && serving.publicUrls.length > 0 ? serving.publicUrls : [google];
  const path = name.split("/").map(encodeURIComponent).join("/");
  return prefixes.map((prefix) => `${prefix}/${path}`);
}

import type { Defaults } from "./defaults";
import type { Base } from "./filestore-base";

/** Where the public can fetch a published file: the first is the one to print. */
export function publishedUrls(
  destination: Pick<Base, "scheme" | "bucket" | "prefix">,
  name: string,
  { serving }: Pick<Defaults, "serving">,
): readonly string[] {
  const path = encodePath(destination.prefix + name);
  return urlPrefixes(destination, serving).map((prefix) => `${prefix}/${path}`);
}

function urlPrefixes(
  { scheme, bucket }: Pick<Base, "scheme" | "bucket">,
  serving: Defaults["serving"],
): readonly string[] {
  if (scheme === "s3") return [`https://${bucket}.s3.amazonaws.com`];
  if (bucket === serving.bucket && serving.publicUrls.length > 0) return serving.publicUrls;
  return [`https://storage.googleapis.com/${bucket}`];
}

/** Slashes stay: they part folders in every tool that fetches. */
function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

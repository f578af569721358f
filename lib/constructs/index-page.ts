import { StorageBucketObject } from "@cdktf/provider-google/lib/storage-bucket-object";
import { Construct } from "constructs";

export interface IndexPageProps {
  readonly bucket: string;
  readonly name: string;

  /** Whether it stays when the stack is destroyed. */
  readonly isKept: boolean;
}

/** Never changes: the bucket's retention forbids replacing what is in it, this page included. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Published artifacts</title>
<p>Files are published here for good. Each release's manifest lists its files with their SHA-256.</p>
</html>
`;

/** What a browser sees at the root of the production bucket. */
export class IndexPage extends Construct {
  constructor(scope: Construct, id: string, { bucket, name, isKept }: IndexPageProps) {
    super(scope, id);
    new StorageBucketObject(this, "index", {
      bucket,
      name,
      content: PAGE,
      contentType: "text/html; charset=utf-8",
      cacheControl: "public, max-age=3600",
      ...(isKept ? { deletionPolicy: "ABANDON" } : {}),
      lifecycle: { ignoreChanges: ["content", "content_type", "cache_control"] },
    });
  }
}

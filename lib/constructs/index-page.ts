import { StorageBucketObject } from "@cdktf/provider-google/lib/storage-bucket-object";
import { Construct } from "constructs";
import { INDEX_PAGE_TEXT } from "../model/index-page";

export interface IndexPageProps {
  readonly bucket: string;
  readonly name: string;

  /** Whether it stays when the stack is destroyed. */
  readonly isKept: boolean;
}

/** What a browser sees at the root of the production bucket. */
export class IndexPage extends Construct {
  constructor(scope: Construct, id: string, { bucket, name, isKept }: IndexPageProps) {
    super(scope, id);
    new StorageBucketObject(this, "index", {
      bucket,
      name,
      content: INDEX_PAGE_TEXT,
      contentType: "text/html; charset=utf-8",
      cacheControl: "public, max-age=3600",
      ...(isKept ? { deletionPolicy: "ABANDON" } : {}),
      lifecycle: { ignoreChanges: ["content", "content_type", "cache_control"] },
    });
  }
}

import { googleError } from "../http/errors";
import type { World } from "../state/world";
import { listPage } from "../storage/listing";
import type { ObjectRecord } from "../storage/records";
import { bindingsOf, isPublic } from "./bucket-access";
import { type Rows, rows } from "./table";

interface Summary {
  readonly objects: number;
  readonly bytes: number;
}

/** What the console shows of objects. Sums over a bucket are kept until something in it changes. */
export class ObjectView {
  private readonly summaries = new Map<string, Summary & { readonly version: number }>();

  constructor(private readonly world: World) {}

  summary(bucket: string): Summary {
    const objects = this.objectsOf(bucket);
    const known = this.summaries.get(bucket);
    if (known?.version === objects.version) return { objects: known.objects, bytes: known.bytes };
    const bytes = objects.values().reduce((sum, { size }) => sum + size, 0);
    const summary = { objects: objects.size, bytes };
    this.summaries.set(bucket, { ...summary, version: objects.version });
    return summary;
  }

  /** One page of a folder of a bucket: what lies in it, and the folders below it. */
  browse(query: URLSearchParams, origin: string): object {
    const bucket = query.get("bucket") ?? "";
    if (!this.world.store.collection("buckets").has(bucket)) {
      throw googleError(404, "notFound", `There is no bucket ${bucket}.`);
    }
    const token = query.get("token");
    const page = listPage(this.objectsOf(bucket), {
      prefix: query.get("prefix") ?? "",
      delimiter: "/",
      includeTrailingDelimiter: false,
      maxResults: 100,
      ...(token === null || token === "" ? {} : { pageToken: token }),
    });
    return {
      ...this.summary(bucket),
      isPublic: isPublic(this.world, bucket),
      bindings: bindingsOf(this.world, bucket),
      folders: page.prefixes,
      items: page.records.map((record) => this.row(bucket, record, origin)),
      ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    };
  }

  /** Objects that anybody can fetch and whose SHA-256 was recorded when they were published. */
  published(query: URLSearchParams, origin: string): Rows<object> {
    const buckets = this.world.store.collection<{ readonly name: string }>("buckets").keys();
    const found = buckets
      .filter((bucket) => isPublic(this.world, bucket))
      .flatMap((bucket) =>
        this.objectsOf(bucket)
          .values()
          .filter(({ settings }) => settings.metadata?.sha256 !== undefined)
          .map((record) => this.row(bucket, record, origin)),
      );
    return rows(found, ({ bucket, name }) => `${bucket}/${name}`, query);
  }

  private row(bucket: string, { name, size, updated, generation, md5Hash, settings }: ObjectRecord, origin: string) {
    return {
      bucket,
      name,
      size,
      updated,
      generation,
      md5Hash,
      contentType: settings.contentType,
      cacheControl: settings.cacheControl,
      metadata: settings.metadata ?? {},
      ...(this.world.access.allows(undefined, "storage.objects.get", `buckets/${bucket}/objects/${name}`)
        ? { url: publicUrl(origin, bucket, name) }
        : {}),
    };
  }

  private objectsOf(bucket: string) {
    return this.world.store.collection<ObjectRecord>(`objects/${bucket}`);
  }
}

/** Browsers fold `.` and `..` in a path before they ask; the JSON API's address, with its slashes encoded, has none. */
function publicUrl(origin: string, bucket: string, name: string): string {
  const segments = name.split("/");
  if (segments.some((segment) => segment === "." || segment === "..")) {
    return `${origin}/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?alt=media`;
  }
  return `${origin}/${bucket}/${segments.map(encodeURIComponent).join("/")}`;
}

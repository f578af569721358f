import { type Identity, storageReadWriteScope, tokenSource, tokensOrNobody } from "./auth";
import type { StoreContext } from "./context";
import { type GcsClient, gcsClient } from "./gcs-client";
import {
  type ObjectResource,
  objectFields,
  objectPath,
  query,
  toResource,
  toStoredObject,
  toThisObject,
} from "./gcs-objects";
import {
  type CallOptions,
  type CopyingStore,
  type ListRange,
  type ObjectName,
  type ObjectProperties,
  type ObjectVersion,
  objectUrl,
  type ReadableVersion,
  type StoredObject,
  StoreError,
} from "./object-store";
import { withRetries } from "./retry";

/**
 * Cloud Storage through its JSON API. The hot path is ours and not @google-cloud/storage's: its read streams take twice
 * as long, and every precondition, page and retry is then one that we chose. The one call that writes is a rewrite that
 * creates: nothing here uploads, deletes, patches or replaces.
 */
export function gcsStore(identity: Identity, context: StoreContext): CopyingStore {
  const source = tokenSource(identity, {
    env: context.env,
    scopes: [storageReadWriteScope],
    timeoutSeconds: context.retry.answerTimeoutSeconds,
  });
  const client = gcsClient(context, identity.kind === "ambient" ? tokensOrNobody(source) : source);
  return {
    scheme: "gs",
    endpoint: client.endpoint,
    get identity() {
      return client.identity;
    },
    list: (bucket, prefix, range, options) => list(client, context, bucket, prefix, range, options),
    stat: (object, options) => stat(client, context, object, options),
    openRead: (object, offset, options) => openRead(client, object, offset, options),
    copy: (source, destination, properties, options) =>
      rewrite(client, context, source, destination, properties, options),
    checkWritable: (bucket, prefix, options) => checkWritable(client, context, bucket, prefix, options),
  };
}

interface Page {
  readonly items?: readonly ObjectResource[];
  readonly nextPageToken?: string;
}

async function* list(
  client: GcsClient,
  context: StoreContext,
  bucket: string,
  prefix: string,
  { from, before }: ListRange,
  { signal }: CallOptions,
): AsyncGenerator<readonly StoredObject[]> {
  const subject = `list ${objectUrl("gs", { bucket, name: prefix })}`;
  const asked = {
    prefix: prefix || undefined,
    startOffset: from,
    endOffset: before,
    maxResults: "1000",
    fields: `nextPageToken,items(${objectFields})`,
  };
  const seen = new Set<string>();
  let pageToken: string | undefined;
  do {
    const path = `/storage/v1/b/${encodeURIComponent(bucket)}/o${query({ ...asked, pageToken })}`;
    const { objects, next } = await withRetries(context, subject, signal, async () => {
      const page = await client.json<Page>({ method: "GET", path, subject, signal });
      const objects = (page?.items ?? []).map((item) => toStoredObject(bucket, item, subject));
      return { objects, next: page?.nextPageToken || undefined };
    });
    yield objects;
    if (next !== undefined && seen.has(next)) throw new StoreError("refused", `${subject}: a page leads to itself`);
    if (next !== undefined) seen.add(next);
    pageToken = next;
  } while (pageToken !== undefined);
}

async function stat(client: GcsClient, context: StoreContext, object: ObjectName, { signal }: CallOptions) {
  const subject = `look up ${objectUrl("gs", object)}`;
  const path = `/storage/v1${objectPath(object)}${query({ fields: objectFields })}`;
  return withRetries(context, subject, signal, async () => {
    const found = await client.json<ObjectResource>({ method: "GET", path, subject, signal, accept: [404] });
    return found && toThisObject(object, found, subject);
  });
}

async function* openRead(
  client: GcsClient,
  object: ReadableVersion,
  offset: number,
  { signal }: CallOptions,
): AsyncGenerator<Uint8Array> {
  const about = { subject: `read ${objectUrl("gs", object)}`, signal };
  const response = await client.openBytes({
    ...about,
    method: "GET",
    path: `/storage/v1${objectPath(object)}${query({ alt: "media", generation: object.generation })}`,
    headers: {
      // What is stored compressed is sent as it is stored; what is not must not be compressed on the way.
      "accept-encoding": object.contentEncoding === "gzip" ? "gzip" : "identity",
      ...(offset > 0 && { range: `bytes=${offset}-` }),
    },
  });
  const served = response.headers["x-goog-generation"];
  if (served !== undefined && served !== object.generation) {
    response.giveUp();
    throw new StoreError("changed", `${about.subject}: asked for generation ${object.generation}, got ${served}`);
  }
  // A server that ignores ranges starts over: what was read before is skipped.
  let skip = offset > 0 && response.status !== 206 ? offset : 0;
  for await (const piece of response.pieces) {
    if (skip >= piece.length) skip -= piece.length;
    else {
      yield skip === 0 ? piece : piece.subarray(skip);
      skip = 0;
    }
  }
}

/** Calls of a rewrite that may come to nothing, one after the other, before it is given up. */
const MAX_IDLE_REWRITES = 20;

interface RewriteAnswer {
  readonly done?: boolean;
  readonly rewriteToken?: string;
  readonly totalBytesRewritten?: string;
  readonly resource?: ObjectResource;
}

async function rewrite(
  client: GcsClient,
  context: StoreContext,
  source: ObjectVersion,
  destination: ObjectName,
  properties: ObjectProperties,
  { signal, onProgress }: CallOptions,
): Promise<StoredObject> {
  const subject = `copy ${objectUrl("gs", source)} to ${objectUrl("gs", destination)}`;
  const base = `/storage/v1${objectPath(source)}/rewriteTo${objectPath(destination)}`;
  const body = JSON.stringify(toResource(properties));
  let rewriteToken: string | undefined;
  let rewritten = 0;
  let idleAnswers = 0;
  for (;;) {
    const asked = {
      sourceGeneration: source.generation,
      ifSourceGenerationMatch: source.generation,
      ifGenerationMatch: "0",
      rewriteToken,
    };
    const answer = await withRetries(context, subject, signal, async () => {
      const { done, resource, ...more } =
        (await client.json<RewriteAnswer>({
          method: "POST",
          path: base + query(asked),
          headers: { "content-type": "application/json" },
          body,
          subject,
          signal,
        })) ?? {};
      if (done && resource) return { created: toThisObject(destination, resource, subject) };
      if (more.rewriteToken !== undefined) return more;
      throw new StoreError("unavailable", `${subject}: the answer is neither done nor has a token to go on with`);
    });
    if ("created" in answer) return answer.created;
    rewriteToken = answer.rewriteToken;
    const reached = Number(answer.totalBytesRewritten ?? 0);
    idleAnswers = reached > rewritten ? 0 : idleAnswers + 1;
    if (idleAnswers > MAX_IDLE_REWRITES) {
      throw new StoreError(
        "unavailable",
        `${subject}: no byte more than ${rewritten} was copied in ${idleAnswers} calls`,
      );
    }
    rewritten = Math.max(rewritten, reached);
    onProgress?.(rewritten);
  }
}

/** Asks what the identity may do, which writes nothing. A service that does not answer the question leaves it open. */
async function checkWritable(
  client: GcsClient,
  context: StoreContext,
  bucket: string,
  prefix: string,
  { signal }: CallOptions,
): Promise<void> {
  const subject = `ask for permissions on gs://${bucket}`;
  const permission = "storage.objects.create";
  const path = `/storage/v1/b/${encodeURIComponent(bucket)}/iam/testPermissions${query({ permissions: permission })}`;
  const answer = await withRetries(context, subject, signal, () =>
    client.json<{ permissions?: readonly string[] }>({
      method: "GET",
      path,
      subject,
      signal,
      accept: [400, 403, 404, 405, 501],
    }),
  );
  if (answer !== undefined && !answer.permissions?.includes(permission)) {
    const place = objectUrl("gs", { bucket, name: prefix });
    throw new StoreError("forbidden", `${place}: ${client.identity} lacks ${permission}`);
  }
}

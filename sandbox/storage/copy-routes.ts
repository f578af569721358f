import { googleError } from "../http/errors";
import { type Call, json, post, type Reply, type Route } from "../http/service";
import { readBody } from "../services/request-body";
import { findBucket } from "./buckets";
import { COMPOSE, type ComposeRequest, type Copy, compose, move, prepareCopy } from "./copies";
import type { Guard } from "./guard";
import { objectResource } from "./resources";
import type { StorageState } from "./storage-state";
import { checkAcl } from "./upload-permit";

const MEBIBYTE = 1 << 20;

/** How far one call of a rewrite gets where bytes really move: to another location or storage class. */
const BYTES_PER_CALL = 256 << 20;

/** How far a rewrite has come. Clients hand it back; to them it is opaque. */
interface Progress {
  readonly source: string;
  readonly destination: string;
  readonly generation: string;
  readonly done: number;
}

/** Copies within Cloud Storage: rewrite, copy, move and compose. */
export function copyRoutes(state: StorageState, guard: Guard): readonly Route[] {
  const path = "/v1/b/{sourceBucket}/o/{sourceObject}";
  return [
    post(`${path}/rewriteTo/b/{bucket}/o/{object}`, async (call) =>
      rewrite(call, prepareCopy(state, guard, call, await resourceOf(state, call))),
    ),
    post(`${path}/copyTo/b/{bucket}/o/{object}`, async (call) => {
      const copy = prepareCopy(state, guard, call, await resourceOf(state, call));
      return json(objectResource(copy.to, copy.write(), call.origin));
    }),
    post("/v1/b/{bucket}/o/{sourceObject}/moveTo/o/{object}", async (call) =>
      json(objectResource(findBucket(state, call.param("bucket")), move(state, guard, call), call.origin)),
    ),
    post("/v1/b/{bucket}/o/{object}/compose", async (call) => {
      const request = await readBody<ComposeRequest>(call, COMPOSE);
      const bucket = findBucket(state, call.param("bucket"));
      checkAcl(bucket, call);
      return json(objectResource(bucket, compose(state, guard, call, request), call.origin));
    }),
  ];
}

async function resourceOf(state: StorageState, call: Call): Promise<Readonly<Record<string, unknown>>> {
  const resource = await call.json();
  checkAcl(findBucket(state, call.param("bucket")), call);
  return resource;
}

function rewrite(call: Call, copy: Copy): Reply {
  const { source } = copy;
  const before = progressOf(call, copy);
  const done = Math.min(source.size, before + bytesPerCall(call, copy));
  const answer = {
    kind: "storage#rewriteResponse",
    totalBytesRewritten: String(done),
    objectSize: String(source.size),
    done: done === source.size,
  };
  if (done < source.size) return json({ ...answer, rewriteToken: token(copy, done) });
  return json({ ...answer, resource: objectResource(copy.to, copy.write(), call.origin) });
}

/** Within one location and class nothing moves but a reference, so a call finishes whatever the size, unless told not to. */
function bytesPerCall(call: Call, { from, to, source }: Copy): number {
  const asked = call.query.get("maxBytesRewrittenPerCall");
  if (asked !== null) {
    const bytes = Number(asked);
    if (!Number.isInteger(bytes) || bytes <= 0 || bytes % MEBIBYTE !== 0) {
      throw googleError(
        400,
        "invalid",
        `maxBytesRewrittenPerCall must be an integral multiple of 1048576, found ${asked}.`,
      );
    }
    return bytes;
  }
  const isNear = from.location === to.location && source.storageClass === to.settings.storageClass;
  return isNear ? Number.MAX_SAFE_INTEGER : BYTES_PER_CALL;
}

function progressOf(call: Call, copy: Copy): number {
  const given = call.query.get("rewriteToken");
  if (given === null) return 0;
  const { done, ...expected } = readToken(given);
  if (JSON.stringify(expected) !== JSON.stringify(identity(copy))) {
    throw googleError(
      400,
      "invalid",
      "Invalid rewrite token: it belongs to another rewrite, or the source has changed since.",
    );
  }
  return done;
}

function token(copy: Copy, done: number): string {
  return Buffer.from(JSON.stringify({ ...identity(copy), done })).toString("base64url");
}

function readToken(text: string): Progress {
  try {
    const value: Partial<Progress> = JSON.parse(Buffer.from(text, "base64url").toString());
    const { source = "", destination = "", generation = "", done } = value;
    if (typeof done === "number") return { source, destination, generation, done };
  } catch {
    // Said below.
  }
  throw googleError(400, "invalid", "Invalid rewrite token.");
}

function identity({ from, source, to, name }: Copy) {
  return { source: `${from.name}/${source.name}`, destination: `${to.name}/${name}`, generation: source.generation };
}

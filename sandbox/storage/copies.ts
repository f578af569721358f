import { googleError } from "../http/errors";
import type { Call } from "../http/service";
import type { Shape } from "../services/request-body";
import { findBucket } from "./buckets";
import { combineCrc32c, decodeCrc32c, encodeCrc32c } from "./bytes/crc32c";
import type { Guard } from "./guard";
import { settingsIn } from "./object-settings";
import { checkWrite, createObject, type Draft, deleteObject, findObject } from "./objects";
import { checkPreconditions, preconditionsOf, wholeNumber } from "./preconditions";
import type { BucketRecord, ObjectRecord } from "./records";
import { checkRetention } from "./retention";
import type { StorageState } from "./storage-state";

type Json = Readonly<Record<string, unknown>>;

const MAX_SOURCES = 32;

/** A copy within Cloud Storage, with everything checked that can be checked before bytes move. */
export interface Copy {
  readonly from: BucketRecord;
  readonly source: ObjectRecord;
  readonly to: BucketRecord;
  readonly name: string;

  /** Makes the object at the destination. */
  write(): ObjectRecord;
}

/** Reads and checks the request of `copyTo`, `rewriteTo` and `moveTo`. */
export function prepareCopy(
  state: StorageState,
  guard: Guard,
  call: Call,
  resource: Json,
  sourceBucket = call.param("sourceBucket"),
): Copy {
  const from = findBucket(state, sourceBucket);
  const to = findBucket(state, call.param("bucket"));
  const name = call.param("object");
  const sourceName = call.param("sourceObject");
  guard.onObject(call.principal, "storage.objects.get", from.name, sourceName);
  guard.onObject(call.principal, "storage.objects.create", to.name, name);
  guard.onRetention(call.principal, to.name, name, resource);
  const source = findObject(
    state,
    from.name,
    sourceName,
    wholeNumber("sourceGeneration", call.query.get("sourceGeneration")),
  );
  checkPreconditions(preconditionsOf(call.query, "Source"), source);
  const mayOverwrite = () => guard.onObject(call.principal, "storage.objects.delete", to.name, name);
  checkWrite(state, to, name, preconditionsOf(call.query), mayOverwrite);
  return {
    from,
    source,
    to,
    name,
    write: () =>
      createObject(state, to.name, copied(name, source, resource), preconditionsOf(call.query), mayOverwrite),
  };
}

/** A resource in the request replaces all metadata of the source; without one it is copied. */
function copied(name: string, source: ObjectRecord, resource: Json): Draft {
  const { size, crc32c, md5Hash, componentCount, content } = source;
  const { eventBasedHold: _event, temporaryHold: _temporary, retention: _retention, ...inherited } = source.settings;
  const storageClass = typeof resource.storageClass === "string" ? resource.storageClass : undefined;
  const settings = settingsIn(resource);
  return {
    name,
    size,
    crc32c,
    ...(md5Hash === undefined ? {} : { md5Hash }),
    ...(componentCount === undefined ? {} : { componentCount }),
    ...(storageClass === undefined ? {} : { storageClass }),
    settings: Object.keys(settings).length === 0 ? inherited : settings,
    keep: () => content,
  };
}

/** Gives an object another name in its bucket. A move takes the object away from where it is: it may do what a deletion may. */
export function move(state: StorageState, guard: Guard, call: Call): ObjectRecord {
  const { from, source, name, write } = prepareCopy(state, guard, call, {}, call.param("bucket"));
  if (name === source.name) throw googleError(400, "invalid", "The source and the destination of a move must differ.");
  guard.onObject(call.principal, "storage.objects.delete", from.name, source.name);
  checkRetention(from, source, state.world.clock.now());
  const moved = write();
  deleteObject(state, from, source, false);
  return moved;
}

export interface ComposeRequest {
  readonly sourceObjects: readonly {
    readonly name?: string;
    readonly generation?: unknown;
    readonly objectPreconditions?: { readonly ifGenerationMatch?: unknown };
  }[];
  readonly destination: Json;
}

/** A generation may be a text or a number. */
export const COMPOSE: Shape = { sourceObjects: [{ name: "text", objectPreconditions: {} }], destination: {} };

/** Makes one object of up to 32 others of its bucket, without moving bytes. */
export function compose(state: StorageState, guard: Guard, call: Call, request: Partial<ComposeRequest>): ObjectRecord {
  const bucket = findBucket(state, call.param("bucket"));
  const name = call.param("object");
  const { sourceObjects = [], destination = {} } = request;
  if (sourceObjects.length === 0) throw googleError(400, "required", "You must provide at least one source component.");
  if (sourceObjects.length > MAX_SOURCES) {
    throw googleError(
      400,
      "invalid",
      `The number of source components provided (${sourceObjects.length}) exceeds the maximum (${MAX_SOURCES})`,
    );
  }
  guard.onObject(call.principal, "storage.objects.create", bucket.name, name);
  guard.onRetention(call.principal, bucket.name, name, destination);
  const sources = sourceObjects.map(({ name: part, generation, objectPreconditions }, index) => {
    const field = `sourceObjects[${index}]`;
    if (part === undefined) throw googleError(400, "required", `Required parameter: ${field}.name`);
    guard.onObject(call.principal, "storage.objects.get", bucket.name, part);
    const source = findObject(state, bucket.name, part, wholeNumber(`${field}.generation`, generation));
    const generationMatch = wholeNumber(`${field}.ifGenerationMatch`, objectPreconditions?.ifGenerationMatch);
    checkPreconditions(generationMatch === undefined ? {} : { generationMatch }, source);
    return source;
  });
  const draft = composed(name, sources, destination);
  return createObject(state, bucket.name, draft, preconditionsOf(call.query), () =>
    guard.onObject(call.principal, "storage.objects.delete", bucket.name, name),
  );
}

function composed(name: string, sources: readonly ObjectRecord[], destination: Json): Draft {
  const { size, crc } = sources.reduce(
    (sum, { crc32c, size }) => ({ size: sum.size + size, crc: combineCrc32c(sum.crc, decodeCrc32c(crc32c), size) }),
    { size: 0, crc: 0 },
  );
  const contentType = sources[0]?.settings.contentType;
  return {
    name,
    size,
    crc32c: encodeCrc32c(crc),
    componentCount: sources.reduce((sum, { componentCount = 1 }) => sum + componentCount, 0),
    ...(typeof destination.storageClass === "string" ? { storageClass: destination.storageClass } : {}),
    settings: { ...(contentType === undefined ? {} : { contentType }), ...settingsIn(destination) },
    keep: () => sources.flatMap(({ content }) => content),
  };
}

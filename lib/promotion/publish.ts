import {
  type CopyingStore,
  type Digests,
  type ObjectStore,
  objectUrl,
  type StoredObject,
  StoreError,
  type StoreErrorKind,
} from "../cloud/object-store";
import {
  destinationDiffers,
  destinationUrl,
  failed,
  objectOf,
  sourceFailure,
  unclearFailure,
  writeFailure,
} from "./failures";
import type { Hasher } from "./hash";
import { propertiesOf } from "./properties";
import { knownSha256 } from "./record";
import type { Run } from "./run";
import type { LineTarget, Outcome } from "./types";

export interface Publication {
  readonly target: LineTarget;

  /** The source object whose bytes were hashed. */
  readonly object: StoredObject;
  readonly digests: Digests;
  readonly from: ObjectStore;
  readonly to: ObjectStore;

  /** Creates the object where the service can not copy it. */
  upload(): Promise<StoredObject>;
}

/**
 * Creates the destination object from exactly the version that was hashed. This and the relay it asks for
 * uploads are all in the engine that writes to a bucket, and all they can ask of a store is to create: nothing is ever
 * replaced or removed, whatever goes wrong.
 */
export async function publish(run: Run, hasher: Hasher, publication: Publication): Promise<Outcome> {
  const { target, object, digests, from, to } = publication;
  let written: StoredObject;
  try {
    written = await create(run, publication);
  } catch (error) {
    return afterRefusal(run, hasher, publication, error);
  }
  try {
    const published = await whole(run, publication, written);
    const mistake = differs(published, object, digests) ?? (await readsOtherwise(hasher, publication, published));
    if (mistake === undefined) {
      if (!canCopy(from, to)) keep(run, to, published, digests);
      return { status: "copied", source: object, digests, published };
    }
    return failed("corrupt", `${destinationUrl(target)}: ${mistake}`, writtenWrong);
  } catch (error) {
    return unclearFailure(target, error);
  }
}

const writtenWrong =
  "The service itself wrote other bytes than it was told to copy. The object was left as it is; it needs a person who looks at it.";

async function create(run: Run, { target, object, digests, from, to, upload }: Publication): Promise<StoredObject> {
  if (!canCopy(from, to)) return upload();
  const destination = objectOf(target.destination, target);
  const properties = await propertiesOf(run, target, from, object, digests);
  return to.copy(object, destination, properties, { signal: run.signal });
}

/** Whether the destination's service can take the object from where it is, so that no byte passes through here. */
function canCopy(from: ObjectStore, to: ObjectStore): to is CopyingStore {
  return to.scheme === "gs" && from.scheme === "gs";
}

/** Listings of a service without a copy tell no record: what it has compared with these digests need not be looked up again. */
function keep({ cache }: Run, { endpoint }: ObjectStore, published: StoredObject, digests: Digests): void {
  if ((published.crc32c ?? published.sha256) !== undefined) cache.add(endpoint, published, digests);
}

/** A copy's answer may leave things out; then the object itself is asked. */
async function whole({ signal }: Run, { target, to }: Publication, written: StoredObject): Promise<StoredObject> {
  if (written.metadata !== undefined && (written.crc32c ?? written.sha256) !== undefined) return written;
  return (await to.stat(objectOf(target.destination, target), { signal })) ?? written;
}

function differs(published: StoredObject, source: StoredObject, digests: Digests): string | undefined {
  if (published.size !== digests.size) return `${published.size} bytes were written, ${digests.size} were hashed`;
  if (published.crc32c !== undefined && published.crc32c !== digests.crc32c) {
    return `crc32c ${published.crc32c} was written, ${digests.crc32c} was hashed`;
  }
  if (published.sha256 !== undefined && published.sha256 !== digests.sha256) {
    return `sha256 ${published.sha256} was written, ${digests.sha256} was hashed`;
  }
  const { md5 } = source;
  if (md5 !== undefined && published.md5 !== undefined && published.md5 !== md5 && published.crc32c === undefined) {
    return `md5 ${published.md5} was written, the source has ${md5}`;
  }
  return undefined;
}

/** Cloud Storage always tells a checksum; where it does not, only a look at the bytes can say what was copied. */
async function readsOtherwise(
  hasher: Hasher,
  { to, digests }: Publication,
  published: StoredObject,
): Promise<string | undefined> {
  if (to.scheme !== "gs" || published.crc32c !== undefined || published.size === 0) return undefined;
  const { sha256 } = await hasher.hash(to, published);
  return sha256 === digests.sha256 ? undefined : `sha256 ${sha256} was written, ${digests.sha256} was hashed`;
}

/** Refusals after which the object may stand there nevertheless: one may have come to a second try. */
const unclear: ReadonlySet<StoreErrorKind> = new Set([
  ...(["exists", "changed", "notFound", "unavailable"] as const),
  ...(["refused", "forbidden", "unauthenticated"] as const),
]);

/** Those of them after which the source may be gone. */
const maybeGone: ReadonlySet<StoreErrorKind> = new Set(["exists", "changed", "notFound"]);

/**
 * The service refused, or its answer was lost. An object that stands there now is judged by its bytes: it may be ours from
 * an attempt whose answer never came, another promoter's, or somebody else's.
 */
async function afterRefusal(run: Run, hasher: Hasher, publication: Publication, error: unknown): Promise<Outcome> {
  const { target, object, digests, from, to } = publication;
  const { signal } = run;
  if (!(error instanceof StoreError) || !unclear.has(error.kind)) return writeFailure(target, error);
  try {
    const standing = await to.stat(objectOf(target.destination, target), { signal });
    if (standing !== undefined) return await judge(run, hasher, publication, standing);
  } catch (second) {
    return unclearFailure(target, second);
  }
  try {
    if (!maybeGone.has(error.kind)) return writeFailure(target, error);
    const now = await from.stat(object, { signal });
    if (now?.generation === object.generation) return writeFailure(target, error);
    const found = now === undefined ? "gone" : `generation ${now.generation}`;
    return sourceFailure(
      target,
      new StoreError(
        "changed",
        `${objectUrl(from.scheme, object)}: generation ${object.generation} (sha256 ${digests.sha256}) was hashed, now it is ${found}`,
      ),
    );
  } catch (second) {
    return sourceFailure(target, second);
  }
}

async function judge(
  run: Run,
  hasher: Hasher,
  { target, object, digests, to }: Publication,
  standing: StoredObject,
): Promise<Outcome> {
  const known = knownSha256(target, standing, run.cache.find(to.endpoint, standing)) ?? {
    sha256: (await hasher.hash(to, standing)).sha256,
    evidence: "hashed" as const,
  };
  if (known.sha256 !== digests.sha256) return destinationDiffers(target, standing, known.sha256);
  if (standing.metadata?.promotion === run.id)
    return { status: "copied", source: object, digests, published: standing };
  return { status: "published", published: standing, evidence: known.evidence, inSource: true };
}

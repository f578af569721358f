import { type ObjectName, objectUrl, type StoredObject, StoreError } from "../cloud/object-store";
import type { Filestore } from "../model/filestores";
import type { RetiredSource } from "../model/retired-sources";
import { quote } from "../model/suggest";
import type { Failed, FailureReason, LineTarget } from "./types";

export function failed(reason: FailureReason, message: string, repair: string, suggestion?: string): Failed {
  return {
    status: "failed",
    failure: { reason, message, repair, ...(suggestion !== undefined && { suggestion }) },
  };
}

/** The object that a line means in a filestore. */
export function objectOf({ bucket, prefix }: Filestore, { line }: Pick<LineTarget, "line">): ObjectName {
  return { bucket, name: prefix + line.name };
}

export function sourceUrl(target: LineTarget): string {
  return objectUrl(target.source.scheme, objectOf(target.source, target));
}

export function destinationUrl(target: LineTarget): string {
  return objectUrl(target.destination.scheme, objectOf(target.destination, target));
}

export function hashDiffers(target: LineTarget, found: string): Failed {
  return failed(
    "hash-differs",
    `${sourceUrl(target)}: the source has sha256 ${found}, the manifest says ${target.line.sha256}`,
    `Nothing was copied. Upload the right file to the source, or correct the hash in ${target.manifest}.`,
  );
}

export function destinationDiffers(target: LineTarget, object: StoredObject, found: string): Failed {
  return failed(
    "destination-differs",
    `${destinationUrl(target)}: other bytes are published under this name: sha256 ${found}, the manifest says ${target.line.sha256}`,
    `A published file never changes; nothing was written. ${differenceRepair(target, object, found)}`,
  );
}

/** No hash that is found there belongs into a manifest: whoever replaced the object wrote its record, too. */
function differenceRepair(
  { line, ignoresRecords, retired }: LineTarget,
  { metadata }: StoredObject,
  found: string,
): string {
  const replaced = replacedRepair(retired !== undefined);
  const recorded = ignoresRecords ? undefined : metadata?.sha256;
  if (recorded === line.sha256) {
    return `The record beside these bytes has the manifest's hash: they came there by other means than a promotion. ${replaced}`;
  }
  const origin = recorded === found ? "The record beside these bytes has their hash, as a promotion leaves it. " : "";
  return `${origin}New bytes need a new name. If a change of the manifest gave the line another hash, take that change back. If none did, the object was replaced by other means. ${replaced}`;
}

/** What to do about an object that is not what was published under its name. */
export function replacedRepair(isSourceRetired: boolean): string {
  return `Find out who replaced the object and why, and leave the manifest as it is. Restore the version that was published, if the bucket still keeps it; or remove the wrong object, and npx artifacts promote --confirm publishes the file again from the source.${isSourceRetired ? ` ${firstTakenBack}` : ""}`;
}

/** Before anything is published from a retired project again. */
export const firstTakenBack =
  'Its project is retired: before that, "retired" is taken back in a change of its own (docs/staging.md).';

export function accountNotAllowed({ destination }: LineTarget, email: string): Failed {
  return failed(
    "account-not-allowed",
    `${destination.base}: service account ${quote(email)} is not allowed to promote`,
    "A filestore may only name an account that promoter-service-accounts of defaults.yaml lists. Nothing was tried with it.",
  );
}

export function sourceRetired({ manifest }: LineTarget, { base, since, at }: RetiredSource): Failed {
  const place = at === undefined ? "" : ` (${at.file}:${at.line})`;
  return failed(
    "source-retired",
    `${base}: nothing new is promoted from here, its project is retired since ${since}`,
    `Nothing was copied. Take out of ${manifest} what was never published. For anything to be published from there, anew or again, "retired" of the project${place} is taken back first (docs/staging.md tells how, also after its shutdown).`,
  );
}

/** Which accounts are allowed is not known, as the file that lists them holds mistakes. */
export function accountsUnknown({ destination }: LineTarget, email: string): Failed {
  return failed(
    "account-not-allowed",
    `${destination.base}: service account ${quote(email)} is not allowed to promote, as defaults.yaml holds mistakes`,
    "Until they are mended no account is allowed, not even those that it lists: npx artifacts validate tells them. Nothing was tried with it.",
  );
}

/** What went wrong while the source was listed or read. */
export function sourceFailure(target: LineTarget, error: unknown): Failed {
  return storeFailure(error, {
    notFound: "source-changed",
    changed: "source-changed",
    exists: "source-changed",
    other: "source-unreadable",
    repairs: {
      "source-changed": "The object was replaced or removed during the run; nothing was copied. Run it again.",
      "source-unreadable": `Give the identity that the message names the right to list and read ${target.source.base}, or make the bucket public. Nothing was copied.`,
    },
  });
}

/** What went wrong while the destination was listed or read. */
export function destinationFailure(target: LineTarget, error: unknown): Failed {
  return storeFailure(error, {
    other: "destination-unreadable",
    repairs: {
      "destination-unreadable": `Give the identity that the message names the right to list and read ${target.destination.base}, and check that its bucket exists. This file was not written.`,
    },
  });
}

/** What went wrong while the destination was looked at because it is not clear whether it was written. */
export function unclearFailure(target: LineTarget, error: unknown): Failed {
  return storeFailure(error, {
    other: "destination-unreadable",
    repairs: {
      "destination-unreadable": `Give the identity that the message names the right to read ${target.destination.base}. Whether the file was written is not known: run it again, it looks first and replaces nothing.`,
    },
  });
}

/** What went wrong while the destination was written, once it is clear that nothing was published. */
export function writeFailure(target: LineTarget, error: unknown): Failed {
  return storeFailure(error, {
    other: "destination-refused",
    repairs: {
      "destination-refused": `Give the identity that the message names the right to create objects under ${target.destination.base} and to read ${target.source.base}. This file was not written.`,
    },
  });
}

interface FailureWords {
  readonly notFound?: FailureReason;
  readonly changed?: FailureReason;
  readonly exists?: FailureReason;
  readonly other: FailureReason;
  readonly repairs: Partial<Record<FailureReason, string>>;
}

function storeFailure(error: unknown, words: FailureWords): Failed {
  if (!(error instanceof StoreError)) return internal(error);
  const reason = reasonOf(error, words);
  return failed(reason, error.message, error.repair ?? words.repairs[reason] ?? generalRepairs[reason] ?? "");
}

function reasonOf({ kind }: StoreError, words: FailureWords): FailureReason {
  switch (kind) {
    case "aborted":
      return "stopped";
    case "unavailable":
      return "unavailable";
    case "corrupt":
      return "corrupt";
    case "notFound":
    case "changed":
    case "exists":
      return words[kind] ?? words.other;
    case "forbidden":
    case "unauthenticated":
    case "refused":
      return words.other;
  }
}

const generalRepairs: Partial<Record<FailureReason, string>> = {
  stopped: "Run it again: it goes on where it was stopped.",
  unavailable: "The service or the network failed for too long. Run it again: what is done stays done.",
  corrupt: "The bytes that arrive differ from the object's own checksum. Nothing was copied. Upload the object again.",
};

export function internal(error: unknown): Failed {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failed(
    "internal",
    `internal error: ${told.split("\n").slice(0, 3).join(" ")}`,
    "This is a mistake in artifacts: please report it with the message. Nothing is lost by running it again.",
  );
}

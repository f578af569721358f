import { googleError } from "../http/errors";
import { isHeader } from "../http/header";
import { mergePatch } from "./merge-patch";
import type { ObjectRecord, ObjectSettings } from "./records";
import { checkStorageClass } from "./storage-class";

type Json = Readonly<Record<string, unknown>>;

const TEXTS = ["contentType", "cacheControl", "contentDisposition", "contentEncoding", "contentLanguage"] as const;

/** Every download has these as headers; of the others it leaves out what no header can be. */
const SENT = ["contentType", "cacheControl"] as const;
const FLAGS = ["eventBasedHold", "temporaryHold"] as const;
const WRITABLE = [...TEXTS, ...FLAGS, "customTime", "metadata", "retention"] as const;

/** All custom metadata of one object, names and values. */
const MAX_METADATA_BYTES = 8192;

/** The settings in a request's body, checked; a field that is null counts as absent. */
export function settingsIn(body: Json): ObjectSettings {
  checkStorageClass(body.storageClass ?? undefined);
  return check(mergePatch({}, pick(body)));
}

/** PATCH: the settings after the change that `body` names. */
export function patchedSettings({ settings }: ObjectRecord, body: Json): ObjectSettings {
  return rules(settings, check(mergePatch({ ...settings }, pick(body))));
}

/** PUT: whatever `body` does not name is reset. */
export function replacedSettings({ settings }: ObjectRecord, body: Json): ObjectSettings {
  return rules(settings, check(mergePatch({}, pick(body))));
}

function pick(body: Json): Json {
  return Object.fromEntries(WRITABLE.filter((key) => key in body).map((key) => [key, body[key]]));
}

function check(fields: Json): ObjectSettings {
  for (const key of TEXTS) {
    if (fields[key] !== undefined && typeof fields[key] !== "string") throw invalid(key, fields[key]);
  }
  for (const key of SENT) {
    const value = fields[key];
    if (typeof value === "string" && !isHeader(key, value)) throw invalid(key, value);
  }
  for (const key of FLAGS) {
    if (fields[key] !== undefined && typeof fields[key] !== "boolean") throw invalid(key, fields[key]);
  }
  const { metadata = {}, customTime } = fields;
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) throw invalid("metadata", metadata);
  const entries = Object.entries(metadata);
  const odd = entries.find(([, value]) => typeof value !== "string");
  if (odd !== undefined) throw invalid(`metadata.${odd[0]}`, odd[1]);
  const bytes = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );
  if (bytes > MAX_METADATA_BYTES) {
    throw googleError(400, "invalid", `Metadata size ${bytes} exceeds the maximum of ${MAX_METADATA_BYTES} bytes.`);
  }
  if (customTime !== undefined && !isTime(customTime)) throw invalid("customTime", customTime);
  const { retention, ...rest } = fields;
  const kept = retentionIn(retention);
  // Every field was checked or is absent.
  return (kept === undefined ? rest : { ...rest, retention: kept }) as ObjectSettings;
}

/** Clients take a retention away by clearing both of its fields. */
function retentionIn(retention: unknown): ObjectSettings["retention"] {
  if (retention === undefined) return undefined;
  if (typeof retention !== "object" || retention === null || Array.isArray(retention))
    throw invalid("retention", retention);
  if (Object.keys(retention).length === 0) return undefined;
  const { mode, retainUntilTime }: { mode?: unknown; retainUntilTime?: unknown } = retention;
  if (mode !== "Locked" && mode !== "Unlocked") throw invalid("retention.mode", mode);
  if (!isTime(retainUntilTime)) throw invalid("retention.retainUntilTime", retainUntilTime);
  return { mode, retainUntilTime };
}

function isTime(value: unknown): value is string {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

/** What Google lets nobody take back. */
function rules(before: ObjectSettings, after: ObjectSettings): ObjectSettings {
  if (before.customTime !== undefined && !(Date.parse(after.customTime ?? "") >= Date.parse(before.customTime))) {
    throw googleError(400, "invalid", "Custom time cannot be removed or set to an earlier time.");
  }
  return after;
}

function invalid(field: string, value: unknown) {
  return googleError(400, "invalid", `Invalid argument: ${field}: ${JSON.stringify(value)}`);
}

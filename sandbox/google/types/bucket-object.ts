import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Entries, isUnknown, UNKNOWN } from "../../../lib/tfplugin/types";
import type { Api } from "../api/api";
import type { JsonObject } from "../api/json";
import type { Driver } from "../driver";
import { ignoreMissing } from "./rest-driver";

/** What only the bytes decide. */
const OF_CONTENT = ["md5hash", "md5hexhash", "crc32c", "generation", "media_link"] as const;

/** `google_storage_bucket_object`: one object, from `content` or from the local file `source`. */
export const bucketObjectDriver: Driver = {
  type: "google_storage_bucket_object",
  traits: {
    forceNew: [
      "bucket",
      "name",
      "cache_control",
      "content_disposition",
      "content_encoding",
      "content_language",
      "content_type",
      "force_empty_content_type",
      "kms_key_name",
      "metadata",
      "storage_class",
      "source",
      "customer_encryption.encryption_algorithm",
      "customer_encryption.encryption_key",
    ],
    defaults: { "customer_encryption.encryption_algorithm": "AES256" },
    sensitive: ["content", "customer_encryption.encryption_key"],
  },

  // A change of the file, here or there, shows as a change of its hash.
  plan(planned, { prior }) {
    const bytes = localBytes(planned);
    if (bytes === undefined) return { ...planned, detect_md5hash: UNKNOWN };
    const detect_md5hash = md5(bytes);
    if (prior === undefined || detect_md5hash === prior.md5hash) return { ...planned, detect_md5hash };
    return { ...planned, detect_md5hash, ...Object.fromEntries(OF_CONTENT.map((name) => [name, UNKNOWN])) };
  },

  async create(planned, api) {
    await upload(planned, api);
    return { id: `${planned.bucket}-${planned.name}` };
  },

  async read(state, api) {
    const object = await api.find("STORAGE", pathOf(state));
    return object && { ...state, ...attributesOf(object, state) };
  },

  async update(prior, planned, api) {
    if (prior.md5hash !== planned.detect_md5hash) await upload(planned, api);
    if (prior.event_based_hold !== planned.event_based_hold || prior.temporary_hold !== planned.temporary_hold) {
      const body = {
        eventBasedHold: planned.event_based_hold === true,
        temporaryHold: planned.temporary_hold === true,
      };
      await api.call("STORAGE", "PATCH", pathOf(planned), { body });
    }
  },

  async delete(state, api) {
    if (state.deletion_policy === "ABANDON") return;
    await api.call("STORAGE", "DELETE", pathOf(state)).catch(ignoreMissing);
  },
};

function pathOf({ bucket, name }: Entries): string {
  return `b/${bucket}/o/${encodeURIComponent(String(name))}`;
}

/** Undefined where the plan can't know them yet. */
function localBytes({ content, source }: Entries): Buffer | undefined {
  if (typeof content === "string") return Buffer.from(content);
  if (typeof source === "string") return readFileSync(source);
  if (isUnknown(content) || isUnknown(source)) return undefined;
  throw new Error("one of `content` and `source` must be set");
}

async function upload(planned: Entries, api: Api): Promise<void> {
  const metadata = {
    bucket: planned.bucket as string,
    cacheControl: planned.cache_control as string,
    contentDisposition: planned.content_disposition as string,
    contentEncoding: planned.content_encoding as string,
    contentLanguage: planned.content_language as string,
    contentType: planned.content_type as string,
    metadata: planned.metadata as JsonObject,
    storageClass: planned.storage_class as string,
  };
  const bytes = localBytes(planned) ?? Buffer.alloc(0);
  const type = String(planned.content_type ?? sniffedType(bytes));
  const boundary = randomBytes(16).toString("hex");
  const parts = [
    `--${boundary}\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(metadata)}\r\n`,
    `--${boundary}\r\nContent-Type: ${type}\r\n\r\n`,
    bytes,
    `\r\n--${boundary}--\r\n`,
  ];
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  await api.onHost("STORAGE", "POST", `/upload/storage/v1/b/${planned.bucket}/o`, {
    query: { uploadType: "multipart", name: String(planned.name) },
    raw: { type: `multipart/related; boundary=${boundary}`, bytes: body },
  });
}

/** What the real provider guesses for the files that are likely here. */
function sniffedType(bytes: Buffer): string {
  const start = bytes.subarray(0, 512).toString("latin1").trimStart().toLowerCase();
  if (/^<(!doctype html|html|head|body|h1|p|div|title|table|a|br|!--)[\s>]/.test(start))
    return "text/html; charset=utf-8";
  // Text holds no control characters but white space and escape.
  const isText = !bytes.subarray(0, 512).some((octet) => octet < 32 && ![9, 10, 12, 13, 27].includes(octet));
  return isText ? "text/plain; charset=utf-8" : "application/octet-stream";
}

function attributesOf(object: JsonObject, state: Entries): Entries {
  const md5Hash = String(object.md5Hash ?? "");
  return {
    id: `${state.bucket}-${state.name}`,
    md5hash: md5Hash,
    md5hexhash: Buffer.from(md5Hash, "base64").toString("hex"),
    detect_md5hash: md5Hash,
    crc32c: String(object.crc32c),
    generation: Number(object.generation),
    media_link: String(object.mediaLink),
    self_link: String(object.selfLink),
    output_name: String(object.name),
    storage_class: String(object.storageClass),
    content_type: String(object.contentType ?? ""),
    cache_control: String(object.cacheControl ?? ""),
    content_disposition: String(object.contentDisposition ?? ""),
    content_encoding: String(object.contentEncoding ?? ""),
    content_language: String(object.contentLanguage ?? ""),
    metadata: object.metadata as Entries,
    event_based_hold: object.eventBasedHold === true,
    temporary_hold: object.temporaryHold === true,
    kms_key_name: String(object.kmsKeyName ?? ""),
  };
}

function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("base64");
}

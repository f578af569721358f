import { googleError } from "../http/errors";

const MAX_OBJECT_NAME_BYTES = 1024;

/** Refuses what Google refuses as the name of a bucket. */
export function checkBucketName(name: unknown): asserts name is string {
  if (typeof name !== "string" || name === "") throw googleError(400, "required", "Required");
  const parts = name.split(".");
  const isValid =
    /^[a-z0-9][a-z0-9._-]*[a-z0-9]$/.test(name) &&
    name.length >= 3 &&
    name.length <= (parts.length > 1 ? 222 : 63) &&
    parts.every((part) => part.length > 0 && part.length <= 63 && !part.startsWith("-") && !part.endsWith("-")) &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !name.startsWith("goog") &&
    !/g[o0][o0]g[l1]e/.test(name);
  if (!isValid) throw googleError(400, "invalid", `Invalid bucket name: '${name}'`);
}

/** Refuses what Google refuses as the name of an object. */
export function checkObjectName(name: unknown): asserts name is string {
  if (typeof name !== "string" || name === "") throw googleError(400, "required", "Required");
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_OBJECT_NAME_BYTES) {
    throw googleError(
      400,
      "invalid",
      `The maximum object length is ${MAX_OBJECT_NAME_BYTES} characters, but got a name with ${bytes} characters: '${name.slice(0, 64)}...'`,
    );
  }
  // `isWellFormed` is not in Node 20's types: an unpaired surrogate can't be written as UTF-8.
  if (/[\r\n]/.test(name) || /\p{Surrogate}/u.test(name)) {
    throw googleError(400, "invalid", `Disallowed unicode characters present in object name '${name}'`);
  }
  if (name === "." || name === ".." || name.startsWith(".well-known/acme-challenge/")) {
    throw googleError(400, "invalid", `Invalid object name: '${name}'`);
  }
}

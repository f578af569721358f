import type { IncomingHttpHeaders } from "node:http";
import { GoogleError, googleError } from "../http/errors";

/** What a request demands of a bucket's or object's present state. */
export interface Preconditions {
  readonly generationMatch?: string;
  readonly generationNotMatch?: string;
  readonly metagenerationMatch?: string;
  readonly metagenerationNotMatch?: string;
}

interface Versioned {
  readonly generation: string;
  readonly metageneration: number;
}

/** Reads `ifGenerationMatch` and its like; with `prefix` "Source", `ifSourceGenerationMatch`. */
export function preconditionsOf(query: URLSearchParams, prefix: "" | "Source" = ""): Preconditions {
  const read = (name: string) => {
    const parameter = `if${prefix}${name}`;
    return wholeNumber(parameter, query.get(parameter));
  };
  return {
    ...defined("generationMatch", read("GenerationMatch")),
    ...defined("generationNotMatch", read("GenerationNotMatch")),
    ...defined("metagenerationMatch", read("MetagenerationMatch")),
    ...defined("metagenerationNotMatch", read("MetagenerationNotMatch")),
  };
}

/** A generation or metageneration as it was given; undefined if it was not. Throws 400 for what is no number. */
export function wholeNumber(field: string, given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined;
  const value = String(given);
  if (/^-?\d+$/.test(value)) return value;
  throw googleError(400, "invalidParameter", `Invalid value at '${field}': "${value}" is not a 64-bit integer.`);
}

function defined<Key extends string>(key: Key, value: string | undefined) {
  // The computed key is the one that the type names.
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: string };
}

/**
 * Throws 412 unless the state is the one that was named, 304 if it is the one that was excluded; writes are answered as
 * reads are. A generation of 0 stands for no live object.
 */
export function checkPreconditions(wanted: Preconditions, current: Versioned | undefined): void {
  if (!matches(wanted, current)) throw conditionNotMet();
  if (!differs(wanted, current)) throw notModified();
}

/** The same for `If-Match` and `If-None-Match` of readers. */
export function checkEntityTag(headers: IncomingHttpHeaders, tag: string): void {
  if (headers["if-match"] !== undefined && !names(headers["if-match"], tag)) throw conditionNotMet();
  if (headers["if-none-match"] !== undefined && names(headers["if-none-match"], tag)) throw notModified(tag);
}

/** The JSON interface writes tags without the quotes that HTTP wants; clients send them either way. */
function names(header: string, tag: string): boolean {
  return header.trim() === "*" || header.split(",").some((item) => bare(item) === bare(tag));
}

function bare(tag: string): string {
  return tag.trim().replace(/^W\//, "").replaceAll('"', "");
}

function matches({ generationMatch, metagenerationMatch }: Preconditions, current: Versioned | undefined): boolean {
  return (
    (generationMatch === undefined || generationMatch === (current?.generation ?? "0")) &&
    (metagenerationMatch === undefined || metagenerationMatch === String(current?.metageneration))
  );
}

function differs(
  { generationNotMatch, metagenerationNotMatch }: Preconditions,
  current: Versioned | undefined,
): boolean {
  return (
    (generationNotMatch === undefined || generationNotMatch !== (current?.generation ?? "0")) &&
    (metagenerationNotMatch === undefined || metagenerationNotMatch !== String(current?.metageneration))
  );
}

export function conditionNotMet(): GoogleError {
  const error = googleError(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
  error.location = { locationType: "header", location: "If-Match" };
  return error;
}

export function notModified(etag?: string): GoogleError {
  return new GoogleError(304, "notModified", "Not Modified", undefined, etag === undefined ? {} : { etag });
}

import { googleError } from "../http/errors";
import { flag } from "../http/flag";
import { type Collection, compareUtf8 } from "../state/collection";
import { globMatcher } from "./glob";
import type { ObjectRecord } from "./records";

const MAX_RESULTS = 1000;

export interface ListQuery {
  readonly prefix: string;
  readonly delimiter?: string;
  readonly includeTrailingDelimiter: boolean;
  readonly startOffset?: string;
  readonly endOffset?: string;
  readonly maxResults: number;
  readonly pageToken?: string;
  readonly matches?: (name: string) => boolean;
}

export interface ListPage {
  readonly records: readonly ObjectRecord[];
  readonly prefixes: readonly string[];
  readonly nextPageToken?: string;
}

export function listQuery(query: URLSearchParams): ListQuery {
  const limit = Number(query.get("maxResults") ?? MAX_RESULTS);
  if (!Number.isInteger(limit) || limit < 0) {
    throw googleError(400, "invalidParameter", `Invalid value for maxResults: ${query.get("maxResults")}`);
  }
  const glob = query.get("matchGlob");
  return {
    prefix: query.get("prefix") ?? "",
    includeTrailingDelimiter: flag(query, "includeTrailingDelimiter"),
    maxResults: limit === 0 ? MAX_RESULTS : Math.min(limit, MAX_RESULTS),
    // A glob looks through all of the tree.
    ...(glob === null ? optional("delimiter", query) : {}),
    ...optional("startOffset", query),
    ...optional("endOffset", query),
    ...optional("pageToken", query),
    ...(glob === null || glob === "" ? {} : { matches: globMatcher(glob) }),
  };
}

function optional<Key extends "delimiter" | "startOffset" | "endOffset" | "pageToken">(
  key: Key,
  query: URLSearchParams,
) {
  const value = query.get(key);
  // The computed key is the one that the type names.
  return (value === null || value === "" ? {} : { [key]: value }) as { readonly [K in Key]?: string };
}

/**
 * One page of live objects, or of what `collection` holds, in the order of names. Objects and prefixes count together;
 * the page token is the last name or prefix that was given out.
 */
export function listPage(collection: Collection<ObjectRecord>, query: ListQuery): ListPage {
  const keys = collection.ordered();
  const records: ObjectRecord[] = [];
  const prefixes: string[] = [];
  const last = query.pageToken === undefined ? undefined : readToken(query.pageToken);
  let position = start(collection, query, last);
  let latest = last;
  while (position < keys.length) {
    // Within bounds by the loop's condition.
    const key = keys[position] as string;
    const name = nameOf(key);
    if (!name.startsWith(query.prefix) || beyond(name, query.endOffset)) break;
    if (query.matches?.(name) === false) {
      position += 1;
      continue;
    }
    if (records.length + prefixes.length >= query.maxResults) {
      return { records, prefixes, ...(latest === undefined ? {} : { nextPageToken: writeToken(latest) }) };
    }
    const group = groupOf(name, query);
    const record = collection.get(key);
    if (record !== undefined && (group === undefined || (query.includeTrailingDelimiter && name === group))) {
      records.push(record);
    }
    if (group !== undefined) prefixes.push(group);
    latest = group ?? key;
    position = group === undefined ? position + 1 : endOfGroup(keys, position, group);
  }
  return { records, prefixes };
}

/** Versions are kept by name, NUL and generation. */
function nameOf(key: string): string {
  const separator = key.indexOf("\0");
  return separator === -1 ? key : key.slice(0, separator);
}

function start(collection: Collection<ObjectRecord>, query: ListQuery, last: string | undefined): number {
  const from =
    query.startOffset !== undefined && compareUtf8(query.startOffset, query.prefix) > 0
      ? query.startOffset
      : query.prefix;
  const position = collection.indexOf(from);
  if (last === undefined) return position;
  const keys = collection.ordered();
  const isGroup = query.delimiter !== undefined && last !== query.prefix && groupOf(last, query) === last;
  const after = collection.indexOf(last);
  const next = isGroup ? endOfGroup(keys, after, last) : keys[after] === last ? after + 1 : after;
  return Math.max(position, next);
}

/** The part of a name up to the first delimiter after the prefix. */
function groupOf(name: string, { prefix, delimiter }: ListQuery): string | undefined {
  if (delimiter === undefined) return undefined;
  const found = name.indexOf(delimiter, prefix.length);
  return found === -1 ? undefined : name.slice(0, found + delimiter.length);
}

/** Position of the first key from `position` on that does not begin with `group`. */
function endOfGroup(keys: readonly string[], position: number, group: string): number {
  let low = position;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle] ?? "";
    if (key.startsWith(group) || compareUtf8(key, group) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function beyond(name: string, endOffset: string | undefined): boolean {
  return endOffset !== undefined && compareUtf8(name, endOffset) >= 0;
}

function writeToken(last: string): string {
  const bytes = Buffer.from(last);
  return Buffer.concat([Buffer.from([0x0a, bytes.length & 127, bytes.length >> 7]), bytes]).toString("base64");
}

function readToken(token: string): string {
  const bytes = Buffer.from(token, "base64");
  const length = (bytes[1] ?? 0) + ((bytes[2] ?? 0) << 7);
  if (bytes[0] !== 0x0a || bytes.length !== length + 3) {
    throw googleError(400, "invalidParameter", `Invalid value for pageToken: ${token}`);
  }
  return bytes.subarray(3).toString();
}

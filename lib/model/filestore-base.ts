import { bucketNameProblem, s3BucketNameProblem } from "./gcp-names";
import { objectNameProblem } from "./object-names";
import type { Problem } from "./problem";
import { quote } from "./suggest";

/** A filestore's base, taken apart. */
export interface Base {
  readonly scheme: "gs" | "s3";
  readonly bucket: string;

  /** Empty, or ends with `/`; never starts with one. */
  readonly prefix: string;
}

const BASE = /^(gs|s3):\/\/([^/]+)(?:\/(.*))?$/s;

/** Takes `gs://bucket/prefix` apart; the slash at the end may be missing. Undefined when `baseProblem` has something to say. */
export function parseBase(text: string): Base | undefined {
  const [, scheme, bucket, path = ""] = BASE.exec(text) ?? [];
  if (scheme === undefined || bucket === undefined) return undefined;
  const trimmed = path.endsWith("/") ? path.slice(0, -1) : path;
  return { scheme: scheme === "s3" ? "s3" : "gs", bucket, prefix: trimmed === "" ? "" : `${trimmed}/` };
}

/** Where a file of a base stands, e.g. `gs://bucket/prefix/name`. */
export function fileUrl({ scheme, bucket, prefix }: Base, name: string): string {
  return `${scheme}://${bucket}/${prefix}${name}`;
}

/** Whether two texts mean one place: the slash at the end says nothing. */
export function isSameBase(one: string, other: string): boolean {
  const [a, b] = [parseBase(one), parseBase(other)];
  if (a === undefined || b === undefined) return one === other;
  return a.scheme === b.scheme && a.bucket === b.bucket && a.prefix === b.prefix;
}

/** What is wrong with a filestore's base. */
export function baseProblem(text: string): Problem | undefined {
  const rule = "filestore/base";
  const base = parseBase(text);
  if (base === undefined) {
    const bare = /^[a-z0-9][a-z0-9._-]+(\/.*)?$/.test(text);
    const web = /^https:\/\/(?:storage\.googleapis\.com|storage\.cloud\.google\.com)\/(.+)$/.exec(text)?.[1];
    const [, scheme = "", rest = ""] = /^(gs|s3):\/{1,3}([^/].*)$/is.exec(text.trim()) ?? [];
    const schemed = rest === "" ? undefined : `${scheme.toLowerCase()}://${rest}`;
    const corrected = bare ? `gs://${text}` : web === undefined ? schemed : `gs://${web}`;
    return {
      what: `${quote(text)} is not a base: expected gs://BUCKET/PREFIX/ or s3://BUCKET/PREFIX/`,
      ...(corrected === undefined ? {} : { repair: `Did you mean ${quote(corrected)}?` }),
      rule,
    };
  }
  const problem = base.scheme === "gs" ? bucketNameProblem(base.bucket) : s3BucketNameProblem(base.bucket);
  if (problem !== undefined) return problem;
  if (base.prefix === "" && !text.endsWith("//")) return undefined;
  const inPrefix = objectNameProblem(base.prefix.slice(0, -1));
  return inPrefix === undefined
    ? undefined
    : { ...inPrefix, what: `the prefix of ${quote(text)}: ${inPrefix.what}`, rule };
}

import { countBySeverity } from "../../diagnostics";
import { publicUrls } from "../../model/public-urls";
import type { LineOutcome } from "../../promotion/types";
import type { CheckResult } from "./check-run";

/** One file of a manifest with what became of it at its destinations. */
export interface CheckedFile {
  readonly name: string;
  readonly sha256: string;

  /** The worst of its destinations. */
  readonly status: "verified" | "published" | "failed";
  readonly size: number | undefined;

  /** Published, and staging no longer has it, as auto-deletion took it: which is fine. */
  readonly expired?: true;

  /** Where the public will download it; the destinations themselves where that is not known. */
  readonly urls: readonly string[];
}

export interface CheckedManifest {
  readonly file: string;
  readonly files: readonly CheckedFile[];
}

/** What every form of the report begins with. */
export interface CheckSummary {
  readonly ok: boolean;
  readonly errors: number;
  readonly warnings: number;

  /** Errors and warnings that the base has as well, and the change has nothing to do with. */
  readonly inherited: { readonly errors: number; readonly warnings: number };

  /** Files that were looked at, each once. */
  readonly files: number;
  readonly verified: number;
  readonly published: number;

  /** Published files that staging no longer has. */
  readonly expired: number;
  readonly failed: number;

  /** Manifests that mistakes keep from being looked at in full. */
  readonly unread: number;

  /** Bytes of files that a promotion would copy; a file that two manifests list counts once. */
  readonly bytes: number;
  readonly manifests: readonly CheckedManifest[];
}

export function summarizeCheck({ plan, findings, inherited, draft, unread }: CheckResult): CheckSummary {
  const manifests = new Map<string, Map<string, CheckedFile>>();
  for (const result of plan.outcomes) {
    const files = manifests.get(result.manifest) ?? new Map<string, CheckedFile>();
    manifests.set(result.manifest, files);
    const key = `${result.line.name} ${result.line.sha256}`;
    files.set(key, merge(files.get(key), toFile(result, draft.defaults.serving)));
  }
  const files = [...manifests.values()].flatMap((each) => [...each.values()]);
  const having = (status: CheckedFile["status"]) => files.filter((file) => file.status === status);
  const numbers = countBySeverity(findings);
  return {
    ok: numbers.errors === 0,
    ...numbers,
    inherited: countBySeverity(inherited),
    files: files.length,
    verified: having("verified").length,
    published: having("published").length,
    expired: having("published").filter(({ expired }) => expired).length,
    failed: having("failed").length,
    unread,
    bytes: bytesOf(having("verified")),
    manifests: [...manifests].map(([file, each]) => ({ file, files: [...each.values()] })),
  };
}

function bytesOf(files: readonly CheckedFile[]): number {
  const sizes = new Map(files.map(({ urls, size = 0 }) => [urls.join(" "), size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function toFile(result: LineOutcome, serving: CheckResult["draft"]["defaults"]["serving"]): CheckedFile {
  const { line, outcome, destination } = result;
  const { scheme, bucket, prefix } = destination;
  const object = { scheme, bucket, name: prefix + line.name };
  const known = publicUrls(object, serving);
  return {
    name: line.name,
    sha256: line.sha256,
    status: outcome.status === "copied" ? "published" : outcome.status,
    size: sizeOf(result),
    ...(outcome.status === "published" && outcome.inSource === false && { expired: true }),
    urls: known.length > 0 ? known.slice(0, 1) : [`${scheme}://${bucket}/${object.name}`],
  };
}

function sizeOf({ outcome }: LineOutcome): number | undefined {
  switch (outcome.status) {
    case "verified":
      return outcome.source.size;
    case "copied":
    case "published":
      return outcome.published.size;
    case "failed":
      return undefined;
  }
}

const RANK = { published: 0, verified: 1, failed: 2 };

function merge(before: CheckedFile | undefined, file: CheckedFile): CheckedFile {
  if (before === undefined) return file;
  return {
    ...file,
    status: RANK[before.status] > RANK[file.status] ? before.status : file.status,
    size: before.size ?? file.size,
    // A file that is listed twice has the same addresses twice.
    urls: [...before.urls, ...file.urls.filter((url) => !before.urls.includes(url))],
  };
}

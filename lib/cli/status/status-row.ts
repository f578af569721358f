import { fileUrl } from "../../model/filestore-base";
import type { LineStatus, UrlStatus } from "./status-run";

/** One line of the report, whatever its form. */
export interface StatusRow {
  readonly directory: string;
  readonly manifest: string;
  readonly line: number;
  readonly name: string;
  readonly sha256: string;
  readonly destination: string;

  /** `unrecorded`: there, but nothing tells its SHA-256, as nobody has read its bytes yet. `staged`: not published, ready to be. */
  readonly state: "published" | "unrecorded" | "staged" | "failed";
  readonly what?: string;
  readonly size?: number;
  readonly publishedAt?: string;
  readonly generation?: string;

  /** The version of the staged object that was copied, as the promotion recorded it. */
  readonly sourceGeneration?: string;
  readonly commit?: string;
  readonly urls: readonly UrlStatus[];
}

export function statusRow({ result, urls }: LineStatus): StatusRow {
  const { directory, manifest, line, destination, outcome } = result;
  const row = {
    directory,
    manifest,
    line: line.at.line,
    name: line.name,
    sha256: line.sha256,
    destination: fileUrl(destination, line.name),
    urls,
  };
  if (outcome === undefined) {
    const { size } = result.object;
    if (result.pending === "source") return { ...row, state: "staged", size };
    return { ...row, state: "unrecorded", size, what: UNRECORDED };
  }
  switch (outcome.status) {
    case "failed":
      return { ...row, state: "failed", what: `${outcome.failure.message}. ${outcome.failure.repair}` };
    case "verified":
      return { ...row, state: "staged", size: outcome.source.size };
    case "copied":
    case "published": {
      const { size, created, generation, metadata } = outcome.published;
      const sourceGeneration = metadata?.["source-generation"];
      return {
        ...row,
        state: "published",
        size,
        generation,
        ...(created !== undefined && { publishedAt: created }),
        ...(sourceGeneration !== undefined && { sourceGeneration }),
        ...(metadata?.commit !== undefined && { commit: metadata.commit }),
      };
    }
  }
}

const UNRECORDED =
  "No record that counts tells its SHA-256: another tool wrote it, or many may write there. A dry run of npx artifacts promote reads it once, --deep too.";

/** Whether everything is where the manifests say, and the public gets it. What nobody has read may be anything. */
export function isWell(rows: readonly StatusRow[]): boolean {
  return rows.every((row) => row.state === "published" && row.urls.every(isFine));
}

/** What can not be asked is not held against anybody. */
export function isFine({ download }: UrlStatus): boolean {
  return download.state === "ok" || download.state === "not-checked";
}

import type { StoredObject } from "../cloud/object-store";
import { quote } from "../model/suggest";
import { destinationUrl, failed, sourceUrl } from "./failures";
import { groupBy } from "./group-by";
import { listSome } from "./listing";
import { findNearMisses, indexCandidates, toCandidate } from "./near-miss";
import type { Run } from "./run";
import type { Failed, LineTarget, PromotionRequest } from "./types";

/** Objects of a source that are looked through for suggestions, at most. */
const MAX_CANDIDATES = 50_000;

/** What each missing one of the lines probably means. Looks through a source only if something of it is missing. */
export async function suggestNames(
  run: Run,
  missing: readonly LineTarget[],
  lines: readonly LineTarget[],
): Promise<ReadonlyMap<LineTarget, string>> {
  const suggestions = new Map<LineTarget, string>();
  const listed = new Map(missing.map(({ manifest }) => [manifest, new Set<string>()]));
  for (const { manifest, line } of lines) listed.get(manifest)?.add(line.name);
  const sources = groupBy(missing, ({ source }) => `${source.scheme} ${source.bucket} ${source.prefix}`);
  await Promise.all(sources.map((group) => suggestForSource(run, group, listed, suggestions)));
  return suggestions;
}

async function suggestForSource(
  run: Run,
  group: readonly LineTarget[],
  listed: ReadonlyMap<string, ReadonlySet<string>>,
  suggestions: Map<LineTarget, string>,
): Promise<void> {
  const { source, destination } = group[0] as LineTarget;
  let objects: readonly StoredObject[];
  try {
    const store = await run.store(source.scheme, run.sourceReaderFor(destination));
    objects = await listSome(run, store, source.bucket, source.prefix, MAX_CANDIDATES);
  } catch {
    // The lines fail either way; only the suggestion is lost.
    return;
  }
  const index = indexCandidates(objects.map((object) => toCandidate(source.prefix, object)));
  for (const lines of groupBy(group, ({ manifest }) => manifest)) {
    const { manifest } = lines[0] as LineTarget;
    const names = [...new Set(lines.map(({ line }) => line.name))];
    const found = findNearMisses({ manifest, names, listed: listed.get(manifest) }, index);
    for (const target of lines) {
      const name = found.get(target.line.name);
      if (name !== undefined) suggestions.set(target, name);
    }
  }
}

export function refuseMissing(target: LineTarget, suggestion: string | undefined, request: PromotionRequest): Failed {
  const directory = request.directories.find(({ filestores }) => filestores.name === target.directory);
  return failed(
    "missing-in-source",
    `${sourceUrl(target)}: not found, and ${destinationUrl(target)} does not hold it either${meant(suggestion)}`,
    missingRepair(target, suggestion, directory?.deleteAfterDays),
    suggestion,
  );
}

function missingRepair(
  { manifest, source }: LineTarget,
  suggestion: string | undefined,
  deleteAfterDays?: number,
): string {
  const expiry =
    deleteAfterDays === undefined
      ? ""
      : ` Objects of gs://${source.bucket} are deleted ${deleteAfterDays} days after their upload: if it was there before, it has expired and must be uploaded again.`;
  if (suggestion === undefined) {
    return `Upload the file to the source, or correct the name in ${manifest}: names are relative to ${source.base}.${expiry}`;
  }
  return `Write ${quote(suggestion)} in ${manifest}, or upload the file if it is another one: names are relative to ${source.base}.${expiry}`;
}

/** Two lines want different bytes in one place. Neither wins, and neither is tried. */
export function refuseConflict(target: LineTarget, rival: LineTarget, suggestion: string | undefined): Failed {
  const { file, line, column } = rival.line.at;
  const repair =
    suggestion === undefined
      ? "Give one of the two files another name, or correct the hash that is wrong. Nothing was copied for either."
      : `Write ${quote(suggestion)} in ${target.manifest}: names are relative to ${target.source.base}. Nothing was copied for either line.`;
  return failed(
    "conflicting-lines",
    `${destinationUrl(target)}: ${file}:${line}:${column} wants sha256 ${rival.line.sha256} under this name, this line ${target.line.sha256}${meant(suggestion)}`,
    repair,
    suggestion,
  );
}

function meant(suggestion: string | undefined): string {
  return suggestion === undefined ? "" : `; did you mean ${quote(suggestion)}?`;
}

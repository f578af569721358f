import type { StoredObject } from "../cloud/object-store";
import type { ManifestLine } from "../model/manifests";
import { objectNameProblem } from "../model/object-names";
import { quote } from "../model/suggest";
import { destinationUrl, failed, sourceUrl } from "./failures";
import { groupBy } from "./group-by";
import { listSome } from "./listing";
import { findNearMisses, indexCandidates, toCandidate } from "./near-miss";
import type { Run } from "./run";
import type { Failed, LineTarget, PromotionRequest } from "./types";

/** Objects of a source that are looked through for suggestions, at most. */
const MAX_CANDIDATES = 50_000;

/** The file that a missing line probably means; `listed` is the other line that lists it, with the same hash. */
export interface Meant {
  readonly name: string;
  readonly listed?: ManifestLine | undefined;
}

/** An object under a name that no manifest may hold, as `v1.0.0//tool`: the upload went wrong, not the line. */
function isWrongUpload({ name, listed }: Meant): boolean {
  return listed === undefined && objectNameProblem(name) !== undefined;
}

/** What each missing one of the lines probably means. Looks through a source only if something of it is missing. */
export async function suggestNames(
  run: Run,
  missing: readonly LineTarget[],
  lines: readonly LineTarget[],
): Promise<ReadonlyMap<LineTarget, Meant>> {
  const suggestions = new Map<LineTarget, Meant>();
  const listed = new Map(missing.map(({ manifest }) => [manifest, new Map<string, ManifestLine>()]));
  for (const { manifest, line } of lines) listed.get(manifest)?.set(line.name, line);
  const sources = groupBy(missing, ({ source }) => `${source.scheme} ${source.bucket} ${source.prefix}`);
  await Promise.all(sources.map((group) => suggestForSource(run, group, listed, suggestions)));
  return suggestions;
}

async function suggestForSource(
  run: Run,
  group: readonly LineTarget[],
  listed: ReadonlyMap<string, ReadonlyMap<string, ManifestLine>>,
  suggestions: Map<LineTarget, Meant>,
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
    const own = listed.get(manifest);
    const isTwin = (name: string, other: string) => own?.get(name)?.sha256 === own?.get(other)?.sha256;
    const found = findNearMisses({ manifest, names, listed: own, isTwin }, index);
    for (const target of lines) {
      const name = found.get(target.line.name);
      if (name !== undefined) suggestions.set(target, { name, listed: own?.get(name) });
    }
  }
}

export function refuseMissing(target: LineTarget, meant: Meant | undefined, request: PromotionRequest): Failed {
  const directory = request.directories.find(({ filestores }) => filestores.name === target.directory);
  return failed(
    "missing-in-source",
    `${sourceUrl(target)}: not found, and ${destinationUrl(target)} does not hold it either${told(meant)}`,
    missingRepair(target, meant, directory?.deleteAfterDays),
    suggestionOf(meant),
  );
}

function missingRepair({ manifest, source }: LineTarget, meant: Meant | undefined, deleteAfterDays?: number): string {
  const expiry =
    deleteAfterDays === undefined
      ? ""
      : ` Objects of gs://${source.bucket} are deleted ${deleteAfterDays === 1 ? "a day" : `${deleteAfterDays} days`} after their upload: if it was there before, it has expired and must be uploaded again.`;
  return `${missingRemedy(manifest, meant)}: names are relative to ${source.base}.${expiry}`;
}

function missingRemedy(manifest: string, meant: Meant | undefined): string {
  if (meant === undefined) return `Upload the file to the source, or correct the name in ${manifest}`;
  if (isWrongUpload(meant)) return "Upload the file again, under the name of this line";
  const first = meant.listed ? "Remove this line if it means that file" : `Write ${quote(meant.name)} in ${manifest}`;
  return `${first}, or upload the file if it is another one`;
}

/** Two lines want different bytes in one place. Neither wins, and neither is tried. */
export function refuseConflict(target: LineTarget, rival: LineTarget, meant: Meant | undefined): Failed {
  const { file, line, column } = rival.line.at;
  return failed(
    "conflicting-lines",
    `${destinationUrl(target)}: ${file}:${line}:${column} wants sha256 ${rival.line.sha256} under this name, this line ${target.line.sha256}${told(meant)}`,
    `${conflictRepair(target, meant)} Nothing was copied for either line.`,
    suggestionOf(meant),
  );
}

function conflictRepair({ manifest, source }: LineTarget, meant: Meant | undefined): string {
  if (meant === undefined) return "Give one of the two files another name, or correct the hash that is wrong.";
  if (meant.listed !== undefined) return "Remove this line if it means that file.";
  if (isWrongUpload(meant)) return "Upload the file again, under a name of its own, and write that.";
  return `Write ${quote(meant.name)} in ${manifest}: names are relative to ${source.base}.`;
}

function told(meant: Meant | undefined): string {
  if (meant === undefined) return "";
  if (isWrongUpload(meant)) return `; ${quote(meant.name)} is there, a name that no manifest may hold`;
  if (meant.listed === undefined) return `; did you mean ${quote(meant.name)}?`;
  const { file, line } = meant.listed.at;
  return `; ${file}:${line} lists the same bytes as ${quote(meant.name)}`;
}

/** A name to write in place of the line's: none where the file has its line, or may have none. */
function suggestionOf(meant: Meant | undefined): string | undefined {
  return meant === undefined || meant.listed !== undefined || isWrongUpload(meant) ? undefined : meant.name;
}

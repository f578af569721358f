import { basename, dirname, resolve } from "node:path";
import type { Layout } from "../../config/layout";
import type { FilestoreDirectory } from "../../model/filestores";
import { quote } from "../../model/suggest";
import type { Additions, ManifestDiff } from "../../promotion/manifest-diff";
import { commonFolder, type Unheld } from "../../promotion/source-holdings";
import { count, formatBytes, formatCount, printable } from "../format";
import type { FileLine } from "./manifest-file";
import type { Place } from "./manifest-place";

/** More of the same tells nothing new. */
const SHOWN = 20;

/** Why a folder's names do not fit the source, and the command that makes them fit. */
export function showUnheld(unheld: readonly Unheld[], { name, source }: FilestoreDirectory, place: Place): string {
  const lines = unheld.map((file) => {
    if (file.sizeInSource !== undefined) {
      return `error: ${quote(file.name)}: the source holds another file of this name, of ${formatBytes(file.sizeInSource)}`;
    }
    const meant = file.suggestion === undefined ? "" : `; did you mean ${quote(file.suggestion)}?`;
    return `error: ${quote(file.name)}: ${source.base} does not hold it${meant}`;
  });
  const missing = unheld.filter(({ sizeInSource }) => sizeInSource === undefined);
  return [...few(lines), ...repair(missing, place), `No manifest was written: ${name} could not promote it.`].join(
    "\n",
  );
}

function repair(missing: readonly Unheld[], place: Place): readonly string[] {
  const folder = commonFolder(missing);
  if (place.kind !== "folder" || missing.length === 0) return [];
  if (folder === undefined) return ["Upload the files to the source first, or correct --src, --prefix or --under."];
  const path = folder.slice(0, -1);
  const under = `--under ${place.under}${path}`;
  const isSameName = !path.includes("/") && place.under === "" && basename(place.folder) === path;
  const other = isSameName ? `, or --src ${dirname(place.folder)} --prefix ${path}/` : "";
  return [`Names are relative to the source base: use ${under}${other}.`];
}

/** Names that fit no source are noticed after the merge at the earliest: where none is known, that is said. */
export function showWithoutFilestore(place: Place, { root, filestores }: Layout): string {
  const from =
    place.kind === "folder" ? place.folder : `${place.base.scheme}://${place.base.bucket}/${place.base.prefix}`;
  const what = `no filestore in ${resolve(root, filestores)} is known to have its source here`;
  const repair =
    place.kind === "folder"
      ? "Name the filestore with --filestore"
      : "If the inputs are elsewhere, name their folder with --root";
  return `warning: ${what}: names are relative to ${from}, and may be none that a promotion finds. ${repair}`;
}

export function showAdditions(file: string, { added, contradicted }: Additions): string {
  if (contradicted.length > 0) {
    const lines = contradicted.map(
      ({ file: { name, sha256 }, listed }) =>
        `${quote(name)}: the manifest says sha256 ${listed}, the file has ${sha256}`,
    );
    const rule = "A line is never changed: give the new bytes a new name. Nothing was written.";
    return `${[...few(lines), rule].join("\n")}\n`;
  }
  return added.length === 0
    ? `${file}: every file is in it already\n`
    : `${file}: ${count(added.length, "line")} added\n`;
}

export function showDiff(diff: ManifestDiff<FileLine>, file: string, place: string, isJson: boolean): string {
  if (isJson) return `${JSON.stringify({ file, place, ...diff }, null, 2)}\n`;
  const lines = [
    ...diff.differing.map(
      ({ line, found }) =>
        `${where(line)}: ${quote(line.name)}: the manifest says sha256 ${line.sha256}, the file has ${found}`,
    ),
    ...diff.gone.map((line) => `${where(line)}: ${quote(line.name)}: not in ${place}`),
    ...diff.unlisted.map(({ name }) => `${file}: ${quote(name)}: not in the manifest`),
  ];
  const wrong = lines.length === 0 ? "" : `, ${formatCount(lines.length)} wrong`;
  return printable([...few(lines), `${file}: ${count(diff.equal, "file")} equal${wrong}`, ""].join("\n"));
}

function where({ at }: FileLine): string {
  return `${at.file}:${at.line}:${at.column}`;
}

function few(lines: readonly string[]): readonly string[] {
  return lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN), `... and ${lines.length - SHOWN} more`];
}

import type { Report } from "../diagnostics";
import type { Manifest } from "../model/manifests";
import { objectNameProblem } from "../model/object-names";
import { sha256Problem } from "../model/sha256";
import { quote } from "../model/suggest";
import { isRewritten } from "../model/yaml-1-1";
import type { Inputs } from "./inputs";
import { formatPath } from "./issues";
import { readOwners } from "./load-owners";
import { entriesOf } from "./load-restrictions";
import { looseEntries } from "./loose-entries";
import { scanManifest } from "./manifest-scan";
import { manifestFile } from "./schema/manifest-file";
import { Source } from "./source";
import { type Entry, isYaml, type Tree } from "./tree";
import { isTooLargeToParse } from "./yaml-errors";

export interface Manifests {
  readonly manifests: readonly Manifest[];

  /** Those that hold mistakes, with the lines that can be made out all the same. */
  readonly broken: readonly Manifest[];

  /** Every folder below `manifests/`, also those without a manifest. */
  readonly directories: readonly Entry[];
  readonly owners: ReadonlyMap<string, readonly string[]>;
}

/** Reads every YAML file and OWNERS below `manifests/<directory>/`. What else lies there is reported, not passed over. */
export function loadManifests({ tree, report }: Inputs, folder: string): Manifests {
  const manifests: Manifest[] = [];
  const broken: Manifest[] = [];
  const owners = new Map<string, readonly string[]>();
  const directories: Entry[] = [];
  for (const directory of tree.list(folder, report)) {
    if (directory.kind !== "folder") {
      reportStray(directory, `${folder}/<directory>/`, report);
      continue;
    }
    directories.push(directory);
    for (const entry of tree.list(directory.path, report)) {
      const { name, path } = entry;
      if (name === "OWNERS") owners.set(directory.name, readOwners(tree, path, report));
      else if (isYaml(name)) {
        const lines = readLines(tree, path, report);
        if (lines !== undefined) manifests.push({ directory: directory.name, file: path, lines });
        else broken.push({ directory: directory.name, file: path, lines: looseLines(path, tree.readLoosely(path)) });
      } else if (entry.kind === "folder" && holdsYaml(tree, entry.path, report)) reportNested(entry, directory, report);
      else reportStray(entry, `${directory.path}/`, report);
    }
  }
  return { manifests, broken, directories, owners };
}

/** The lines of one manifest; undefined, and reports, when anything is wrong with it. */
export function readLines(tree: Tree, file: string, report: Report): Manifest["lines"] | undefined {
  const text = tree.read(file, report);
  if (text === undefined) return undefined;
  const scanned = scanManifest(file, text);
  if (typeof scanned !== "number") return scanned;
  if (!isTooLargeToParse(text)) return parseManifest(file, text, report);
  const summary = `this line is wrong, or not written as "- name: NAME" or "sha256: HASH": a file of this size may hold no other`;
  const detail = "Repair the line, or split the file: files of up to 1 MiB are told in detail what is wrong with them.";
  report({
    severity: "error",
    rule: "file/too-large",
    summary,
    detail,
    at: { file, line: Math.max(1, scanned), column: 1 },
  });
  return undefined;
}

/** The slow way, which knows all of YAML and can say what is wrong. */
export function parseManifest(file: string, text: string, report: Report): Manifest["lines"] | undefined {
  const source = Source.read(file, text, report);
  if (source === undefined) return undefined;
  const rewritten = reportRewritten(source, report);
  const yaml = source.parse(manifestFile, report);
  if (yaml === undefined || rewritten > 0) return undefined;
  if ((source.value as { readonly files: unknown }).files === null) {
    const summary = "files: is left empty, so that nothing is promoted";
    const detail = 'List the files. If there are none on purpose, write "files: []".';
    report({ severity: "warning", rule: "manifest/empty", summary, detail, at: source.positionOf(["files"]) });
  }
  return yaml.files.map((line, index) => ({ ...line, at: source.positionOf(["files", index]) }));
}

function looseLines(file: string, text: string): Manifest["lines"] {
  return looseEntries(text, ["name", "sha256"]).flatMap(({ values, line, column }) => {
    const [name = "", sha256 = ""] = [values.get("name"), values.get("sha256")];
    const isLine = objectNameProblem(name) === undefined && sha256Problem(sha256) === undefined;
    return isLine ? [{ name, sha256, at: { file, line, column } }] : [];
  });
}

/** Names that kpromo, which reads YAML 1.1, takes for others. Returns how many. */
function reportRewritten(source: Source, report: Report): number {
  const entries = entriesOf(source, "files");
  const rewritten = entries.flatMap((_, index) => {
    const path = ["files", index, "name"];
    const name = source.unquotedAt(path);
    return name !== undefined && isRewritten(name) ? [{ path, name }] : [];
  });
  for (const { path, name } of rewritten) {
    const summary = `${formatPath(path)}the text ${quote(name)} stands without quotes, older YAML reads something else`;
    const at = source.positionOf(path);
    report({ severity: "error", rule: "schema/type", summary, detail: `Write ${quote(name)} in quotes.`, at });
  }
  return rewritten.length;
}

/** Files that people put beside manifests, and that nobody takes for one. */
const KNOWN =
  /^(README|LICENSE|NOTICE|OWNERS$|OWNERS_ALIASES|SECURITY_CONTACTS)|^\.git(keep|ignore|attributes)$|\.md$/i;

export function isNoManifest(name: string): boolean {
  return KNOWN.test(name);
}

function holdsYaml(tree: Tree, folder: string, report: Report): boolean {
  return tree
    .list(folder, report)
    .some((entry) => (entry.kind === "folder" ? holdsYaml(tree, entry.path, report) : isYaml(entry.name)));
}

/** kpromo reads them, so somebody may believe that they are read. */
function reportNested({ path }: Entry, directory: Entry, report: Report): void {
  const summary = "the manifests in this folder are not read";
  const detail = `Manifests stand directly in ${directory.path}/. Move them there.`;
  report({ severity: "error", rule: "manifest/place", summary, detail, at: { file: path, line: 1, column: 1 } });
}

function reportStray({ name, path, kind }: Entry, place: string, report: Report): void {
  if (kind === "file" && KNOWN.test(name)) return;
  const at = { file: path, line: 1, column: 1 };
  if (kind === "file" && isYaml(name)) {
    const detail = `Manifests stand in ${place}. Move it there.`;
    report({ severity: "error", rule: "manifest/place", summary: "this manifest belongs to no directory", detail, at });
    return;
  }
  if (kind === "other") {
    // A link that leads nowhere may be all that is left of many lines.
    const summary = "expected a file or a folder, found something else or a link that leads nowhere";
    report({ severity: "error", rule: "file/kind", summary, detail: "Remove it, or put the file or folder here.", at });
    return;
  }
  // kpromo reads every file of a directory, whatever its name.
  const isMeant = kind === "file" && !place.includes("<");
  const what = kind === "file" ? "this file is no manifest" : "this folder is not looked into";
  const rename = isMeant ? " Rename it, or remove it." : "";
  report({
    severity: isMeant ? "error" : "warning",
    rule: "manifest/stray",
    summary: `${what}: nothing in it is read`,
    detail: `Manifests are YAML files directly in ${place}; their names end in .yaml or .yml.${rename}`,
    at,
  });
}

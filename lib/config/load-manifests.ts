import type { Report } from "../diagnostics";
import type { Manifest } from "../model/manifests";
import type { Inputs } from "./inputs";
import { readOwners } from "./load-owners";
import { scanManifest } from "./manifest-scan";
import { manifestFile } from "./schema/manifest-file";
import { Source } from "./source";
import { type Entry, isYaml, type Tree } from "./tree";

export interface Manifests {
  readonly manifests: readonly Manifest[];

  /** Every folder below `manifests/`, also those without a manifest. */
  readonly directories: readonly Entry[];
  readonly owners: ReadonlyMap<string, readonly string[]>;
}

/** Reads every YAML file and OWNERS below `manifests/<directory>/`. What else lies there is reported, not passed over. */
export function loadManifests({ tree, report }: Inputs, folder: string): Manifests {
  const manifests: Manifest[] = [];
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
      } else reportStray(entry, `${directory.path}/`, report);
    }
  }
  return { manifests, directories, owners };
}

/** The lines of one manifest; undefined, and reports, when anything is wrong with it. */
export function readLines(tree: Tree, file: string, report: Report): Manifest["lines"] | undefined {
  const text = tree.read(file, report);
  if (text === undefined) return undefined;
  return scanManifest(file, text) ?? parseManifest(file, text, report);
}

/** The slow way, which knows all of YAML and can say what is wrong. */
export function parseManifest(file: string, text: string, report: Report): Manifest["lines"] | undefined {
  const source = Source.read(file, text, report);
  const yaml = source?.parse(manifestFile, report);
  if (source === undefined || yaml === undefined) return undefined;
  return yaml.files.map((line, index) => ({ ...line, at: source.positionOf(["files", index]) }));
}

/** Files that people put beside manifests, and that nobody takes for one. */
const KNOWN = /^(README|LICENSE|NOTICE|OWNERS_ALIASES|SECURITY_CONTACTS)|^\.git(keep|ignore|attributes)$|\.md$/i;

function reportStray({ name, path, kind }: Entry, place: string, report: Report): void {
  if (kind === "file" && KNOWN.test(name)) return;
  const at = { file: path, line: 1, column: 1 };
  if (kind === "file" && isYaml(name)) {
    const detail = `Manifests stand in ${place}. Move it there.`;
    report({ severity: "error", rule: "manifest/place", summary: "this manifest belongs to no directory", detail, at });
    return;
  }
  const kinds = {
    file: "this file is no manifest",
    folder: "this folder is not looked into",
    other: "this is no file",
  };
  const detail = `Manifests are YAML files directly in ${place}; their names end in .yaml or .yml.`;
  report({ severity: "warning", rule: "manifest/stray", summary: `${kinds[kind]}: nothing in it is read`, detail, at });
}

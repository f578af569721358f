import type { Report } from "../diagnostics";
import type { Manifest } from "../model/manifests";
import { manifestFile } from "./schema/manifest-file";
import { ownersFile } from "./schema/owners-file";
import { Source } from "./source";
import type { Tree } from "./tree";

export interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly owners: ReadonlyMap<string, readonly string[]>;
}

/** Reads every YAML file and OWNERS below `manifests/<directory>/`. */
export function loadManifests(tree: Tree, folder: string, report: Report): Manifests {
  const manifests: Manifest[] = [];
  const owners = new Map<string, readonly string[]>();
  for (const directory of tree.list(folder, report)) {
    if (directory.kind !== "folder") continue;
    for (const { name, path } of tree.list(directory.path, report)) {
      if (name === "OWNERS") owners.set(directory.name, readOwners(tree, path, report));
      else if (/\.ya?ml$/.test(name)) {
        const manifest = readManifest(tree, directory.name, path, report);
        if (manifest !== undefined) manifests.push(manifest);
      }
    }
  }
  return { manifests, owners };
}

function readManifest(tree: Tree, directory: string, file: string, report: Report): Manifest | undefined {
  const text = tree.read(file, report);
  const source = text === undefined ? undefined : Source.read(file, text, report);
  const yaml = source?.parse(manifestFile, report);
  if (source === undefined || yaml === undefined) return undefined;
  const lines = yaml.files.map((line, index) => ({ ...line, at: source.positionOf(["files", index]) }));
  return { directory, file, lines };
}

function readOwners(tree: Tree, file: string, report: Report): readonly string[] {
  const text = tree.read(file, report);
  const source = text === undefined ? undefined : Source.read(file, text, report);
  return source?.parse(ownersFile, report)?.approvers ?? [];
}

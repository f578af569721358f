import type { Report } from "../diagnostics";
import { parseBase } from "../model/filestore-base";
import type { Filestore, FilestoreDirectory } from "../model/filestores";
import { type FilestoresYaml, filestoresFile } from "./schema/filestores-file";
import { Source } from "./source";
import type { Tree } from "./tree";

const FILE = "filepromoter-manifest.yaml";

/** Reads `filestores/<directory>/filepromoter-manifest.yaml` of every directory. */
export function loadFilestores(tree: Tree, folder: string, report: Report): readonly FilestoreDirectory[] {
  const directories: FilestoreDirectory[] = [];
  for (const { name, path, kind } of tree.list(folder, report)) {
    if (kind !== "folder") continue;
    const file = `${path}/${FILE}`;
    const text = tree.read(file, report);
    const source = text === undefined ? undefined : Source.read(file, text, report);
    const yaml = source?.parse(filestoresFile, report);
    if (source === undefined || yaml === undefined) continue;
    const directory = toDirectory(name, source, yaml);
    if (directory !== undefined) directories.push(directory);
  }
  return directories;
}

function toDirectory(name: string, source: Source, yaml: FilestoresYaml): FilestoreDirectory | undefined {
  const filestores = yaml.filestores.flatMap((entry, index): readonly Filestore[] => {
    const base = parseBase(entry.base);
    if (base === undefined) return [];
    const serviceAccount = entry["service-account"];
    return [
      {
        base: entry.base,
        ...base,
        source: entry.src ?? false,
        ...(serviceAccount === undefined ? {} : { serviceAccount }),
        at: source.positionOf(["filestores", index]),
      },
    ];
  });
  const from = filestores.find((filestore) => filestore.source);
  if (from === undefined) return undefined;
  return { name, file: source.file, source: from, destinations: filestores.filter((filestore) => !filestore.source) };
}

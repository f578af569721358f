import type { Report } from "../diagnostics";
import { baseProblem, parseBase } from "../model/filestore-base";
import type { Filestore, FilestoreDirectory } from "../model/filestores";
import { nearest, quote } from "../model/suggest";
import { Inputs } from "./inputs";
import { looseEntries } from "./loose-entries";
import { type FilestoresYaml, filestoresFile } from "./schema/filestores-file";
import type { Source } from "./source";
import { isYaml, type Tree } from "./tree";

const FILE = "filepromoter-manifest.yaml";

/** It becomes part of the name of a stack, and of folders of it. */
const DIRECTORY = /^[a-z0-9][a-z0-9._-]{0,99}$/i;

/** A directory whose file holds a mistake, as far as it can be made out. */
export interface LooseDirectory extends FilestoreDirectory {
  /** Whether one base, and a valid one, is marked as the source: otherwise the source is a guess. */
  readonly isSourceClear: boolean;
}

export interface Filestores {
  readonly filestores: readonly FilestoreDirectory[];

  readonly broken: readonly LooseDirectory[];

  /** Of every folder, also of those whose file holds a mistake. */
  readonly names: readonly string[];
}

/** Reads the filestores alone, for commands that need nothing else. */
export function loadFilestores(tree: Tree, folder: string, report: Report): readonly FilestoreDirectory[] {
  return readFilestores(new Inputs(tree, report), folder).filestores;
}

/** Reads `filestores/<directory>/filepromoter-manifest.yaml` of every directory. */
export function readFilestores(inputs: Inputs, folder: string): Filestores {
  const filestores: FilestoreDirectory[] = [];
  const broken: LooseDirectory[] = [];
  const names: string[] = [];
  for (const { name, path, kind } of inputs.tree.list(folder, inputs.report)) {
    if (kind === "folder") {
      names.push(name);
      if (!DIRECTORY.test(name)) reportName(inputs, name, path);
      const directory = readDirectory(inputs, name, path);
      if (directory !== undefined) filestores.push(directory);
      else broken.push(...looseDirectory(name, `${path}/${FILE}`, inputs.tree));
    } else if (kind === "other") reportOther(inputs, path);
    else if (isYaml(name)) reportStray(inputs, path, `${folder}/<directory>/${FILE}`);
  }
  return { filestores, broken, names };
}

function readDirectory(inputs: Inputs, name: string, folder: string): FilestoreDirectory | undefined {
  const entries = inputs.tree.listIfReadable(folder, inputs.report);
  if (entries === undefined) return undefined;
  const yaml = entries.filter((entry) => isYaml(entry.name)).map((entry) => entry.name);
  for (const other of yaml.filter((each) => each !== FILE)) {
    if (yaml.includes(FILE)) reportStray(inputs, `${folder}/${other}`, `${folder}/${FILE}`);
  }
  if (!entries.some((entry) => entry.name === FILE)) {
    const [only] = yaml.length === 1 ? yaml : [];
    const near =
      only ??
      nearest(
        FILE,
        entries.map((entry) => entry.name),
      );
    inputs.report({
      severity: "error",
      rule: "filestore/no-file",
      summary: `${name}: there is no ${FILE} in this directory`,
      detail:
        near === undefined ? "Add it, or remove the directory." : `Rename ${quote(near)} if that is meant to be it.`,
      at: { file: near === undefined ? folder : `${folder}/${near}`, line: 1, column: 1 },
    });
    return undefined;
  }
  return readFilestoresFile(inputs, name, `${folder}/${FILE}`);
}

/** One file of filestores, wherever it stands, for the directory of that name. */
export function readFilestoresFile(inputs: Inputs, name: string, path: string): FilestoreDirectory | undefined {
  const source = inputs.read(path);
  const file = source?.parse(filestoresFile, inputs.report);
  return source === undefined || file === undefined ? undefined : toDirectory(name, source, file);
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

/** Which one is the source may be the mistake: it usually comes first. */
function looseDirectory(name: string, file: string, tree: Tree): readonly LooseDirectory[] {
  const entries = looseEntries(tree.readLoosely(file), ["base", "src"]).map(({ values, ...at }) => ({
    ...at,
    written: values.get("base") ?? "",
    source: /^(true|yes|on|y)$/i.test(values.get("src") ?? ""),
  }));
  const filestores = entries.flatMap(({ written, source, line, column }): readonly Filestore[] => {
    const base = parseBase(written);
    return base === undefined ? [] : [{ base: written, ...base, source, at: { file, line, column } }];
  });
  const from = filestores.find(({ source }) => source) ?? filestores[0];
  if (from === undefined) return [];
  const destinations = filestores.filter((filestore) => filestore !== from && !filestore.source);
  const [marked, ...others] = entries.filter(({ source }) => source);
  const isSourceClear = marked !== undefined && others.length === 0 && baseProblem(marked.written) === undefined;
  return [{ name, file, source: from, destinations, isSourceClear }];
}

function reportName(inputs: Inputs, name: string, file: string): void {
  inputs.report({
    severity: "error",
    rule: "filestore/name",
    summary: `${quote(name)} can not be the name of a filestore directory`,
    detail:
      "It has 1 to 100 letters, digits, dots, hyphens and underscores, a letter or digit first. Rename it, and its manifests' directory.",
    at: { file, line: 1, column: 1 },
  });
}

function reportOther(inputs: Inputs, file: string): void {
  const summary = "expected a folder, found something else or a link that leads nowhere";
  const at = { file, line: 1, column: 1 };
  inputs.report({ severity: "error", rule: "file/kind", summary, detail: "Remove it, or put the folder here.", at });
}

function reportStray(inputs: Inputs, file: string, place: string): void {
  inputs.report({
    severity: "warning",
    rule: "filestore/stray",
    summary: "nothing in this file is read",
    detail: `Filestores stand in ${place}.`,
    at: { file, line: 1, column: 1 },
  });
}

import { isScalar, type YAMLMap } from "yaml";
import { EditRefused } from "./plan-types";
import { entryBefore } from "./sorted-place";
import { insertLines, removeLines, splitLines } from "./text-lines";
import { type PlacedEntry, YamlPlaces } from "./yaml-places";

export interface InfraEntry {
  readonly projectId: string;

  /** Written only where the type's own `managed_by` does not say so already. */
  readonly managedBy: string;

  /** Further lines of the project's block, e.g. `release: true`. */
  readonly fields: readonly string[];
}

const PROJECTS = ["infra", "staging", "projects"];

/** Adds a project under `infra.staging.projects`, in sorted place. Every other byte stays. */
export function addStagingProject(file: string, before: string, { projectId, managedBy, fields }: InfraEntry): string {
  const text = PROJECTS.reduce((text, _, index) => withMapping(file, text, PROJECTS.slice(0, index + 1)), before);
  const places = new YamlPlaces(file, text);
  const staging = places.map("infra", "staging");
  const [key] = staging === undefined ? [] : places.mapEntries(staging).filter(({ name }) => name === "projects");
  if (staging === undefined || key === undefined)
    throw new EditRefused(file, "infra: is missing", "Write `infra:` first.");
  const isOurs = scalarOf(staging, "managed_by") === managedBy;
  const block = [...(isOurs ? [] : [`managed_by: ${managedBy}`]), ...fields];
  const projects = places.map(...PROJECTS);
  const entries = projects === undefined ? [] : places.mapEntries(projects);
  const indent = entries[0]?.indent ?? key.indent + 2;
  const previous = entryBefore(entries, projectId);
  const projectsLine = places.keyLine(...PROJECTS) ?? key.firstLine;
  const at = previous?.endLine ?? projectsLine + 1;
  return insertLines(splitLines(text), at, [
    `${" ".repeat(indent)}${projectId}:`,
    ...block.map((line) => `${" ".repeat(indent + 2)}${line}`),
  ]);
}

/** The text with a key at `path` under which lines can be added: written where there is none, `{}` taken away. */
function withMapping(file: string, text: string, path: readonly string[]): string {
  const places = new YamlPlaces(file, text);
  const parentPath = path.slice(0, -1);
  const parent = places.map(...parentPath);
  const opened = places.opened(...path);
  if (parent?.flow) throw places.refusal(0, "the file is written in braces");
  if (opened !== text) return opened;
  const line = places.keyLine(...parentPath);
  if (places.keyLine(...path) !== undefined || line === undefined) return text;
  const siblings = parent === undefined ? [] : places.mapEntries(parent);
  const above = places.map(...parentPath.slice(0, -1));
  const outer = above && places.mapEntries(above).find(({ name }) => name === parentPath.at(-1));
  const indent = siblings[0]?.indent ?? (outer?.indent ?? 0) + 2;
  return insertLines(splitLines(text), siblings.at(-1)?.endLine ?? line + 1, [`${" ".repeat(indent)}${path.at(-1)}:`]);
}

export function removeStagingProject(file: string, text: string, projectId: string): string {
  const entry = stagingEntry(file, text, projectId);
  new YamlPlaces(file, text).requireUnshared(entry);
  return removeLines(splitLines(text), entry.firstLine, entry.endLine);
}

/** Adds lines to the block of a project that stands under `infra.staging.projects`. */
export function addProjectFields(file: string, before: string, projectId: string, fields: readonly string[]): string {
  stagingEntry(file, before, projectId);
  const text = new YamlPlaces(file, before).opened(...PROJECTS, projectId);
  const entry = stagingEntry(file, text, projectId);
  const places = new YamlPlaces(file, text);
  const block = places.map(...PROJECTS, projectId);
  const indent = (block && places.mapEntries(block)[0]?.indent) ?? entry.indent + 2;
  return insertLines(
    splitLines(text),
    entry.endLine,
    fields.map((line) => `${" ".repeat(indent)}${line}`),
  );
}

/** Writes how far a declared retirement has come: in place of the step that stands there, or behind its other keys. */
export function setRetirementStep(file: string, text: string, projectId: string, step: string): string {
  const entry = stagingEntry(file, text, projectId);
  const places = new YamlPlaces(file, text);
  const path = [...PROJECTS, projectId, "retired"];
  const written = places.range(...path, "step");
  if (written !== undefined) return text.slice(0, written[0]) + step + text.slice(written[1]);
  const retired = places.map(...path);
  if (retired === undefined || places.keyLine(...path, "step") !== undefined)
    throw places.refusal(entry.firstLine, `${projectId}: its retirement is written as an alias`);
  if (retired.flow) {
    const last = String([...retired.items].at(-1)?.key ?? "");
    const end = places.range(...path, last)?.[1];
    if (end !== undefined) return `${text.slice(0, end)}, step: ${step}${text.slice(end)}`;
  }
  const last = places.mapEntries(retired).at(-1);
  if (last === undefined) throw new EditRefused(file, `${projectId}: "retired" is empty`, "Write its `since:` first.");
  return insertLines(splitLines(text), last.endLine, [`${" ".repeat(last.indent)}step: ${step}`]);
}

function stagingEntry(file: string, text: string, projectId: string): PlacedEntry {
  const places = new YamlPlaces(file, text);
  const projects = places.map(...PROJECTS);
  const entry = projects && places.mapEntries(projects).find(({ name }) => name === projectId);
  if (entry === undefined) {
    throw new EditRefused(
      file,
      `${projectId}: does not stand under infra.staging.projects`,
      "There is nothing to take out.",
    );
  }
  return entry;
}

function scalarOf(map: YAMLMap, key: string): unknown {
  const value = map.get(key, true);
  return isScalar(value) ? value.value : undefined;
}

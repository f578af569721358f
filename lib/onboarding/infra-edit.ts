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

/** Adds a project under `infra.staging.projects`, in sorted place. Every other byte stays. */
export function addStagingProject(file: string, text: string, { projectId, managedBy, fields }: InfraEntry): string {
  const places = new YamlPlaces(text);
  const staging = places.map("infra", "staging");
  if (staging === undefined) {
    throw new EditRefused(file, "infra.staging: is missing", "Add `staging:` with `projects:` under `infra:` first.");
  }
  const projectsLine = places.keyLine("infra", "staging", "projects");
  if (projectsLine === undefined) {
    throw new EditRefused(file, "infra.staging.projects: is missing", "Add `projects:` under `infra.staging` first.");
  }
  const isOurs = scalarOf(staging, "managed_by") === managedBy;
  const block = [...(isOurs ? [] : [`managed_by: ${managedBy}`]), ...fields];
  const projects = places.map("infra", "staging", "projects");
  if (projects?.flow) {
    throw new EditRefused(file, "infra.staging.projects: is written on one line", "Write one project per line.");
  }
  const entries = projects === undefined ? [] : places.mapEntries(projects);
  const lines = splitLines(text);
  const keyIndent = places.mapEntries(staging).find(({ name }) => name === "projects")?.indent ?? 4;
  const indent = entries[0]?.indent ?? keyIndent + 2;
  const previous = entryBefore(entries, projectId);
  const at = previous?.endLine ?? projectsLine + 1;
  return insertLines(lines, at, [
    `${" ".repeat(indent)}${projectId}:`,
    ...block.map((line) => `${" ".repeat(indent + 2)}${line}`),
  ]);
}

export function removeStagingProject(file: string, text: string, projectId: string): string {
  const entry = stagingEntry(file, text, projectId);
  return removeLines(splitLines(text), entry.firstLine, entry.endLine);
}

/** Adds lines to the block of a project that stands under `infra.staging.projects`. */
export function addProjectFields(file: string, text: string, projectId: string, fields: readonly string[]): string {
  const entry = stagingEntry(file, text, projectId);
  const places = new YamlPlaces(text);
  const block = places.map("infra", "staging", "projects", projectId);
  if (block?.flow) {
    throw new EditRefused(file, `${projectId}: is written on one line`, "Write its block over several lines.");
  }
  const indent = (block && places.mapEntries(block)[0]?.indent) ?? entry.indent + 2;
  return insertLines(
    splitLines(text),
    entry.endLine,
    fields.map((line) => `${" ".repeat(indent)}${line}`),
  );
}

/** Writes how far a declared retirement has come: in place of the step that stands there, or behind its other keys. */
export function setRetirementStep(file: string, text: string, projectId: string, step: string): string {
  stagingEntry(file, text, projectId);
  const places = new YamlPlaces(text);
  const path = ["infra", "staging", "projects", projectId, "retired"];
  const written = places.range(...path, "step");
  if (written !== undefined) return text.slice(0, written[0]) + step + text.slice(written[1]);
  const retired = places.map(...path);
  if (retired === undefined)
    throw new EditRefused(file, `${projectId}: is not retired`, "Declare the retirement first.");
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
  const places = new YamlPlaces(text);
  const projects = places.map("infra", "staging", "projects");
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

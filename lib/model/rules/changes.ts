import type { Diagnostic, Position } from "../../diagnostics";
import { quote } from "../suggest";
import { deletedRepositories } from "./deleted-repositories";
import type { Draft } from "./draft";
import { movedProjects } from "./moved-projects";
import { replacedBuckets } from "./replaced-buckets";
import { vanishedGroups } from "./retired-groups";
import { tidiedShutdowns } from "./tidied-shutdowns";
import { vanishedServing } from "./vanished-serving";

/** Where two kinds of inputs stand that one change may not touch together; a change may have moved them. */
export interface Folders {
  readonly filestores: string;
  readonly manifests: string;
}

/** One change is either about where files go or about which files go: whoever may decide one may not decide both at once. */
export function checkSeparation(changed: readonly string[], places: readonly Folders[]): readonly Diagnostic[] {
  const firstBelow = (part: keyof Folders) =>
    changed.find((file) => places.some((place) => file.startsWith(`${place[part]}/`)));
  const [where, which] = [firstBelow("filestores"), firstBelow("manifests")];
  const [place] = places;
  if (where === undefined || which === undefined || place === undefined) return [];
  return [
    {
      severity: "error",
      rule: "change/separation",
      summary: `this change touches ${place.filestores}/ and ${place.manifests}/, here and in ${where}`,
      detail: "Make two changes: first the filestore, and when it is merged the manifests.",
      at: start(which),
    },
  ];
}

/**
 * What a change decides, of all that it touches: the OWNERS file of a directory that has no manifest, before or after, is
 * part of declaring the directory. An onboarding brings it together with the filestore, and nothing is published by it.
 */
export function decidingFiles(
  changed: readonly string[],
  drafts: readonly Pick<Draft, "manifests">[],
  places: readonly Folders[],
): readonly string[] {
  const folders = places.map(({ manifests }) => manifests);
  const inUse = new Set(drafts.flatMap((draft) => draft.manifests.map(({ directory }) => directory)));
  // A manifest with mistakes is in no draft, but the change that touches it is seen all the same.
  for (const file of changed) {
    const [directory = "", name] = partsBelow(file, folders);
    if (name !== undefined && name !== "OWNERS") inUse.add(directory);
  }
  return changed.filter((file) => {
    const [directory = "", name, more] = partsBelow(file, folders);
    return name !== "OWNERS" || more !== undefined || inUse.has(directory);
  });
}

/** What follows the one of the folders that holds the file; nothing if none does. */
export function partsBelow(file: string, folders: readonly string[]): readonly string[] {
  const folder = folders.find((each) => file.startsWith(`${each}/`));
  return folder === undefined ? [] : file.slice(folder.length + 1).split("/");
}

/** What was in the base and is not in the change, although nobody declared its end. */
export function checkVanished(base: Draft, head: Draft, file: { readonly infra: string; readonly groups: string }) {
  return [
    ...(head.isComplete.infra ? vanishedProjects(base, head, file.infra) : []),
    ...(head.isComplete.infra
      ? [
          ...movedProjects(base, head),
          ...deletedRepositories(base, head),
          ...replacedBuckets(base, head),
          ...tidiedShutdowns(base, head),
        ]
      : []),
    ...(head.isComplete.groups || !head.hasGroups ? vanishedGroups(base, head) : []),
    ...(head.isComplete.infra ? vanishedFilestores(base, head) : []),
    ...vanishedServing(base, head),
  ];
}

/** A project that somebody else manages from now on has not vanished: infra.yaml still names it. */
function vanishedProjects(base: Draft, head: Draft, file: string): readonly Diagnostic[] {
  const known = new Set(head.projects.map(({ projectId }) => projectId));
  return base.staging
    .filter(({ projectId, retired }) => !known.has(projectId) && retired?.step !== "shut-down")
    .map(({ projectId, retired }) => ({
      severity: "error" as const,
      rule: "change/project-vanished",
      summary: `${projectId}: this project is not in the inputs any more`,
      detail:
        retired === undefined
          ? 'Vanishing is not deleting. Declare it first: "retired: {since: YYYY-MM-DD, keep-published: true}" in its block (npx artifacts offboard writes it). docs/staging.md has the steps that follow; after the last one the block may go.'
          : `Its retirement is not over: the project still exists, and nobody would look after it. Its block may go after "step: shut-down" was deployed; docs/staging.md has the steps.`,
      at: start(file),
    }));
}

/** What a filestore has published is looked after elsewhere, line by line; this is about the declaration itself. */
function vanishedFilestores(base: Draft, head: Draft): readonly Diagnostic[] {
  const present = new Set(head.filestoreNames);
  const retired = new Set(base.staging.filter((project) => project.retired !== undefined).map(({ bucket }) => bucket));
  return [...base.filestores, ...base.broken.filestores]
    .filter(({ name, source }) => !present.has(name) && !retired.has(source.bucket))
    .map(({ name, file }) => ({
      severity: "error" as const,
      rule: "change/filestore-vanished",
      summary: `${quote(name)}: this filestore is not in the inputs any more`,
      detail:
        "Vanishing is not deleting. Retire its staging project first (npx artifacts offboard); then the filestore may go.",
      at: start(file),
    }));
}

function start(file: string): Position {
  return { file, line: 1, column: 1 };
}

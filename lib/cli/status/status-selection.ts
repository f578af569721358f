import type { FilestoreDirectory } from "../../model/filestores";
import type { StagingProject } from "../../model/projects";
import type { Draft } from "../../model/rules/draft";
import { didYouMean, quote } from "../../model/suggest";
import { UsageError } from "../usage-error";

/** A staging project and the bucket that its people push to. */
export interface StagingPlace {
  readonly projectId: string;
  readonly bucket: string;
}

export interface Chosen {
  readonly filestores: readonly FilestoreDirectory[];

  /** Project ids; undefined for all. */
  readonly projects: ReadonlySet<string> | undefined;
}

/** A project is named by its id or by its filestore directory, which usually are the same. */
export function chooseProject(draft: Draft, name: string | undefined): Chosen {
  if (name === undefined) return { filestores: draft.filestores, projects: undefined };
  const places = stagingPlaces(draft, undefined);
  const named = [...places, ...chosenStaging(draft, name)];
  const buckets = new Set(named.filter(({ projectId }) => projectId === name).map(({ bucket }) => bucket));
  const filestores = draft.filestores.filter(
    (directory) => directory.name === name || buckets.has(directory.source.bucket),
  );
  if (filestores.length === 0 && buckets.size === 0) {
    const known = [...places.map(({ projectId }) => projectId), ...draft.filestores.map((directory) => directory.name)];
    throw new UsageError(
      [`there is no staging project ${quote(name)}`, didYouMean(name, known)].filter(Boolean).join(". "),
    );
  }
  const sources = new Set([...buckets, ...filestores.map(({ source }) => source.bucket)]);
  const projects = places.filter(({ bucket }) => sources.has(bucket)).map(({ projectId }) => projectId);
  return { filestores, projects: new Set(projects) };
}

/** The staging projects of ours that are asked for, retired or not. */
export function chosenStaging({ staging }: Draft, name: string | undefined): readonly StagingProject[] {
  return name === undefined ? staging : staging.filter(({ projectId }) => projectId === name);
}

/** Staging projects, ours and others'; not those that are retired, to which nobody is to push. */
export function stagingPlaces(
  { projects, staging }: Draft,
  wanted: ReadonlySet<string> | undefined,
): readonly StagingPlace[] {
  const ours = new Map(staging.map((project) => [project.projectId, project]));
  return projects
    .filter(({ projectId, type }) => type === "staging" && (wanted?.has(projectId) ?? true))
    .filter(({ projectId }) => ours.get(projectId)?.retired === undefined)
    .map(({ projectId, bucket }) => ({ projectId, bucket: ours.get(projectId)?.bucket ?? bucket ?? projectId }));
}

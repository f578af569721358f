import type { Base } from "../../model/filestore-base";
import type { FilestoreDirectory } from "../../model/filestores";
import type { StagingProject } from "../../model/projects";
import type { Draft } from "../../model/rules/draft";
import { stagingOwners } from "../../model/staging-owner";
import { didYouMean, quote } from "../../model/suggest";
import { UsageError } from "../usage-error";

/** A staging project and where its people push to: a bucket, or in a shared one their folder. */
export interface StagingPlace {
  readonly projectId: string;
  readonly bucket: string;

  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

export interface Chosen {
  readonly filestores: readonly FilestoreDirectory[];

  /** Project ids; undefined for all. */
  readonly projects: ReadonlySet<string> | undefined;
}

/** A project is named by its id or by its filestore directory, which usually are the same. */
export function chooseProject(draft: Draft, name: string | undefined): Chosen {
  if (name === undefined) return { filestores: draft.filestores, projects: undefined };
  const owner = stagingOwners(draft.staging);
  const holds = ({ projectId, bucket, prefix }: StagingPlace, source: Base) =>
    source.bucket === bucket &&
    source.prefix.startsWith(prefix) &&
    (owner(source)?.projectId ?? projectId) === projectId;
  const named = everyPlace(draft).filter(({ projectId }) => projectId === name);
  const filestores = draft.filestores.filter(
    (directory) => directory.name === name || named.some((place) => holds(place, directory.source)),
  );
  const places = stagingPlaces(draft, undefined);
  if (filestores.length === 0 && named.length === 0) {
    const known = [...places.map(({ projectId }) => projectId), ...draft.filestores.map((directory) => directory.name)];
    throw new UsageError(
      [`there is no staging project ${quote(name)}`, didYouMean(name, known)].filter(Boolean).join(". "),
    );
  }
  const projects = places
    .filter((place) => place.projectId === name || filestores.some(({ source }) => holds(place, source)))
    .map(({ projectId }) => projectId);
  return { filestores, projects: new Set(projects) };
}

/** The staging projects of ours that are asked for, retired or not. */
export function chosenStaging({ staging }: Draft, name: string | undefined): readonly StagingProject[] {
  return name === undefined ? staging : staging.filter(({ projectId }) => projectId === name);
}

/** Staging projects, ours and others'; not those that are retired, to which nobody is to push. */
export function stagingPlaces(draft: Draft, wanted: ReadonlySet<string> | undefined): readonly StagingPlace[] {
  const retired = new Set(
    draft.staging.filter((project) => project.retired !== undefined).map(({ projectId }) => projectId),
  );
  return everyPlace(draft).filter(({ projectId }) => !retired.has(projectId) && (wanted?.has(projectId) ?? true));
}

function everyPlace({ projects, staging }: Draft): readonly StagingPlace[] {
  const ours = new Map(staging.map((project) => [project.projectId, project]));
  return projects
    .filter(({ type }) => type === "staging")
    .map(({ projectId, bucket }) => {
      const project = ours.get(projectId);
      const prefix = project?.mode === "shared" ? `${project.name}/` : "";
      return { projectId, bucket: project?.bucket ?? bucket ?? projectId, prefix };
    });
}

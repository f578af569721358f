import type { Base } from "../model/filestore-base";
import type { FilestoreDirectory } from "../model/filestores";
import type { StagingProject } from "../model/projects";
import type { Draft } from "../model/rules/draft";
import { meantId } from "../model/staging-names";
import { stagingOwners } from "../model/staging-owner";
import { didYouMean, quote } from "../model/suggest";
import { UsageError } from "./usage-error";

/** A staging project and where its people push to: a bucket, or in a shared one their folder. */
export interface StagingPlace {
  readonly projectId: string;
  readonly bucket: string;

  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

/** What a person means by a name. */
export interface Chosen {
  /** The filestore directory of this name, whether it could be read or not. */
  readonly directory: string | undefined;

  /** That one, and those that promote from where people of the staging project push to. */
  readonly filestores: readonly FilestoreDirectory[];

  /** The staging projects of ours, retired or not. */
  readonly staging: readonly StagingProject[];

  /** Ids of staging projects, ours and others'. */
  readonly projectIds: ReadonlySet<string>;

  /** Folders of filestores and manifests that belong to it, also those of which nothing could be read. */
  readonly folders: readonly string[];
}

/** Names a staging project, by id or staging name, or a filestore directory, which usually has the project's id. */
export function chooseProject(draft: Draft, asked: string): Chosen {
  const { staging, filestores, filestoreNames, defaults } = draft;
  const known = everyPlace(draft);
  const meant = (ids: readonly string[]) => meantId(asked, ids, defaults.stagingPrefix);
  const directory = meant(filestoreNames);
  const own = meant(known.map(({ projectId }) => projectId));
  if (directory === undefined && own === undefined) {
    const names = [...known.map(({ projectId }) => projectId), ...staging.map(({ name }) => name), ...filestoreNames];
    const what = `there is no staging project and no filestore ${quote(asked)}`;
    throw new UsageError([what, didYouMean(asked, names)].filter(Boolean).join(". "));
  }
  const owner = stagingOwners(staging);
  const holds = ({ projectId, bucket, prefix }: StagingPlace, source: Base) =>
    source.bucket === bucket &&
    source.prefix.startsWith(prefix) &&
    (owner(source)?.projectId ?? projectId) === projectId;
  const ownPlaces = known.filter(({ projectId }) => projectId === own);
  const chosen = filestores.filter(
    ({ name, source }) => name === directory || ownPlaces.some((place) => holds(place, source)),
  );
  const places = stagingPlaces(draft).filter(
    (place) => place.projectId === own || chosen.some(({ source }) => holds(place, source)),
  );
  return {
    directory,
    filestores: chosen,
    staging: staging.filter(({ projectId }) => projectId === own),
    projectIds: new Set(places.map(({ projectId }) => projectId)),
    folders: [directory, own, ...chosen.map(({ name }) => name)].filter((name) => name !== undefined),
  };
}

/** Staging projects, ours and others'; not those that are retired, to which nobody is to push. */
export function stagingPlaces(draft: Draft): readonly StagingPlace[] {
  const retired = new Set(
    draft.staging.filter((project) => project.retired !== undefined).map(({ projectId }) => projectId),
  );
  return everyPlace(draft).filter(({ projectId }) => !retired.has(projectId));
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

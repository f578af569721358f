import type { Loaded } from "../config/load";
import type { Estate } from "../model/estate";
import type { StagingProject } from "../model/projects";
import { meantProject } from "../model/staging-names";
import { didYouMean, quote } from "../model/suggest";
import { validApartFromManifests } from "./valid-estate";

/** The staging project that a person names by id or by staging name. Says why on standard error when there is none. */
export function findStagingProject(
  loaded: Loaded,
  asked: string,
): { readonly estate: Estate; readonly project: StagingProject } | undefined {
  const estate = validApartFromManifests(loaded);
  if (estate === undefined) return undefined;
  const { stagingPrefix } = estate.defaults;
  const project = meantProject(asked, estate.staging, stagingPrefix);
  if (project !== undefined) return { estate, project };
  const other = meantProject(asked, estate.projects, stagingPrefix);
  const why =
    other === undefined
      ? `no staging project of ours has this name or id. ${whatThereIs(asked, estate)}`
      : `is managed by ${other.managedBy ?? "nobody we know"} (${other.at.file}:${other.at.line}). Change its managed_by to ${estate.defaults.managedBy} first.`;
  process.stderr.write(`error: project ${quote(asked)}: ${why}\n`);
  return undefined;
}

function whatThereIs(asked: string, { staging, projects, defaults }: Estate): string {
  const ours = staging.flatMap(({ name, projectId }) => [name, projectId]);
  const near =
    didYouMean(asked, ours) ??
    didYouMean(
      asked,
      projects.map(({ projectId }) => projectId),
    );
  if (near !== undefined) return near;
  if (staging.length === 0) return `There are none: infra.yaml has no project that ${defaults.managedBy} manages.`;
  const listed = staging.slice(0, MAX_LISTED).map(({ name }) => name);
  return `There are: ${listed.join(", ")}${staging.length > MAX_LISTED ? ", ..." : ""}.`;
}

const MAX_LISTED = 20;

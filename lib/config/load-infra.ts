import { z } from "zod";
import type { Position, Report } from "../diagnostics";
import type { Defaults } from "../model/defaults";
import { effectiveProject } from "../model/effective-project";
import { bucketNameProblem, projectIdProblem } from "../model/gcp-names";
import { emailProblem } from "../model/principals";
import type { Check } from "../model/problem";
import type { KnownProject, StagingProject } from "../model/projects";
import { longestStagingName, shorterName, stagingName } from "../model/staging-names";
import { editDistance, quote } from "../model/suggest";
import type { Inputs } from "./inputs";
import { formatPath } from "./issues";
import type { LoadedDefaults } from "./load-defaults";
import { anyBlock, infraFile } from "./schema/infra-file";
import { projectBlock } from "./schema/project-block";
import type { Source } from "./source";
import { projectBlockOf } from "./staging-block";

/** The only type of projects that we provision one by one. */
const STAGING_TYPE = "staging";

export interface Infra {
  readonly projects: readonly KnownProject[];
  readonly staging: readonly StagingProject[];

  /** Whether every project of the file is among them. */
  readonly isComplete: boolean;
}

type Types = z.output<typeof infraFile>["infra"];

/** Reads infra.yaml. Blocks of projects that others manage may hold anything; ours are checked key by key. */
export function loadInfra(inputs: Inputs, file: string, { defaults, areNamesKnown }: LoadedDefaults): Infra {
  const source = inputs.read(file);
  if (source === undefined) return { projects: [], staging: [], isComplete: false };
  const yaml = source.parse(infraFile, inputs.report);
  const projects: KnownProject[] = [];
  const staging: StagingProject[] = [];
  for (const [type, block] of Object.entries(yaml?.infra ?? readableTypes(source))) {
    for (const [projectId, written] of Object.entries(block?.projects ?? {})) {
      const path = ["infra", type, "projects", projectId];
      const at = source.positionOf(path);
      const own = typeof written === "string" ? { managed_by: written } : written;
      if (typeof written === "string") {
        const isOurs = [written, block?.managed_by].includes(defaults.managedBy);
        reportTextBlock(inputs.report, at, path, written, isOurs);
        if (isOurs) continue;
      }
      const managedBy = own?.managed_by ?? block?.managed_by ?? undefined;
      projects.push({
        projectId,
        type,
        ...(managedBy === undefined ? {} : { managedBy }),
        ...valid("bucket", own?.bucket, bucketNameProblem),
        ...valid("gcbBucket", own?.["gcb-bucket"], bucketNameProblem),
        ...valid("group", own?.group, emailProblem),
        at,
      });
      if (!areNamesKnown || managedBy !== defaults.managedBy) continue;
      const project = ourProject(source, path, { projectId, type, own }, defaults, inputs.report);
      if (project !== undefined) staging.push(inputs.places.remember(project, source, path));
    }
  }
  if (projects.length === 0 && yaml !== undefined) {
    const summary = "this file declares no projects";
    const at = source.positionOf(["infra"]);
    inputs.report({
      severity: "error",
      rule: "project/none",
      summary,
      detail: "List them under infra.TYPE.projects.",
      at,
    });
  }
  return {
    projects,
    staging: withSharedBuckets(staging, inputs),
    isComplete: yaml !== undefined && projects.length > 0 && areNamesKnown,
  };
}

/** What a file with mistakes holds besides: a mistake in one project does not hide those in the others. */
function readableTypes({ value }: Source): Types {
  const types = looseTypes.safeParse(value).data?.infra ?? {};
  return Object.fromEntries(
    Object.entries(types).map(([type, { managed_by, projects }]) => [
      type,
      {
        managed_by,
        projects: Object.fromEntries(
          Object.entries(projects).flatMap(([projectId, block]) => {
            const { data } = anyBlock.nullable().safeParse(block);
            return data === undefined ? [] : [[projectId, data]];
          }),
        ),
      },
    ]),
  );
}

const looseTypes = z.looseObject({
  infra: z.record(
    z.string(),
    z
      .looseObject({
        managed_by: z.string().nullish().catch(undefined),
        projects: z.record(z.string(), z.unknown()).catch({}),
      })
      .catch({ projects: {} }),
  ),
});

/** For somebody else's project it is clear enough what is meant; ours are not provisioned on a guess. */
function reportTextBlock(report: Report, at: Position, path: readonly string[], text: string, isOurs: boolean): void {
  report({
    severity: isOurs ? "error" : "warning",
    rule: "project/block",
    summary: `${formatPath(path)}expected a mapping, found the text ${quote(text)}`,
    detail: `${isOurs ? "" : "It is taken for who manages the project. "}Write ${quote(`managed_by: ${text}`)} on a line of its own below.`,
    at,
  });
}

/** What a block says, if it can be meant: for ours a mistake is reported elsewhere, for others it is none of ours. */
function valid<K extends string>(key: K, value: unknown, check: Check): { readonly [P in K]?: string } {
  if (typeof value !== "string" || check(value) !== undefined) return {};
  // The computed key makes an index signature of it; it has this one key.
  return { [key]: value.toLowerCase() } as { readonly [P in K]?: string };
}

/** Who shares a project that is itself one of ours shares that one's buckets, however they are named. */
function withSharedBuckets(staging: readonly StagingProject[], { places }: Inputs): readonly StagingProject[] {
  const owners = new Map(staging.filter(({ mode }) => mode === "project").map((each) => [each.projectId, each]));
  return staging.map((project) => {
    const owner = project.mode === "shared" ? owners.get(project.sharedProjectId ?? "") : undefined;
    if (owner === undefined) return project;
    return places.move(project, { ...project, bucket: owner.bucket, gcbBucket: owner.gcbBucket });
  });
}

function ourProject(
  source: Source,
  path: readonly string[],
  { projectId, type, own }: { readonly projectId: string; readonly type: string; readonly own: unknown },
  defaults: Defaults,
  report: Report,
): StagingProject | undefined {
  const at = source.positionOf(path);
  const refuse = (rule: string, what: string, detail: string) => {
    report({ severity: "error", rule, summary: `${formatPath(path)}${what}`, detail, at });
    return undefined;
  };
  const block = source.parse(projectBlock, report, path, own ?? {});
  if (type !== STAGING_TYPE) {
    const what = `${quote(defaults.managedBy)} manages only projects under infra.${STAGING_TYPE}, found one under infra.${type}`;
    return refuse("project/type", what, "Move the project there, or name what does manage it.");
  }
  const problem = projectIdProblem(projectId);
  const name = stagingName(projectId, defaults.stagingPrefix);
  if (name === undefined) {
    const what = `the id of a staging project begins with ${quote(defaults.stagingPrefix)}, found ${quote(projectId)}`;
    const meant = withPrefix(projectId, defaults.stagingPrefix);
    const example = `Write a name behind it, such as ${quote(`${defaults.stagingPrefix}kiln`)}.`;
    return refuse("project/prefix", what, projectIdProblem(meant) ? example : `Did you mean ${quote(meant)}?`);
  }
  const longest = longestStagingName(defaults.stagingPrefix);
  if (name.length > longest) {
    const what = `the staging name ${quote(name)} has ${name.length} characters, at most ${longest} fit in a project id`;
    const shorter = `${defaults.stagingPrefix}${shorterName(name, longest)}`;
    return refuse("project/name-length", what, `A valid shorter one is ${quote(shorter)}.`);
  }
  if (problem !== undefined) return refuse(problem.rule, problem.what, problem.repair ?? "Choose another id.");
  if (block === undefined) return undefined;
  const project = effectiveProject({ projectId, name, at }, projectBlockOf(block), defaults);
  const { retired } = project;
  if (retired === undefined) return project;
  const step = retired.step === undefined ? [] : ["step"];
  return { ...project, retired: { ...retired, at: source.positionOf([...path, "retired", ...step]) } };
}

/** The id with the prefix in front of it, or in place of what looks like a mistyped one. */
function withPrefix(projectId: string, prefix: string): string {
  const cuts = [0, -1, 1, -2, 2].map((difference) => prefix.length + difference);
  const distance = (cut: number) => editDistance(projectId.slice(0, cut), prefix);
  const best = cuts.reduce((one, other) => (distance(other) < distance(one) ? other : one));
  return prefix + projectId.slice(distance(best) <= 2 ? best : 0);
}

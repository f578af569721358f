import type { Position } from "../diagnostics";
import type { Defaults, StagingDefaults } from "./defaults";
import type { Budget, IamGrant, IamOn, Registry, Retirement, StagingProject } from "./projects";
import { stagingGroupAddress } from "./staging-names";

/** What one project, or defaults.yaml for all of them, says about staging. Absent means: nothing said. */
export interface StagingBlock {
  readonly services?: readonly string[];
  readonly viewers?: readonly string[];
  readonly writers?: readonly string[];
  readonly deleteAfterDays?: number | "never";
  readonly isPublic?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly budget?: Budget | "none";
  readonly contacts?: readonly string[];
  readonly registry?: Partial<Registry> | "none";
  readonly iam?: readonly IamGrant[];
  readonly iamOn?: IamOn;
  readonly buildAccountId?: string;
  readonly sharedProjectId?: string;
}

/** The block of one staging project in infra.yaml, in the model's words. */
export interface ProjectBlock extends StagingBlock {
  readonly bucket?: string;
  readonly gcbBucket?: string;
  readonly group?: string;
  readonly isRelease?: boolean;
  readonly location?: string;
  readonly gcbLocation?: string;
  readonly mode?: "project" | "shared";
  readonly retired?: Retirement;
}

/**
 * The one merge rule: what a block says about a single thing replaces what was said before it; lists, labels and
 * grants are added to those before, and sorted.
 */
export function mergeStaging(defaults: StagingDefaults, block: StagingBlock, name: string): StagingDefaults {
  const deleteAfterDays = block.deleteAfterDays ?? defaults.deleteAfterDays;
  const budget = block.budget ?? defaults.budget;
  const registry = block.registry === undefined ? defaults.registry : wholeRegistry(block.registry, name);
  const buildAccountId = block.buildAccountId ?? defaults.buildAccountId;
  const sharedProjectId = block.sharedProjectId ?? defaults.sharedProjectId;
  return {
    services: union(defaults.services, block.services),
    viewers: union(defaults.viewers, block.viewers),
    writers: union(defaults.writers, block.writers),
    ...(deleteAfterDays === undefined || deleteAfterDays === "never" ? {} : { deleteAfterDays }),
    isPublic: block.isPublic ?? defaults.isPublic,
    labels: { ...defaults.labels, ...block.labels },
    ...(budget === undefined || budget === "none" ? {} : { budget }),
    contacts: union(defaults.contacts, block.contacts),
    ...(registry === undefined ? {} : { registry }),
    iam: mergeGrants(defaults.iam, block.iam ?? []),
    ...mergeIamOn(defaults.iamOn, block.iamOn),
    ...(buildAccountId === undefined ? {} : { buildAccountId }),
    ...(sharedProjectId === undefined ? {} : { sharedProjectId }),
  };
}

/** A staging project with everything that defaults.yaml and its own block decide. */
export function effectiveProject(
  identity: { readonly projectId: string; readonly name: string; readonly at: Position },
  block: ProjectBlock,
  defaults: Defaults,
): StagingProject {
  const { projectId, name, at } = identity;
  const { buildAccountId, ...merged } = mergeStaging(withRegistryName(defaults.staging, name), block, name);
  // In mode shared the bucket is the shared project's, with a folder for each of those who share it.
  const bucket = block.bucket ?? (block.mode === "shared" ? (merged.sharedProjectId ?? projectId) : projectId);
  return {
    ...merged,
    name,
    projectId,
    bucket,
    gcbBucket: block.gcbBucket ?? `${bucket}-gcb`,
    group: block.group ?? stagingGroupAddress(name, defaults.groupPrefix, defaults.domain),
    isRelease: block.isRelease ?? false,
    ...(block.location === undefined ? {} : { location: block.location }),
    ...(block.gcbLocation === undefined ? {} : { gcbLocation: block.gcbLocation }),
    mode: block.mode ?? "project",
    ...(buildAccountId === undefined || buildAccountId === "none"
      ? {}
      : { buildAccountId: block.mode === "shared" ? `${buildAccountId}-${name}` : buildAccountId }),
    ...(block.retired === undefined ? {} : { retired: block.retired }),
    at,
  };
}

/** In defaults.yaml a registry without a repository stands for one that is named like its project. */
function withRegistryName(staging: StagingDefaults, name: string): StagingDefaults {
  if (staging.registry === undefined || staging.registry.repository !== "") return staging;
  return { ...staging, registry: { ...staging.registry, repository: name } };
}

function wholeRegistry(registry: Partial<Registry> | "none", name: string): Registry | undefined {
  return registry === "none" ? undefined : { repository: name, location: "us", format: "DOCKER", ...registry };
}

function mergeGrants(before: readonly IamGrant[], added: readonly IamGrant[]): readonly IamGrant[] {
  const members = new Map<string, readonly string[]>();
  for (const grant of [...before, ...added])
    members.set(grant.role, union(members.get(grant.role) ?? [], grant.members));
  return [...members.keys()].sort().map((role) => ({ role, members: members.get(role) ?? [] }));
}

function mergeIamOn(before: IamOn = {}, added: IamOn = {}): { readonly iamOn?: IamOn } {
  const merged = IAM_ON.flatMap((thing) => {
    const grants = mergeGrants(before[thing] ?? [], added[thing] ?? []);
    return grants.length === 0 ? [] : [[thing, grants] as const];
  });
  return merged.length === 0 ? {} : { iamOn: Object.fromEntries(merged) };
}

const IAM_ON = ["bucket", "gcbBucket", "buildAccount", "registry"] as const;

function union(before: readonly string[], added: readonly string[] = []): readonly string[] {
  return [...new Set([...before, ...added])].sort();
}

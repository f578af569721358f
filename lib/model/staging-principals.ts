import type { Defaults } from "./defaults";
import type { FilestoreDirectory } from "./filestores";
import { EVERYBODY } from "./iam-policy";
import type { IamOn, StagingProject } from "./projects";
import type { StagingStep } from "./recipe";
import { plannerAddress, promoterAddresses, serviceAccountAddress } from "./serving-accounts";

/** Who has to do with a staging project, in IAM's spelling. A retired project has only its administrators left. */
export interface StagingPrincipals {
  readonly step: StagingStep;
  readonly admins: readonly string[];

  /** The project's group and the additional writers. */
  readonly writers: readonly string[];

  /** The build infrastructure's account, if there is one. */
  readonly builders: readonly string[];

  /** The account that builds run as, if the project has one of its own. */
  readonly buildAccounts: readonly string[];

  /** Everybody, or, when the project is private, those who promote from it and check it. */
  readonly readers: readonly string[];

  /** Further roles on single things. */
  readonly iamOn: IamOn;

  /** Accounts that promote into this project's bucket, because a filestore has it as a destination. */
  readonly publishers: readonly string[];
}

export function stagingPrincipals(
  project: StagingProject,
  defaults: Defaults,
  publishers: Publishers,
): StagingPrincipals {
  const admins = defaults.adminGroups.map((address) => `group:${address}`);
  if (project.retired !== undefined) {
    const step = project.retired.step ?? "closed";
    return { step, admins, writers: [], builders: [], buildAccounts: [], readers: [], iamOn: {}, publishers: [] };
  }
  const buildAccount = buildAccountAddress(project);
  const builder = defaults.gcbBuilderServiceAccount;
  return {
    step: "active",
    admins,
    writers: [`group:${project.group}`, ...project.writers],
    builders: builder === undefined ? [] : [serviceAccount(builder)],
    buildAccounts: buildAccount === undefined ? [] : [serviceAccount(buildAccount)],
    readers: project.isPublic
      ? [EVERYBODY]
      : [...promoterAddresses(defaults), plannerAddress(defaults)].map(serviceAccount),
    iamOn: project.iamOn ?? {},
    publishers: (publishers.get(project.bucket) ?? []).map(serviceAccount),
  };
}

/** Address of the account that builds of a project run as. */
export function buildAccountAddress(
  project: Pick<StagingProject, "projectId" | "mode" | "sharedProjectId" | "buildAccountId">,
): string | undefined {
  const { projectId, mode, sharedProjectId = projectId, buildAccountId } = project;
  return buildAccountId && serviceAccountAddress(buildAccountId, mode === "shared" ? sharedProjectId : projectId);
}

/** Addresses of the accounts that promote into a bucket, by bucket. */
export type Publishers = ReadonlyMap<string, readonly string[]>;

export function publishersByBucket(filestores: readonly FilestoreDirectory[]): Publishers {
  const found = new Map<string, string[]>();
  for (const { scheme, bucket, serviceAccount } of filestores.flatMap(({ destinations }) => destinations)) {
    if (scheme !== "gs" || serviceAccount === undefined) continue;
    const accounts = found.get(bucket) ?? [];
    accounts.push(serviceAccount);
    found.set(bucket, accounts);
  }
  return found;
}

export function serviceAccount(address: string): string {
  return `serviceAccount:${address}`;
}

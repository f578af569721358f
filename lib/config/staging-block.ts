import type { z } from "zod";
import type { ProjectBlock, StagingBlock } from "../model/effective-project";
import type { Budget, IamGrant, IamOn, Registry, Retirement } from "../model/projects";
import type { budget, iamOn, ProjectBlockYaml, registry, retirement } from "./schema/project-block";

type StagingYaml = Pick<
  ProjectBlockYaml,
  | "services"
  | "viewers"
  | "writers"
  | "delete-after-days"
  | "public"
  | "labels"
  | "budget"
  | "contacts"
  | "registry"
  | "iam"
  | "iam-on"
  | "build-account"
  | "shared-project"
>;

/** Translates what defaults.yaml or a project says about staging into the model's words. */
export function stagingBlock(yaml: StagingYaml): StagingBlock {
  return defined({
    services: yaml.services,
    viewers: yaml.viewers,
    writers: yaml.writers,
    deleteAfterDays: yaml["delete-after-days"],
    isPublic: yaml.public,
    labels: yaml.labels,
    budget: yaml.budget === "none" ? yaml.budget : yaml.budget && toBudget(yaml.budget),
    contacts: yaml.contacts?.map((address) => address.toLowerCase()),
    registry: yaml.registry === "none" ? yaml.registry : yaml.registry && toRegistry(yaml.registry),
    iam: yaml.iam && toGrants(yaml.iam),
    iamOn: yaml["iam-on"] && toIamOn(yaml["iam-on"]),
    buildAccountId: yaml["build-account"],
    sharedProjectId: yaml["shared-project"],
  });
}

export function projectBlockOf(yaml: ProjectBlockYaml): ProjectBlock {
  const { retired } = yaml;
  return {
    ...stagingBlock(yaml),
    ...defined({
      bucket: yaml.bucket,
      gcbBucket: yaml["gcb-bucket"],
      group: yaml.group?.toLowerCase(),
      isRelease: yaml.release,
      location: yaml.location,
      gcbLocation: yaml["gcb-location"],
      mode: yaml.mode,
      retired: retired && toRetirement(retired),
    }),
  };
}

function toRetirement({ since, step, "keep-published": keepPublished }: z.output<typeof retirement>): Retirement {
  return { since, keepPublished, ...(step === undefined ? {} : { step }) };
}

function toBudget(yaml: z.output<typeof budget>): Budget {
  return { amount: yaml.amount, alertAt: [...new Set(yaml["alert-at"] ?? [0.5, 0.9, 1])].sort((a, b) => a - b) };
}

function toRegistry(yaml: z.output<typeof registry>): Partial<Registry> {
  return defined({
    repository: yaml.repository,
    location: yaml.location?.toLowerCase(),
    format: yaml.format,
    deleteAfterDays: yaml["delete-after-days"],
  });
}

function toGrants(yaml: Readonly<Record<string, readonly string[]>>): readonly IamGrant[] {
  return Object.entries(yaml).map(([role, members]) => ({ role, members }));
}

function toIamOn(yaml: z.output<typeof iamOn>): IamOn {
  const { bucket, registry } = yaml;
  const { "gcb-bucket": gcbBucket, "build-account": buildAccount } = yaml;
  return defined({
    bucket: bucket && toGrants(bucket),
    gcbBucket: gcbBucket && toGrants(gcbBucket),
    buildAccount: buildAccount && toGrants(buildAccount),
    registry: registry && toGrants(registry),
  });
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without the keys whose value is undefined: absent and undefined are two things in the model. */
function defined<T extends object>(object: T): Defined<T> {
  // The entries that are left are exactly those that `Defined` promises.
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}

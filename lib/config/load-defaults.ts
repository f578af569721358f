import { z } from "zod";
import type { Position } from "../diagnostics";
import { builtinDefaults, MANAGED_BY, STAGING_DEFAULTS, servingDefaults } from "../model/builtin-defaults";
import type { Defaults } from "../model/defaults";
import { mergeStaging } from "../model/effective-project";
import type { Inputs } from "./inputs";
import { type DefaultsYaml, defaultsFile } from "./schema/defaults-file";
import { stagingBlock } from "./staging-block";

export interface LoadedDefaults {
  readonly defaults: Defaults;

  /** Where the file stands, if there is one and nothing is wrong with it. */
  readonly place?: { readonly at: Position };

  /** Whether it can be said which projects and groups are ours: there is no file, or it could be read so far. */
  readonly areNamesKnown: boolean;
}

/**
 * Reads defaults.yaml. Without one, the habits of the Kubernetes project hold for the domain of the groups. From one with
 * mistakes the names are taken that say which projects and groups are ours, so that those can be checked all the same.
 */
export function loadDefaults(inputs: Inputs, file: string, domain: string): LoadedDefaults {
  const builtin = builtinDefaults(domain);
  if (!inputs.tree.exists(file)) return { defaults: builtin, areNamesKnown: true };
  const source = inputs.read(file);
  const yaml = source?.parse(defaultsFile, inputs.report);
  if (source !== undefined && yaml !== undefined) {
    const place = inputs.places.remember({ at: source.positionOf([]) }, source, []);
    return { defaults: toDefaults(yaml), place, areNamesKnown: true };
  }
  const names = ownNames.safeParse(source?.value).data;
  const defaults = {
    ...builtin,
    managedBy: names?.["managed-by"] ?? builtin.managedBy,
    domain: names?.domain ?? builtin.domain,
    stagingPrefix: names?.["staging-prefix"] ?? builtin.stagingPrefix,
    groupPrefix: names?.["group-prefix"] ?? builtin.groupPrefix,
  };
  return { defaults, areNamesKnown: names !== undefined };
}

const name = z.string().optional();
const ownNames = z.looseObject({ "managed-by": name, domain: name, "staging-prefix": name, "group-prefix": name });

function toDefaults(yaml: DefaultsYaml): Defaults {
  const location = yaml.location ?? "US";
  const { serving, "gcb-builder-service-account": builder } = yaml;
  const usual = servingDefaults(serving.bucket, serving.location ?? location);
  return {
    managedBy: yaml["managed-by"] ?? MANAGED_BY,
    ...(yaml.organization === undefined ? {} : { organization: yaml.organization }),
    ...(yaml.folder === undefined ? {} : { folder: yaml.folder }),
    billingAccount: yaml["billing-account"],
    location,
    stateBucket: yaml["state-bucket"],
    domain: yaml.domain.toLowerCase(),
    stagingPrefix: yaml["staging-prefix"] ?? "k8s-staging-",
    groupPrefix: yaml["group-prefix"] ?? "k8s-infra-staging-",
    adminGroups: [...new Set(yaml["admin-groups"].map((address) => address.toLowerCase()))],
    releaseViewersGroup: yaml["release-viewers-group"].toLowerCase(),
    logsBucket: yaml["logs-bucket"],
    ...(builder === undefined ? {} : { gcbBuilderServiceAccount: builder }),
    promoterServiceAccounts: yaml["promoter-service-accounts"],
    serving: {
      projectId: serving.project,
      bucket: serving.bucket,
      ...(serving["backup-bucket"] === undefined ? {} : { backupBucket: serving["backup-bucket"] }),
      ...(serving["backup-project"] === undefined ? {} : { backupProjectId: serving["backup-project"] }),
      location: usual.location,
      retentionDays: serving["retention-days"] ?? usual.retentionDays,
      ...(serving["retention-locked"] ? { isRetentionLocked: true } : {}),
      softDeleteDays: serving["soft-delete-days"] ?? usual.softDeleteDays,
      publicUrls: serving["public-urls"] ?? usual.publicUrls,
      promoterAccountId: serving["promoter-account"] ?? usual.promoterAccountId,
      plannerAccountId: serving["planner-account"] ?? usual.plannerAccountId,
      federatedRepositories: serving["federated-repositories"] ?? usual.federatedRepositories,
      impersonators: {
        promoter: serving.impersonators?.promoter ?? [],
        planner: serving.impersonators?.planner ?? [],
      },
      cdnDomains: serving["cdn-domains"] ?? usual.cdnDomains,
      existing: serving.existing ?? [],
    },
    // A registry without a name is given each project's own.
    staging: mergeStaging(STAGING_DEFAULTS, stagingBlock(yaml.staging ?? {}), ""),
  };
}

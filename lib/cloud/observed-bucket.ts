import type { ObservedBucket } from "./observed";

/** What of a bucket's resource is asked for. */
export const BUCKET_FIELDS = [
  "name,projectNumber,location,storageClass,labels,iamConfiguration,versioning,logging,lifecycle,website,retentionPolicy",
  "softDeletePolicy,cors,billing,encryption,autoclass,defaultEventBasedHold,ipFilter",
  "objectRetention,hierarchicalNamespace,customPlacementConfig",
].join();

interface LifecycleRule {
  readonly action?: { readonly type?: string };
  readonly condition?: Readonly<Record<string, unknown>> & { readonly age?: number };
}

interface Switch {
  readonly enabled?: boolean;
}

export interface BucketAnswer {
  readonly projectNumber: string;
  readonly location?: string;
  readonly storageClass?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly iamConfiguration?: {
    readonly uniformBucketLevelAccess?: Switch;
    readonly publicAccessPrevention?: string;
  };
  readonly versioning?: Switch;
  readonly logging?: { readonly logBucket?: string; readonly logObjectPrefix?: string };
  readonly lifecycle?: { readonly rule?: readonly LifecycleRule[] };
  readonly website?: { readonly mainPageSuffix?: string };
  readonly retentionPolicy?: { readonly retentionPeriod?: string; readonly isLocked?: boolean };
  readonly softDeletePolicy?: { readonly retentionDurationSeconds?: string };
  readonly cors?: readonly unknown[];
  readonly billing?: { readonly requesterPays?: boolean };
  readonly encryption?: { readonly defaultKmsKeyName?: string };
  readonly autoclass?: Switch;
  readonly defaultEventBasedHold?: boolean;
  readonly ipFilter?: { readonly mode?: string };
  readonly objectRetention?: { readonly mode?: string };
  readonly hierarchicalNamespace?: Switch;
  readonly customPlacementConfig?: unknown;
}

export function observedBucket(answer: BucketAnswer): ObservedBucket {
  const { projectNumber, location, storageClass, iamConfiguration, versioning, logging, website } = answer;
  const { retentionPolicy, softDeletePolicy } = answer;
  const rules = answer.lifecycle?.rule ?? [];
  return {
    projectNumber,
    ...(location === undefined ? {} : { location }),
    ...(storageClass === undefined ? {} : { storageClass }),
    labels: new Map(Object.entries(answer.labels ?? {})),
    isUniform: iamConfiguration?.uniformBucketLevelAccess?.enabled ?? false,
    isVersioned: versioning?.enabled ?? false,
    isKeptPrivate: iamConfiguration?.publicAccessPrevention === "enforced",
    ...(logging?.logBucket === undefined ? {} : { logsBucket: logging.logBucket }),
    ...(logging?.logObjectPrefix === undefined ? {} : { logsPrefix: logging.logObjectPrefix }),
    ...(website?.mainPageSuffix === undefined ? {} : { indexPage: website.mainPageSuffix }),
    ...(retentionPolicy?.retentionPeriod === undefined
      ? {}
      : { retentionSeconds: Number(retentionPolicy.retentionPeriod) }),
    isRetentionLocked: retentionPolicy?.isLocked ?? false,
    ...(softDeletePolicy?.retentionDurationSeconds === undefined
      ? {}
      : { softDeleteSeconds: Number(softDeletePolicy.retentionDurationSeconds) }),
    deleteAfterDays: rules.filter(isByAgeAlone).flatMap(({ condition }) => condition?.age ?? []),
    foreignSettings: foreignSettings(answer, rules),
    fixedSettings: fixedSettings(answer),
  };
}

function isByAgeAlone({ action, condition = {} }: LifecycleRule): boolean {
  return action?.type === "Delete" && Object.keys(condition).join() === "age";
}

function foreignSettings(answer: BucketAnswer, rules: readonly LifecycleRule[]): readonly string[] {
  const otherRules = rules.filter((rule) => !isByAgeAlone(rule)).length;
  return [
    ...(otherRules === 0 ? [] : [`${otherRules} other lifecycle ${otherRules === 1 ? "rule" : "rules"}`]),
    ...((answer.cors ?? []).length === 0 ? [] : ["its CORS rules"]),
    ...(answer.billing?.requesterPays ? ["that requesters pay"] : []),
    ...(answer.encryption?.defaultKmsKeyName === undefined ? [] : ["its default encryption key"]),
    ...(answer.autoclass?.enabled ? ["Autoclass"] : []),
    ...(answer.defaultEventBasedHold ? ["the default hold on new objects"] : []),
    ...(answer.ipFilter?.mode === "Enabled" ? ["its IP filter"] : []),
  ];
}

function fixedSettings(answer: BucketAnswer): readonly string[] {
  return [
    ...(answer.objectRetention?.mode === "Enabled" ? ["retention of single objects"] : []),
    ...(answer.hierarchicalNamespace?.enabled ? ["a hierarchical namespace"] : []),
    ...(answer.customPlacementConfig === undefined ? [] : ["a pair of regions of its own"]),
  ];
}

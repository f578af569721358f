import type { Content } from "./bytes/content-store";

export interface LifecycleRule {
  readonly action: { readonly type: string; readonly storageClass?: string };
  readonly condition: {
    readonly age?: number;
    readonly createdBefore?: string;
    readonly customTimeBefore?: string;
    readonly daysSinceCustomTime?: number;
    readonly daysSinceNoncurrentTime?: number;
    readonly isLive?: boolean;
    readonly matchesPrefix?: readonly string[];
    readonly matchesStorageClass?: readonly string[];
    readonly matchesSuffix?: readonly string[];
    readonly noncurrentTimeBefore?: string;
    readonly numNewerVersions?: number;
  };
}

/** What a client may set on a bucket, in Google's spelling; whatever is not set is absent. */
export interface BucketSettings {
  readonly storageClass: string;
  readonly iamConfiguration: {
    readonly uniformBucketLevelAccess: { readonly enabled: boolean; readonly lockedTime?: string };
    readonly bucketPolicyOnly: { readonly enabled: boolean; readonly lockedTime?: string };
    readonly publicAccessPrevention: string;
  };
  readonly softDeletePolicy: { readonly retentionDurationSeconds: string; readonly effectiveTime?: string };
  readonly retentionPolicy?: {
    readonly retentionPeriod: string;
    readonly effectiveTime: string;
    readonly isLocked?: boolean;
  };
  readonly labels?: Readonly<Record<string, string>>;
  readonly lifecycle?: { readonly rule?: readonly LifecycleRule[] };
  readonly versioning?: { readonly enabled?: boolean };
  readonly logging?: { readonly logBucket?: string; readonly logObjectPrefix?: string };
  readonly website?: { readonly mainPageSuffix?: string; readonly notFoundPage?: string };
  readonly defaultEventBasedHold?: boolean;
  readonly cors?: readonly object[];
  readonly billing?: object;
  readonly encryption?: object;
  readonly autoclass?: object;
  readonly rpo?: string;
}

/** `buckets`, by name. */
export interface BucketRecord {
  readonly name: string;

  /** Project id. */
  readonly project: string;
  readonly projectNumber: string;
  readonly generation: string;
  readonly metageneration: number;
  readonly timeCreated: string;
  readonly updated: string;
  readonly location: string;
  readonly locationType: string;
  readonly settings: BucketSettings;

  /** Placement, namespace and object retention are chosen once. */
  readonly fixed: Readonly<Record<string, unknown>>;
}

/** What a client may set on an object; whatever is not set is absent. */
export interface ObjectSettings {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly customTime?: string;
  readonly eventBasedHold?: boolean;
  readonly temporaryHold?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly retention?: { readonly mode: string; readonly retainUntilTime: string };
}

/**
 * One version of an object. Live ones are in `objects/BUCKET` by name; noncurrent ones in `versions/BUCKET`, deleted ones
 * that can be restored in `softDeleted/BUCKET`, both by `NAME NUL GENERATION`.
 */
export interface ObjectRecord {
  readonly name: string;
  readonly generation: string;
  readonly metageneration: number;
  readonly size: number;

  /** Base64. Composed objects have no MD5. */
  readonly md5Hash?: string;
  readonly crc32c: string;
  readonly componentCount?: number;
  readonly storageClass: string;
  readonly timeCreated: string;
  readonly updated: string;
  readonly timeStorageClassUpdated: string;

  /** When it stopped being the live version. */
  readonly timeDeleted?: string;
  readonly softDeleteTime?: string;
  readonly hardDeleteTime?: string;

  /** When an event-based hold was last released, from which the bucket's retention counts. */
  readonly holdReleased?: string;
  readonly settings: ObjectSettings;
  readonly content: Content;
}

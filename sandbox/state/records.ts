/*
 * Records that more than one part of the sandbox reads. Each is in the collection that its comment names, in Google's own
 * spelling, so that a handler can send what it stores.
 */

/** `projects`, by project id. Written by Resource Manager; IAM climbs from it to its folder or organization. */
export interface ProjectRecord {
  readonly projectId: string;

  /** Decimal digits, as a string. */
  readonly projectNumber: string;
  readonly name: string;
  readonly lifecycleState: "ACTIVE" | "DELETE_REQUESTED";
  readonly createTime: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly parent?: { readonly type: "organization" | "folder"; readonly id: string };
}

/** `folders`, by `folders/NUMBER`. */
export interface FolderRecord {
  readonly name: string;

  /** `organizations/N` or `folders/N`. */
  readonly parent: string;
  readonly displayName: string;
  readonly state: "ACTIVE" | "DELETE_REQUESTED";
}

/** `roles`, by `projects/P/roles/R` or `organizations/O/roles/R`. Custom roles only. */
export interface RoleRecord {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly includedPermissions: readonly string[];
  readonly stage?: string;
  readonly etag: string;
  readonly deleted?: boolean;
}

/** `groups`, by lower-case e-mail address. Written by the Directory API. */
export interface GroupRecord {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly description: string;
  readonly aliases?: readonly string[];
  readonly etag: string;
}

/** `members`, by `GROUP-EMAIL/MEMBER-EMAIL`, both lower case. A member may be another group. */
export interface MemberRecord {
  readonly id: string;
  readonly email: string;
  readonly role: "OWNER" | "MANAGER" | "MEMBER";
  readonly type: "USER" | "GROUP" | "EXTERNAL" | "CUSTOMER";
  readonly status: string;
  readonly etag: string;
}

export interface Condition {
  readonly title?: string;
  readonly description?: string;
  readonly expression: string;
}

export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition?: Condition;
}

/**
 * `policies`, by resource name: `organizations/N`, `folders/N`, `projects/ID`, `billingAccounts/ID`, `buckets/NAME`,
 * `buckets/NAME/managedFolders/PATH/`, `projects/ID/serviceAccounts/EMAIL`, `projects/ID/locations/L/repositories/R`.
 */
export interface PolicyRecord {
  readonly version: number;
  readonly bindings: readonly Binding[];
  readonly etag: string;
  readonly auditConfigs?: readonly object[];
}

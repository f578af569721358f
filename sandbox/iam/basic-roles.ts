import { REGISTRY_READER } from "./build-roles";

/** Basic roles say almost nothing about Cloud Storage: what they give there comes from `projectEditor:…` and its like. */
const STORAGE_OF_EDITORS = ["storage.buckets.create", "storage.buckets.delete", "storage.buckets.list", "!storage.*"];

/** What only owners may do, everywhere. */
const NOT_FOR_EDITORS = [
  "!*.setIamPolicy",
  "!iam.roles.create",
  "!iam.roles.delete",
  "!iam.roles.update",
  "!iam.roles.undelete",
  "!iam.serviceAccounts.getAccessToken",
  "!iam.serviceAccounts.getOpenIdToken",
  "!iam.serviceAccounts.implicitDelegation",
  "!iam.serviceAccounts.signBlob",
  "!iam.serviceAccounts.signJwt",
  "!resourcemanager.projects.delete",
  "!resourcemanager.projects.undelete",
  "!resourcemanager.projects.move",
  "!resourcemanager.projects.updateLiens",
  "!resourcemanager.projects.createBillingAssignment",
  "!resourcemanager.projects.deleteBillingAssignment",
  "!resourcemanager.folders.*",
  "!resourcemanager.organizations.*",
  "!billing.*",
];

/** Roles of a whole project. The first pattern that fits a permission decides. */
export const basicRoles: Readonly<Record<string, readonly string[]>> = {
  "roles/owner": ["storage.hmacKeys.*", ...STORAGE_OF_EDITORS, "!billing.accounts.*", "*"],
  "roles/editor": [...STORAGE_OF_EDITORS, ...NOT_FOR_EDITORS, "*"],
  "roles/viewer": [
    "storage.buckets.list",
    "!storage.*",
    "!*.accessSecretVersion",
    "!secretmanager.versions.access",
    "!billing.*",
    "!resourcemanager.folders.*",
    "!resourcemanager.organizations.*",
    ...REGISTRY_READER,
    "*.get",
    "*.list",
    "*.getIamPolicy",
  ],
  "roles/browser": [
    "resourcemanager.folders.get",
    "resourcemanager.folders.list",
    "resourcemanager.organizations.get",
    "resourcemanager.projects.get",
    "resourcemanager.projects.getIamPolicy",
    "resourcemanager.projects.list",
  ],
};

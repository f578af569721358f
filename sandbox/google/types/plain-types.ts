import { lastSegment } from "../address";
import { isObject, type Json, type JsonObject } from "../api/json";
import { computeTypes } from "./compute";
import type { RestType } from "./rest-driver";
import { sameDuration, sameIgnoringCase } from "./same";

const REPOSITORY = "projects/{project}/locations/{location}/repositories/{repository_id}";
const POOL = "projects/{project}/locations/global/workloadIdentityPools/{workload_identity_pool_id}";
const POOL_PROVIDER = `${POOL}/providers/{workload_identity_pool_provider_id}`;
const TRIGGER = "projects/{project}/locations/{location}/triggers";

/** The resource types whose API is plain REST. */
export const plainTypes: readonly RestType[] = [
  ...computeTypes,
  {
    type: "google_artifact_registry_repository",
    service: "ARTIFACT_REGISTRY",
    collection: "projects/{project}/locations/{location}/repositories",
    self: REPOSITORY,
    createQuery: { repository_id: "{repository_id}" },
    importIds: [REPOSITORY, "{project}/{location}/{repository_id}", "{location}/{repository_id}"],
    update: "PATCH with mask",
    traits: {
      forceNew: [
        "format",
        "kms_key_name",
        "location",
        "maven_config.allow_snapshot_overwrites",
        "maven_config.version_policy",
        "mode",
        "project",
        "remote_repository_config",
        "repository_id",
      ],
      defaults: {
        mode: "STANDARD_REPOSITORY",
        "remote_repository_config.docker_repository.public_repository": "DOCKER_HUB",
        "remote_repository_config.maven_repository.public_repository": "MAVEN_CENTRAL",
        "remote_repository_config.npm_repository.public_repository": "NPMJS",
        "remote_repository_config.python_repository.public_repository": "PYPI",
        "maven_config.version_policy": "VERSION_POLICY_UNSPECIFIED",
        "cleanup_policies.condition.tag_state": "ANY",
      },
      computedBlocks: ["vulnerability_scanning_config"],
      labelled: true,
      same: {
        format: sameIgnoringCase,
        "cleanup_policies.condition.older_than": sameDuration,
        "cleanup_policies.condition.newer_than": sameDuration,
      },
    },
    // The API has a map by id where Terraform has a set.
    sent: (body) =>
      Array.isArray(body.cleanupPolicies) ? { ...body, cleanupPolicies: byId(body.cleanupPolicies) } : body,
    opened: (json) => ({ ...json, name: lastSegment(json.name), cleanupPolicies: withIds(json.cleanupPolicies) }),
  },
  {
    type: "google_billing_budget",
    service: "BILLING",
    collection: "billingAccounts/{billing_account}/budgets",
    importIds: ["billingAccounts/{billing_account}/budgets/{name}", "{billing_account}/{name}"],
    update: "PATCH with mask",
    traits: {
      version: 1,
      forceNew: ["billing_account"],
      defaults: {
        "all_updates_rule.disable_default_iam_recipients": false,
        "all_updates_rule.enable_project_level_recipients": false,
        "all_updates_rule.schema_version": "1.0",
        "budget_filter.credit_types_treatment": "INCLUDE_ALL_CREDITS",
        "threshold_rules.spend_basis": "CURRENT_SPEND",
      },
      computedBlocks: ["budget_filter"],
      // What Google takes where nothing is said.
      same: { "budget_filter.calendar_period": (prior, planned) => prior === "MONTH" && planned === undefined },
    },
    fields: { names: { all_updates_rule: "notificationsRule" } },
    named: (response) => ({ name: lastSegment(response.name) }),
  },
  {
    type: "google_cloudbuild_trigger",
    service: "CLOUD_BUILD",
    collection: TRIGGER,
    self: `${TRIGGER}/{trigger_id}`,
    id: ({ location }) =>
      location === "global" ? "projects/{project}/triggers/{trigger_id}" : `${TRIGGER}/{trigger_id}`,
    importIds: [`${TRIGGER}/{trigger_id}`, "projects/{project}/triggers/{trigger_id}", "{project}/{trigger_id}"],
    update: "PATCH",
    traits: {
      version: 2,
      forceNew: ["location", "project"],
      defaults: {
        location: "global",
        "approval_config.approval_required": false,
        "build.timeout": "600s",
        "trigger_template.repo_name": "default",
      },
      computedBlocks: ["approval_config"],
    },
    named: (response) => ({ trigger_id: String(response.id) }),
    received: (value, json) => ({
      ...value,
      ...(json.approvalConfig ? {} : { approval_config: [{ approval_required: false }] }),
    }),
  },
  {
    type: "google_essential_contacts_contact",
    service: "ESSENTIAL_CONTACTS",
    collection: "{parent}/contacts",
    self: "{name}",
    update: "PATCH with mask",
    traits: { forceNew: ["email", "parent"] },
    named: (response) => ({ name: String(response.name) }),
    received: (value, json, state) => ({
      ...value,
      parent: state.parent ?? String(json.name).replace(/\/contacts\/[^/]+$/, ""),
    }),
  },
  {
    type: "google_iam_workload_identity_pool",
    service: "IAM_BETA",
    collection: "projects/{project}/locations/global/workloadIdentityPools",
    self: POOL,
    createQuery: { workloadIdentityPoolId: "{workload_identity_pool_id}" },
    importIds: [POOL, "{project}/{workload_identity_pool_id}", "{workload_identity_pool_id}"],
    update: "PATCH with mask",
    traits: { forceNew: ["project", "workload_identity_pool_id"] },
    isGone: isDeleted,
  },
  {
    type: "google_iam_workload_identity_pool_provider",
    service: "IAM_BETA",
    collection: `${POOL}/providers`,
    self: POOL_PROVIDER,
    createQuery: { workloadIdentityPoolProviderId: "{workload_identity_pool_provider_id}" },
    importIds: [POOL_PROVIDER, "{project}/{workload_identity_pool_id}/{workload_identity_pool_provider_id}"],
    update: "PATCH with mask",
    traits: { forceNew: ["project", "workload_identity_pool_id", "workload_identity_pool_provider_id"] },
    isGone: isDeleted,
  },
  {
    type: "google_monitoring_notification_channel",
    service: "MONITORING",
    collection: "v3/projects/{project}/notificationChannels",
    self: "v3/{name}",
    id: "{name}",
    update: "PATCH with mask",
    traits: {
      forceNew: ["project"],
      defaults: { enabled: true, force_delete: false },
      sensitive: ["sensitive_labels.auth_token", "sensitive_labels.password", "sensitive_labels.service_key"],
    },
    fields: { notFields: ["force_delete", "sensitive_labels"] },
    named: (response) => ({ name: String(response.name) }),
    deleteQuery: ({ force_delete }) => ({ force: String(force_delete === true) }),
    received: (value, json, state) => ({ ...value, project: state.project ?? String(json.name).split("/")[1] }),
  },
  {
    type: "google_storage_managed_folder",
    service: "STORAGE",
    collection: "b/{bucket}/managedFolders",
    self: "b/{bucket}/managedFolders/{name|segment}",
    id: "{bucket}/{name}",
    importIds: ["{bucket}/managedFolders/{name}", "{bucket}/{name}"],
    traits: { forceNew: ["bucket", "name"], defaults: { force_destroy: false } },
    fields: { notFields: ["force_destroy"] },
    deleteQuery: ({ force_destroy }) => (force_destroy === true ? { allowNonEmpty: "true" } : {}),
  },
];

function isDeleted(json: JsonObject): boolean {
  return json.state === "DELETED";
}

function byId(policies: readonly unknown[]): JsonObject {
  return Object.fromEntries((policies as readonly JsonObject[]).map((policy) => [String(policy.id), policy]));
}

function withIds(policies: Json): readonly JsonObject[] {
  return isObject(policies) ? Object.entries(policies).map(([id, policy]) => ({ ...(policy as JsonObject), id })) : [];
}

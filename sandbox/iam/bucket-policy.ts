import type { Binding, PolicyRecord } from "../state/records";
import type { Store } from "../state/store";

/** What IAM has to know of a bucket. */
interface Bucket {
  readonly project: string;
  readonly settings: {
    readonly iamConfiguration: {
      readonly publicAccessPrevention: string;
      readonly uniformBucketLevelAccess: { readonly enabled: boolean };
    };
  };
}

/** The policy that Google gives a new bucket: members of its project, by what they are there. */
export function bucketRoles(project: string): readonly Binding[] {
  return [
    { role: "roles/storage.legacyBucketOwner", members: [`projectEditor:${project}`, `projectOwner:${project}`] },
    { role: "roles/storage.legacyBucketReader", members: [`projectViewer:${project}`] },
  ];
}

/** What they may do with objects: in the policy of a bucket with uniform access, by access lists in others. */
export function objectRoles(project: string): readonly Binding[] {
  return [
    { role: "roles/storage.legacyObjectOwner", members: [`projectEditor:${project}`, `projectOwner:${project}`] },
    { role: "roles/storage.legacyObjectReader", members: [`projectViewer:${project}`] },
  ];
}

/** Bindings in force on one resource: those of its policy, and what a bucket's configuration adds or takes away. */
export function bindingsInForce(store: Store, resource: string): readonly Binding[] {
  const bindings = store.collection<PolicyRecord>("policies").get(resource)?.bindings ?? [];
  const name = /^buckets\/([^/]+)/.exec(resource)?.[1];
  const bucket = name === undefined ? undefined : store.collection<Bucket>("buckets").get(name);
  if (bucket === undefined) return bindings;
  const { publicAccessPrevention, uniformBucketLevelAccess } = bucket.settings.iamConfiguration;
  const all = uniformBucketLevelAccess.enabled ? bindings : [...bindings, ...objectRoles(bucket.project)];
  return publicAccessPrevention === "enforced" ? all.map(withoutPublic) : all;
}

function withoutPublic(binding: Binding): Binding {
  const members = binding.members.filter((member) => member !== "allUsers" && member !== "allAuthenticatedUsers");
  return { ...binding, members };
}

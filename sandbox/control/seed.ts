import { googleError } from "../http/errors";
import type { Call } from "../http/service";
import { readPolicy, replacePolicy } from "../iam/policy";
import { accountId, etagOf, findGroup, membersOf } from "../services/directory/directory-records";
import { createGroup } from "../services/directory/group-life";
import { BINDINGS } from "../services/policy-routes";
import { findProject } from "../services/project-lookup";
import { readBody, type Shape, TEXT_MAP } from "../services/request-body";
import { createProject } from "../services/resource-manager/project-life";
import type { Binding, MemberRecord, ProjectRecord } from "../state/records";
import { createBucket } from "../storage/buckets";
import { checkBucketName } from "../storage/names";
import type { StorageState } from "../storage/storage-state";
import { checkKeys } from "./checks";
import { OBJECT, type SeedObject, seedObjects } from "./seed-objects";

type SeedGroup = {
  readonly email?: string;
  readonly name?: string;
  readonly members?: readonly (string | { readonly email?: string; readonly role?: MemberRecord["role"] })[];
};

/** A bucket's resource; uniform access is on unless it says otherwise. */
type SeedBucket = Readonly<Record<string, unknown>> & {
  readonly project?: string;

  /** Added to the policy that Google gives new buckets. */
  readonly bindings?: readonly Binding[];
};

export interface Seed {
  readonly projects?: readonly (string | Partial<ProjectRecord>)[];
  readonly groups?: readonly SeedGroup[];
  readonly buckets?: readonly SeedBucket[];
  readonly objects?: readonly SeedObject[];
}

const PROJECT: Shape = { projectId: "text", name: "text", labels: TEXT_MAP, parent: { type: "text", id: "text" } };
const MEMBER: Shape = { email: "text", role: "text" };

const SHAPES = {
  projects: [(project) => (typeof project === "string" ? "text" : PROJECT)],
  groups: [{ email: "text", name: "text", members: [(member) => (typeof member === "string" ? "text" : MEMBER)] }],
  buckets: [{ name: "text", project: "text", labels: TEXT_MAP, bindings: BINDINGS }],
  objects: [OBJECT],
} satisfies Shape;

/** Makes projects, groups, buckets and objects at once and without asking who may. What exists already stays. */
export async function seed(state: StorageState, call: Call): Promise<object> {
  const wanted = await readBody<Seed>(call, SHAPES);
  checkKeys("seed: ", wanted, Object.keys(SHAPES));
  for (const project of wanted.projects ?? []) seedProject(state, project);
  for (const group of wanted.groups ?? []) seedGroup(state, group);
  for (const bucket of wanted.buckets ?? []) seedBucket(state, bucket);
  return { objects: await seedObjects(state, wanted.objects ?? []) };
}

function seedProject({ world }: StorageState, project: string | Partial<ProjectRecord>): void {
  const wanted = typeof project === "string" ? { projectId: project } : project;
  if (findProject(world, wanted.projectId ?? "") === undefined) createProject(world, world.owner, wanted);
}

function seedGroup({ world }: StorageState, { members = [], ...wanted }: SeedGroup): void {
  const group = findGroup(world, given("groups[].email", wanted.email)) ?? createGroup(world, wanted);
  for (const member of members) {
    const { email: written, role = "MEMBER" } = typeof member === "string" ? { email: member } : member;
    const email = given("groups[].members[].email", written).toLowerCase();
    const type = findGroup(world, email) === undefined ? "USER" : "GROUP";
    const record = { id: accountId(email), email, role, type, status: "ACTIVE" } as const;
    membersOf(world).put(`${group.email}/${email}`, { ...record, etag: etagOf(record) });
  }
}

function seedBucket(state: StorageState, { project: named, bindings = [], ...resource }: SeedBucket): void {
  const { name } = resource;
  checkBucketName(name);
  const project = given("buckets[].project", named);
  seedProject(state, project);
  const record = findProject(state.world, project);
  if (record === undefined)
    throw googleError(400, "invalid", `seed: project ${project} of bucket ${name} can't be made`);
  const iamConfiguration = { uniformBucketLevelAccess: { enabled: true } };
  if (!state.buckets.has(name)) createBucket(state, record, { iamConfiguration, ...resource }, false);
  if (bindings.length === 0) return;
  const before = readPolicy(state.world, `buckets/${name}`).bindings;
  replacePolicy(state.world, `buckets/${name}`, { bindings: [...before, ...bindings] });
}

function given(field: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw googleError(400, "invalid", `seed: ${field}: missing`);
}

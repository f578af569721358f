import type { Estate } from "./estate";
import { heldGroup } from "./group-retirement";
import { addressesOf, type Group, type GroupRole } from "./groups";
import { accountAddress, domainOf } from "./principals";
import type { IamGrant } from "./projects";
import type { BucketRecipe, ProjectGrant, SharedProjectRecipe, StagingRecipe } from "./recipe";
import { serviceAccountAddress } from "./serving-accounts";
import { servingRecipe } from "./serving-recipe";
import { stagingRecipe } from "./staging-recipe";

/** A group that an address is in. */
export interface GroupAccess {
  readonly group: Group;

  /** The role of the address, or of the group that brings it here. */
  readonly role: GroupRole;

  /** Groups between the address and this one, the nearest first; none when the address itself is listed. */
  readonly through: readonly string[];
}

/** A role that the address has somewhere, and why. */
export interface RoleAccess {
  readonly kind: "project" | "bucket" | "folder" | "repository" | "service account";

  /** E.g. `k8s-staging-kops`, `gs://k8s-staging-kops`. */
  readonly place: string;
  readonly role: string;

  /** The principal in the policy, e.g. `group:k8s-infra-staging-kops@kubernetes.io`. */
  readonly principal: string;

  /** As in `GroupAccess`, up to the group of the principal itself; or the principal that stands for a whole domain. */
  readonly through: readonly string[];
}

export interface Access {
  readonly address: string;
  readonly groups: readonly GroupAccess[];

  /** Retired groups that list the address, or are it: they give nothing any more. */
  readonly retired: readonly Group[];

  /** What everybody may is left out. */
  readonly roles: readonly RoleAccess[];
}

type Place = Pick<RoleAccess, "kind" | "place"> & { readonly grants: readonly IamGrant[] };

/** Why an address has access: its groups, direct and through nesting, and every role that they or it are given. */
export function accessOf(
  estate: Pick<Estate, "defaults" | "staging" | "filestores" | "groups" | "hasDefaultsFile">,
  address: string,
): Access {
  const wanted = address.toLowerCase();
  const held = estate.groups.map(heldGroup);
  const own = namesFor(held, wanted);
  const groups = groupsOf(held, wanted);
  const inUse = new Set(groups.map(({ group }) => group.email));
  const retired = estate.groups.filter(
    (group) =>
      group.retired !== undefined &&
      !inUse.has(group.email) &&
      (addressesOf(group).includes(wanted) || roleIn(group, [wanted]) !== undefined),
  );
  const throughByPrincipal = new Map<string, readonly string[]>([
    ...own.flatMap((name) =>
      ["user", "serviceAccount", "group"].map((kind) => [accountPrincipal(`${kind}:${name}`), []] as const),
    ),
    [`domain:${domainOf(wanted)}`, [`domain:${domainOf(wanted)}`]],
    ...groups.flatMap(({ group, through }) =>
      addressesOf(group).map((name) => [`group:${name}`, [...through, group.email]] as const),
    ),
  ]);
  const places = [
    ...estate.staging.flatMap((project) => placesOfStaging(stagingRecipe(project, estate))),
    ...(estate.hasDefaultsFile ? placesOfServing(estate) : []),
  ];
  const roles = places.filter(({ kind }) => kind === "project").flatMap((place) => rolesIn(place, throughByPrincipal));
  const convenience = new Map([...throughByPrincipal, ...basicPrincipals(roles)]);
  const others = places.filter(({ kind }) => kind !== "project").flatMap((place) => rolesIn(place, convenience));
  return { address: wanted, groups, retired, roles: [...roles, ...others] };
}

/** Breadth first, so that each group is reached on a shortest way; circles end by themselves. */
function groupsOf(groups: readonly Group[], address: string): readonly GroupAccess[] {
  const found = new Map<string, GroupAccess>();
  const own = namesFor(groups, address);
  const queue: { readonly names: readonly string[]; readonly through: readonly string[] }[] = [
    { names: own, through: [] },
  ];
  for (const { names, through } of queue) {
    for (const group of groups) {
      const role = roleIn(group, names);
      if (role === undefined || found.has(group.email) || own.includes(group.email)) continue;
      found.set(group.email, { group, role, through });
      queue.push({ names: addressesOf(group), through: [...through, group.email] });
    }
  }
  return [...found.values()];
}

/** All names of what has this address: a group may have further ones. */
function namesFor(groups: readonly Group[], address: string): readonly string[] {
  const self = groups.find((group) => addressesOf(group).includes(address));
  return self === undefined ? [address] : addressesOf(self);
}

function roleIn({ owners, managers, members }: Group, names: readonly string[]): GroupRole | undefined {
  const accounts = new Set(names.map(accountAddress));
  const has = (listed: readonly string[]) => listed.some((each) => accounts.has(accountAddress(each)));
  if (has(owners)) return "OWNER";
  if (has(managers)) return "MANAGER";
  return has(members) ? "MEMBER" : undefined;
}

function rolesIn(
  { kind, place, grants }: Place,
  throughByPrincipal: ReadonlyMap<string, readonly string[]>,
): readonly RoleAccess[] {
  return grants.flatMap(({ role, members }) =>
    members.flatMap((principal) => {
      const through = throughByPrincipal.get(accountPrincipal(principal));
      return through === undefined ? [] : [{ kind, place, role, principal, through }];
    }),
  );
}

/** People are granted roles under one of their account's addresses, and asked about under another. */
function accountPrincipal(principal: string): string {
  return principal.startsWith("user:") ? `user:${accountAddress(principal.slice("user:".length))}` : principal;
}

/** Buckets name the viewers, editors and owners of their project as principals of their own. */
function basicPrincipals(roles: readonly RoleAccess[]): readonly (readonly [string, readonly string[]])[] {
  const kinds: Readonly<Record<string, string>> = {
    "roles/viewer": "projectViewer",
    "roles/editor": "projectEditor",
    "roles/owner": "projectOwner",
  };
  return roles.flatMap(({ place, role, through }) => {
    const kind = kinds[role];
    return kind === undefined ? [] : [[`${kind}:${place}`, through] as const];
  });
}

function placesOfStaging(recipe: StagingRecipe): readonly Place[] {
  const projectId = recipe.mode === "project" ? recipe.project.projectId : recipe.projectId;
  const { registry } = recipe;
  const repository =
    registry && `${registry.location}-${registry.format.toLowerCase()}.pkg.dev/${projectId}/${registry.repository}`;
  return [
    ...(recipe.mode === "project"
      ? [projectPlace(projectId, recipe.grants), ...recipe.buckets.map(bucketPlace)]
      : placesInShared(recipe)),
    ...(recipe.buildAccount === undefined
      ? []
      : [
          {
            kind: "service account" as const,
            place: recipe.buildAccount.address,
            grants: recipe.buildAccount.policy,
          },
        ]),
    ...(registry && repository ? [{ kind: "repository" as const, place: repository, grants: registry.policy }] : []),
  ];
}

function placesInShared(recipe: SharedProjectRecipe): readonly Place[] {
  const { projectId, bucket, folder, folderPolicy, grants, sources } = recipe;
  const folders = [{ bucket, policy: folderPolicy }, ...(sources === undefined ? [] : [sources])];
  return [
    projectPlace(projectId, grants),
    ...folders.map((each) => ({
      kind: "folder" as const,
      place: `gs://${each.bucket}/${folder}`,
      grants: each.policy,
    })),
  ];
}

function placesOfServing({ defaults }: Pick<Estate, "defaults">): readonly Place[] {
  const { projectId, grants, buckets, accounts, backup } = servingRecipe(defaults);
  return [
    projectPlace(projectId, grants),
    ...buckets.map(bucketPlace),
    ...(backup === undefined
      ? []
      : [projectPlace(backup.projectId, backup.grants), ...backup.buckets.map(bucketPlace)]),
    ...accounts.map(({ accountId, policy }) => ({
      kind: "service account" as const,
      place: serviceAccountAddress(accountId, projectId),
      grants: policy,
    })),
  ];
}

function projectPlace(projectId: string, grants: readonly ProjectGrant[]): Place {
  const each = grants.map(({ role, member }) => ({ role, members: [member] }));
  return { kind: "project", place: projectId, grants: each };
}

function bucketPlace({ name, policy }: BucketRecipe): Place {
  return { kind: "bucket", place: `gs://${name}`, grants: policy };
}

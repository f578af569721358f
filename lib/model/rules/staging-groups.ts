import type { Defaults } from "../defaults";
import { addressesOf, type Group } from "../groups";
import { domainOf, localPartOf } from "../principals";
import { longestStagingName, shorterName, stagingGroupAddress, stagingName } from "../staging-names";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** Every staging project has a group that may push, and every staging group has a project. */
export function checkStagingGroups(draft: Draft, found: Findings): void {
  const { defaults, groups, isComplete } = draft;
  if (!isComplete.names) return;
  const isStaging = ({ email }: Group) =>
    localPartOf(email).startsWith(defaults.groupPrefix) && domainOf(email) === defaults.domain;
  const stagingGroups = groups.filter(isStaging);
  for (const group of stagingGroups) checkLength(group, draft, found);
  if (!isComplete.infra || !isComplete.groups) return;
  const wanted = new Map(pushingGroups(draft).map((each) => [each.email, each]));
  const names = new Set([...wanted.keys()].map((email) => nameIn(email, defaults)));
  const declared = new Set(groups.flatMap(addressesOf));
  const free = stagingGroups.map((group) => nameIn(group.email, defaults)).filter((each) => !names.has(each));
  for (const { email, projectId, isRetired, at } of wanted.values()) {
    // The group of a retired project may be gone already.
    if (declared.has(email) || isRetired || groups.length === 0) continue;
    const name = found.guesses.nearest(nameIn(email, defaults), free);
    const near = name && stagingGroupAddress(name, defaults.groupPrefix, defaults.domain);
    const detail = near === undefined ? "Declare it, so that somebody may push." : `Did you mean ${quote(near)}?`;
    found.warn("staging/no-group", at, `${projectId}: the group ${quote(email)} that may push is not declared`, detail);
  }
  for (const group of stagingGroups) {
    if (wanted.has(group.email) || group.retired !== undefined) continue;
    const name = nameIn(group.email, defaults);
    if (name.length > longestStagingName(defaults.stagingPrefix)) continue;
    const summary = `${group.email}: no staging project belongs to this group`;
    const detail = `Add ${quote(defaults.stagingPrefix + name)} to infra.yaml, or remove the group.`;
    found.warn("staging/no-project", group.at, summary, detail);
  }
}

/** The staging name within a group's address; other addresses as they are. */
function nameIn(email: string, { groupPrefix, domain }: Defaults): string {
  const isStaging = email.startsWith(groupPrefix) && domainOf(email) === domain;
  return isStaging ? localPartOf(email).slice(groupPrefix.length) : email;
}

interface PushingGroup {
  readonly email: string;
  readonly projectId: string;
  readonly isRetired: boolean;
  readonly at: Group["at"];
}

/** The group of each staging project, ours or not: its own `group`, else the one that its name asks for. */
function pushingGroups({ projects, staging, defaults }: Draft): readonly PushingGroup[] {
  const ours = new Map(staging.map((project) => [project.projectId, project]));
  return projects.flatMap(({ projectId, type, group, at }) => {
    const name = type === "staging" ? stagingName(projectId, defaults.stagingPrefix) : undefined;
    if (name === undefined) return [];
    const usual = stagingGroupAddress(name, defaults.groupPrefix, defaults.domain);
    const own = ours.get(projectId);
    return [{ email: own?.group ?? group ?? usual, projectId, isRetired: own?.retired !== undefined, at }];
  });
}

function checkLength(group: Group, { defaults }: Draft, { error, place }: Findings): void {
  const name = localPartOf(group.email).slice(defaults.groupPrefix.length);
  const longest = longestStagingName(defaults.stagingPrefix);
  if ([...name].length <= longest) return;
  const summary = `${group.email}: the staging name ${quote(name)} has ${[...name].length} characters, at most ${longest} fit in a project id`;
  const detail = `A valid shorter one is ${quote(`${defaults.groupPrefix}${shorterName(name, longest)}@${defaults.domain}`)}.`;
  error("staging/name-length", place(group, "email-id"), summary, detail);
}

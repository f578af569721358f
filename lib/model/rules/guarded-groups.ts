import { groupSetting } from "../group-settings";
import type { Group, GroupGuard } from "../groups";
import { quote, quoteList } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** config.yaml may say of single groups what no groups.yaml may change: its reviewers are others. */
export function checkGuards({ groups, groupsConfig, isComplete }: Draft, found: Findings): void {
  const byEmail = new Map(groups.map((group) => [group.email, group]));
  for (const guard of groupsConfig.guards ?? []) {
    const group = byEmail.get(guard.group);
    if (group !== undefined) checkGuarded(group, guard, byEmail, found);
    else if (isComplete.groups) missing(guard.group, guard, found);
    const { ownersOf } = guard;
    if (ownersOf !== undefined && !byEmail.has(ownersOf) && isComplete.groups) missing(ownersOf, guard, found);
  }
}

function missing(address: string, { at }: GroupGuard, { error }: Findings): void {
  const detail = "Declare it. If it shall go, take the guard out first, in a change of its own.";
  error("guard/missing", at, `${address}: is named by a guard, but not declared`, detail);
}

function checkGuarded(
  group: Group,
  guard: GroupGuard,
  byEmail: ReadonlyMap<string, Group>,
  { error, place }: Findings,
): void {
  const by = `${guard.at.file}:${guard.at.line} guards it`;
  if (group.retired !== undefined) {
    const detail = `${by}. Take the guard out first, in a change of its own.`;
    error("guard/retired", group.retired.at, `${group.email}: may not be retired`, detail);
  }
  if (guard.members !== undefined) {
    const difference = differenceOf(guard.members, group.members);
    if (difference !== undefined)
      error("guard/members", place(group, "members"), `${group.email}: ${difference}`, `${by}: change both.`);
  }
  const source = guard.ownersOf === undefined ? undefined : byEmail.get(guard.ownersOf);
  if (source !== undefined) {
    const difference = differenceOf(source.owners, group.owners);
    const detail = `${by}: its owners are those of ${source.email}.`;
    if (difference !== undefined)
      error("guard/owners", place(group, "owners"), `${group.email}: ${difference}`, detail);
  }
  for (const [key, value] of Object.entries(guard.settings ?? {})) {
    if (group.settings[key] === value) continue;
    const name = groupSetting(key)?.yamlKey ?? key;
    const state = group.settings[key];
    const summary = `${group.email}: needs ${name} ${quote(value)}, found ${state === undefined ? "nothing" : quote(state)}`;
    error("guard/settings", place(group, "settings", name), summary, `${by}. Write ${name}: ${quote(value)}.`);
  }
}

function differenceOf(wanted: readonly string[], found: readonly string[]): string | undefined {
  const lacking = wanted.filter((address) => !found.includes(address));
  const extra = found.filter((address) => !wanted.includes(address));
  if (lacking.length + extra.length === 0) return undefined;
  const parts = [
    ...(lacking.length > 0 ? [`${quoteList(lacking)} must be listed here`] : []),
    ...(extra.length > 0 ? [`${quoteList(extra)} may not be listed here`] : []),
  ];
  return parts.join(", ");
}

import { addressesOf, type Group } from "../groups";
import { domainOf } from "../principals";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

const ROLES = ["owners", "managers", "members"] as const;

/** Groups within groups: no circles, and no group that is not there. */
export function checkGroupMembers(draft: Draft, found: Findings): void {
  const byAddress = new Map(draft.groups.flatMap((group) => addressesOf(group).map((each) => [each, group])));
  for (const group of draft.groups) checkTwoNames(group, byAddress, found);
  for (const circle of circles(draft.groups, byAddress)) reportCircle(circle, byAddress, found);
  if (draft.isComplete.groups) checkDeclared(draft, byAddress, found);
}

/** A group under its address and under an alias is one member to Google, with one role. */
function checkTwoNames(group: Group, byAddress: ReadonlyMap<string, Group>, { error, place }: Findings): void {
  const first = new Map<Group, string>();
  for (const role of ROLES) {
    for (const [index, address] of group[role].entries()) {
      const inner = byAddress.get(address);
      const before = inner && first.get(inner);
      if (inner !== undefined && before === undefined) first.set(inner, address);
      // One address that stands twice is found where the file is read.
      if (before === undefined || before === address) continue;
      const summary = `${group.email}: ${quote(address)} and ${quote(before)} are one group, which stands twice here`;
      error("group/listed-twice", place(group, role, index), summary, "Keep one of the two.");
    }
  }
}

/** An address of a managed domain should be a declared group, or be known to belong to somebody. Each is named once. */
function checkDeclared({ groups, groupsConfig }: Draft, byAddress: ReadonlyMap<string, Group>, found: Findings): void {
  const domains = new Set(groupsConfig.domains);
  const known = new Set(groupsConfig.accounts ?? []);
  for (const group of groups) {
    for (const role of ROLES) {
      for (const [index, address] of group[role].entries()) {
        if (!domains.has(domainOf(address)) || byAddress.has(address) || known.has(address)) continue;
        known.add(address);
        const near = found.guesses.nearestAddress(address, byAddress.keys());
        const detail =
          near === undefined
            ? "Declare the group, or list the address under accounts in config.yaml if it belongs to a person or a program."
            : `Did you mean ${quote(near)}?`;
        const summary = `${group.email}: no group ${quote(address)} is declared`;
        found.warn("group/not-declared", found.place(group, role, index), summary, detail);
      }
    }
  }
}

/** Every circle of groups that contain one another, each once. Takes no stack: a chain may be as long as a file allows. */
function* circles(groups: readonly Group[], byAddress: ReadonlyMap<string, Group>): Generator<readonly Group[]> {
  const done = new Set<Group>();
  for (const start of groups) {
    const trail: { readonly group: Group; readonly inner: readonly Group[]; next: number }[] = [];
    const depth = new Map<Group, number>();
    const enter = (group: Group) => {
      depth.set(group, trail.length);
      const inner = [
        ...new Set(ROLES.flatMap((role) => group[role].flatMap((address) => byAddress.get(address) ?? []))),
      ];
      trail.push({ group, inner, next: 0 });
    };
    if (!done.has(start)) enter(start);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const inner = top.inner[top.next];
      top.next += 1;
      if (inner === undefined) {
        done.add(top.group);
        depth.delete(top.group);
        trail.pop();
        continue;
      }
      const from = depth.get(inner);
      if (from !== undefined) yield trail.slice(from).map(({ group }) => group);
      else if (!done.has(inner)) enter(inner);
    }
  }
}

function reportCircle(circle: readonly Group[], byAddress: ReadonlyMap<string, Group>, found: Findings): void {
  const last = circle.at(-1);
  const [first] = circle;
  if (last === undefined || first === undefined) return;
  const role = ROLES.find((each) => last[each].some((address) => byAddress.get(address) === first)) ?? "members";
  const index = last[role].findIndex((address) => byAddress.get(address) === first);
  const names = [...circle, first].map(({ email }) => email);
  const way = names.length > 8 ? [...names.slice(0, 4), "...", ...names.slice(-3)] : names;
  const summary =
    circle.length === 1
      ? `${first.email}: contains itself`
      : `${last.email}: contains itself by way of ${way.join(" > ")}`;
  found.error(
    "group/circle",
    found.place(last, role, index),
    summary,
    "Google refuses it. Remove one of these members.",
  );
}

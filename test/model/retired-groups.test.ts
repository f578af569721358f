import type { GroupRetirementStep } from "../../lib/model/group-retirement";
import type { Group } from "../../lib/model/groups";
import type { RetirementStep } from "../../lib/model/projects";
import type { Draft } from "../../lib/model/rules/draft";
import { checkGroupRetirements, vanishedGroups } from "../../lib/model/rules/retired-groups";
import { sampleDraft, sampleProject } from "../stacks/sample-estate";

const at = { file: "groups/sig/groups.yaml", line: 7, column: 5 };
const email = "oss-infra-staging-lathe@example.org";

interface Situation {
  readonly step?: GroupRetirementStep | "active";
  readonly since?: string;
  readonly members?: readonly string[];
  readonly project?: RetirementStep;
}

function draft({ step = "active", since = "2026-05-15", members = ["ann@example.org"], project }: Situation): Draft {
  const group: Group = {
    email,
    name: "oss-infra-staging-lathe",
    description: "",
    settings: {},
    reconcileMembers: true,
    owners: [],
    managers: [],
    members,
    aliases: [],
    file: at.file,
    at,
    ...(step !== "active" && { retired: { since, step, at } }),
  };
  const end = project === undefined ? {} : { retired: { since, keepPublished: true, step: project, at } };
  return sampleDraft({ staging: [sampleProject("lathe", { group: email, ...end })], filestores: [], groups: [group] });
}

function withoutGroups(base: Draft): Draft {
  return { ...base, groups: [] };
}

test.each<{ was: string; base: Situation; rules: readonly string[] }>([
  { was: "in use", base: {}, rules: ["change/group-vanished"] },
  { was: "in use, with nobody in it", base: { members: [] }, rules: ["change/group-vanished"] },
  { was: "closed", base: { step: "closed" }, rules: [] },
  { was: "deleted", base: { step: "deleted" }, rules: [] },
  { was: "in use, of a project just retired", base: { project: "closed" }, rules: ["change/group-vanished"] },
  { was: "in use, of a project that was shut down", base: { project: "shut-down" }, rules: [] },
])("a group that was $was vanishes: $rules", ({ base, rules }) => {
  const before = draft(base);
  const found = vanishedGroups(before, withoutGroups(before));

  expect(found.map(({ rule }) => rule)).toEqual(rules);
});

test("fails with the place in the base and what to add there", () => {
  const before = draft({});
  const [found] = vanishedGroups(before, withoutGroups(before));

  expect(found?.detail).toContain("groups/sig/groups.yaml:7 of the base");
  expect(found?.detail).toContain('"retired: {since: YYYY-MM-DD}"');
});

test.each<{ from: Situation; to: Situation; rules: readonly string[] }>([
  { from: {}, to: { step: "closed" }, rules: [] },
  { from: {}, to: { step: "deleted" }, rules: ["change/retirement-step"] },
  { from: { step: "closed" }, to: { step: "deleted" }, rules: [] },
  { from: { step: "closed" }, to: { step: "deleted", since: "2026-01-01" }, rules: ["change/retirement-since"] },
  { from: { step: "closed" }, to: {}, rules: [] },
  { from: { step: "deleted" }, to: { step: "deleted" }, rules: [] },
])("from $from to $to: $rules", ({ from, to, rules }) => {
  expect(checkGroupRetirements(draft(from), draft(to)).map(({ rule }) => rule)).toEqual(rules);
});

import type { Diagnostic } from "../../lib/diagnostics";
import type { GroupRetirementStep } from "../../lib/model/group-retirement";
import type { RetirementStep } from "../../lib/model/projects";
import type { Draft } from "../../lib/model/rules/draft";
import { checkEarlySteps } from "../../lib/model/rules/early-steps";
import { findings } from "../../lib/model/rules/place";
import { sampleDraft, sampleProject } from "../stacks/sample-estate";

const since = "2026-05-15";
const at = { file: "groups/sig/groups.yaml", line: 7, column: 5 };

function said(estate: Partial<Draft>, today: string): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const draft: Draft = {
    ...sampleDraft({ staging: [], filestores: [], groups: [] }),
    ...estate,
  };
  checkEarlySteps(
    draft,
    today,
    findings(
      ({ at }) => at,
      (each) => void found.push(each),
    ),
  );
  return found;
}

const project = (step?: RetirementStep) => ({
  staging: [sampleProject("lathe", { retired: { since, keepPublished: true, at, ...(step && { step }) } })],
});

const group = (step: GroupRetirementStep): Pick<Draft, "groups"> => ({
  groups: [
    {
      email: "crew@example.org",
      name: "crew",
      description: "",
      settings: {},
      reconcileMembers: true,
      owners: [],
      managers: [],
      members: [],
      aliases: [],
      file: at.file,
      at,
      retired: { since, step, at },
    },
  ],
});

test.each([
  { what: "project that is retired", of: project(), last: "2026-05-14", first: "2026-05-15" },
  { what: "closed project", of: project("closed"), last: "2026-05-14", first: "2026-05-15" },
  { what: "released project", of: project("released"), last: "2026-06-13", first: "2026-06-14" },
  { what: "project that is shut down", of: project("shut-down"), last: "2026-06-13", first: "2026-06-14" },
  { what: "closed group", of: group("closed"), last: "2026-05-14", first: "2026-05-15" },
  { what: "deleted group", of: group("deleted"), last: "2026-06-13", first: "2026-06-14" },
])("fails on $last for a $what, which may be declared from $first on", ({ of, last, first }) => {
  expect(said(of, first)).toEqual([]);
  expect(said(of, last)).toMatchObject([
    { severity: "error", rule: "retirement/too-soon", summary: expect.stringContaining(`before ${first}`), at },
  ]);
});

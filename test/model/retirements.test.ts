import type { RetirementStep } from "../../lib/model/projects";
import { checkVanished } from "../../lib/model/rules/changes";
import type { Draft } from "../../lib/model/rules/draft";
import { checkRetirements } from "../../lib/model/rules/retirements";
import { sampleEstate, sampleProject } from "../stacks/sample-estate";

const SINCE = "2026-05-15";

function draft(step: RetirementStep | "active" | "absent"): Draft {
  const project =
    step === "active"
      ? sampleProject("lathe")
      : sampleProject("lathe", { retired: { since: SINCE, keepPublished: true, ...(step !== "absent" && { step }) } });
  return {
    ...sampleEstate({ staging: step === "absent" ? [] : [project], filestores: [], groups: [] }),
    groupsFolder: "groups",
    manifestDirectories: [],
    filestoreNames: [],
    isComplete: { infra: true, groups: true },
  };
}

test.each([
  { from: "active", to: "closed", today: SINCE, rules: [] },
  { from: "closed", to: "released", today: SINCE, rules: [] },
  { from: "released", to: "shut-down", today: "2026-06-14", rules: [] },
  { from: "released", to: "shut-down", today: "2026-06-13", rules: ["change/retirement-too-soon"] },
  { from: "closed", to: "shut-down", today: "2026-07-01", rules: ["change/retirement-step"] },
  { from: "active", to: "released", today: "2026-07-01", rules: ["change/retirement-step"] },
  { from: "released", to: "active", today: SINCE, rules: [] },
  { from: "shut-down", to: "shut-down", today: SINCE, rules: [] },
] as const)("from $from to $to on $today: $rules", ({ from, to, today, rules }) => {
  expect(checkRetirements(draft(from), draft(to), today).map(({ rule }) => rule)).toEqual(rules);
});

test("fails with the step that comes next, and the day on which the last one may be taken", () => {
  const [skipped] = checkRetirements(draft("closed"), draft("shut-down"), "2026-07-01");
  const [tooSoon] = checkRetirements(draft("released"), draft("shut-down"), SINCE);

  expect(skipped?.detail).toContain('Write "step: released"');
  expect(tooSoon?.summary).toContain("can't be shut down before 2026-06-14");
});

test.each([
  { step: "active", vanishing: "is an error" },
  { step: "closed", vanishing: "is an error" },
  { step: "released", vanishing: "is an error" },
  { step: "shut-down", vanishing: "is allowed" },
] as const)("a project that was $step: vanishing $vanishing", ({ step, vanishing }) => {
  const found = checkVanished(draft(step), draft("absent"), { infra: "infra.yaml", groups: "groups" });

  expect(found.map(({ rule }) => rule)).toEqual(vanishing === "is allowed" ? [] : ["change/project-vanished"]);
});

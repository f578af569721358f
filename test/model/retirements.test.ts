import type { RetirementStep, StagingProject } from "../../lib/model/projects";
import { utcDay } from "../../lib/model/retirement";
import { checkVanished } from "../../lib/model/rules/changes";
import type { Draft } from "../../lib/model/rules/draft";
import { checkRetirements, remindOfRetirements } from "../../lib/model/rules/retirements";
import { sampleDraft, sampleProject } from "../stacks/sample-estate";

const SINCE = "2026-05-15";

function draft(step: RetirementStep | "active" | "absent", since = SINCE): Draft {
  const project =
    step === "active"
      ? sampleProject("lathe")
      : sampleProject("lathe", { retired: { since, keepPublished: true, ...(step !== "absent" && { step }) } });
  return sampleDraft({ staging: step === "absent" ? [] : [project], filestores: [], groups: [] });
}

test.each([
  { from: "active", to: "closed", today: SINCE, rules: [] },
  { from: "closed", to: "released", today: "2026-06-14", rules: [] },
  { from: "released", to: "shut-down", today: "2026-06-14", rules: [] },
  { from: "closed", to: "shut-down", today: "2026-07-01", rules: ["change/retirement-step"] },
  { from: "active", to: "released", today: "2026-06-20", rules: ["change/retirement-step", "change/retirement-since"] },
  { from: "released", to: "active", today: SINCE, rules: [] },
  { from: "shut-down", to: "shut-down", today: SINCE, rules: [] },
  { from: "shut-down", to: "released", today: SINCE, rules: ["change/retirement-step"] },
  { from: "shut-down", to: "active", today: SINCE, rules: ["change/retirement-step"] },
] as const)("from $from to $to on $today: $rules", ({ from, to, today, rules }) => {
  expect(checkRetirements(draft(from), draft(to), today).map(({ rule }) => rule)).toEqual(rules);
});

test("fails with the step that comes next", () => {
  const [skipped] = checkRetirements(draft("closed"), draft("shut-down"), "2026-07-01");

  expect(skipped?.detail).toContain('Write "step: released"');
});

test("what was shut down comes back into use once it is adopted again", () => {
  const adoptions = [
    { stack: "staging-lathe", imports: {}, at: { file: "adopt/staging-lathe.yaml", line: 1, column: 1 } },
  ];
  const check = (head: Draft) => checkRetirements(draft("shut-down"), head, SINCE);

  expect(check(draft("active"))[0]?.detail).toContain("gcloud projects undelete oss-staging-lathe");
  expect(check({ ...draft("active"), adoptions })).toEqual([]);
});

test("fails when the day that the notice counts from is moved back, and lets it move on", () => {
  const moved = (from: string, to: string) =>
    checkRetirements(draft("closed", from), draft("closed", to), "2026-07-01").map(({ rule }) => rule);

  expect(moved("2026-05-15", "2026-05-14")).toEqual(["change/retirement-since"]);
  expect(moved("2026-05-15", "2026-05-16")).toEqual([]);
});

test("a retirement that begins with its notice over is pointed out to its reviewer", () => {
  const [found] = checkRetirements(draft("active"), draft("closed", "2020-01-01"), "2026-07-01");

  expect(found).toMatchObject({ severity: "warning", rule: "change/retirement-since" });
  expect(found?.detail).toContain('Write "since: 2026-07-01"');
});

describe("reminders", () => {
  test.each([
    { step: "closed", today: "2026-06-13", due: [] },
    { step: "closed", today: "2026-06-14", due: ['step "released" is due since 2026-06-14'] },
    { step: "released", today: "2026-06-14", due: ['step "shut-down" is due since 2026-06-14'] },
    { step: "shut-down", today: "2027-01-01", due: [] },
    { step: "active", today: "2027-01-01", due: [] },
  ] as const)("at step $step on $today: $due", ({ step, today, due }) => {
    const { staging } = draft(step);

    expect(remindOfRetirements(staging, today).map(({ summary }) => summary.split(", ")[1])).toEqual(due);
  });

  test.each([
    { clock: "2026-06-14T00:30:00+02:00", due: 0 },
    { clock: "2026-06-13T20:00:00-04:00", due: 1 },
  ])("count days in UTC: at $clock $due are due", ({ clock, due }) => {
    expect(remindOfRetirements(draft("closed").staging, utcDay(new Date(clock)))).toHaveLength(due);
  });

  test("give the exact line, or where to add one", () => {
    const at = { file: "infra.yaml", line: 7, column: 9 };
    const retired = (step?: RetirementStep) =>
      sampleProject("lathe", { retired: { since: SINCE, keepPublished: true, at, ...(step && { step }) } });
    const details = remindOfRetirements([retired(), retired("released")], "2026-07-01").map(({ detail }) => detail);

    expect(details).toEqual([
      'Once "closed" is deployed: add "step: released" to the block "retired" at infra.yaml:7, or run: npx artifacts offboard lathe',
      'Once "released" is deployed: make line 7 of infra.yaml "step: shut-down", or run: npx artifacts offboard lathe',
    ]);
  });
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

const own = sampleProject("lathe");
const guestOf = (host: string) => sampleProject("lathe", { mode: "shared", sharedProjectId: `oss-staging-${host}` });
const over = { retired: { since: SINCE, keepPublished: true, step: "shut-down" } } as const;

test.each([
  { from: own, to: guestOf("pool"), says: "into a shared project" },
  { from: guestOf("pool"), to: own, says: "out of the shared project" },
  {
    from: guestOf("pool"),
    to: guestOf("press"),
    says: "from the shared project oss-staging-pool into oss-staging-press",
  },
  { from: guestOf("pool"), to: { ...guestOf("press"), ...over }, says: "from the shared project" },
  { from: guestOf("pool"), to: guestOf("pool"), says: undefined },
  { from: { ...guestOf("pool"), ...over }, to: { ...own, ...over }, says: undefined },
  { from: sampleProject("lathe", { mode: "shared" }), to: guestOf("pool"), says: undefined },
])("a project that moves has vanished where it was: $says", ({ from, to, says }) => {
  const of = (lathe: StagingProject) => ({
    ...draft("active"),
    staging: [lathe],
    projects: [{ ...lathe, type: "staging" }],
  });
  const found = checkVanished(of(from), of(to), { infra: "infra.yaml", groups: "groups" });

  expect(found.map(({ rule, severity }) => [rule, severity])).toEqual(
    says === undefined ? [] : [["change/project-vanished", "error"]],
  );
  expect(found[0]?.summary ?? "").toContain(says ?? "");
});

test.each<{ when: string; base?: Partial<StagingProject>; head: Partial<StagingProject>; lost: readonly string[] }>([
  { when: "the step alone is declared", head: {}, lost: [] },
  { when: "something is added", head: { contacts: ["ana@example.org"] }, lost: [] },
  {
    when: "its block is tidied",
    base: { registry: { repository: "npm-x", location: "us-east1", format: "NPM" }, buildAccountId: "builder" },
    head: {},
    lost: [
      "google_project_service.artifactregistry",
      "google_project_service.iam",
      "google_service_account.builds",
      "google_service_account_iam_policy.builds",
      "google_artifact_registry_repository.npm-x",
      "google_artifact_registry_repository_iam_policy.npm-x",
    ],
  },
  {
    when: "its repository is named otherwise, as a guest",
    base: { ...guestOf("pool"), registry: { repository: "images", location: "us", format: "DOCKER" } },
    head: { ...guestOf("pool"), registry: { repository: "lathe", location: "us", format: "DOCKER" } },
    lost: ["google_artifact_registry_repository.images", "google_artifact_registry_repository_iam_policy.images"],
  },
])("a shutdown destroys nothing: $when", ({ base, head, lost }) => {
  const of = (step: RetirementStep, more: Partial<StagingProject> = {}) => {
    const lathe = sampleProject("lathe", { ...more, retired: { since: SINCE, keepPublished: true, step } });
    return { ...draft(step), staging: [lathe] };
  };
  const check = (from: RetirementStep) =>
    checkVanished(of(from, base), of("shut-down", head), { infra: "infra.yaml", groups: "groups" });

  expect(check("released").flatMap(({ summary }) => summary.match(/google_[\w.-]+/g) ?? [])).toEqual(lost);
  expect(check("shut-down")).toEqual([]);
});

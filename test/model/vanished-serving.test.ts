import type { Serving } from "../../lib/model/defaults";
import { checkVanished } from "../../lib/model/rules/changes";
import type { Draft } from "../../lib/model/rules/draft";
import { sampleDefaults, sampleDraft } from "../stacks/sample-estate";

const at = { file: "infra/gcp/defaults.yaml", line: 1, column: 1 };

function draft(
  serving: Partial<Serving>,
  more: { readonly logsBucket?: string; readonly adminGroups?: readonly string[]; readonly isRead?: boolean } = {},
): Draft {
  const { logsBucket, adminGroups, isRead = true } = { ...sampleDefaults, ...more };
  const defaults = { ...sampleDefaults, logsBucket, adminGroups, serving: { ...sampleDefaults.serving, ...serving } };
  return {
    ...sampleDraft({ defaults, staging: [], filestores: [] }),
    ...(isRead && { defaultsPlace: { at } }),
    filestoreNames: ["oss-staging-lathe"],
  };
}

function found(base: Draft, head: Draft) {
  const findings = checkVanished(base, head, { infra: "infra/gcp/infra.yaml", groups: "groups" });
  for (const { rule, severity } of findings) expect([rule, severity]).toEqual(["change/serving-vanished", "error"]);
  return findings.map(({ summary }) => summary);
}

test("a defaults.yaml does not go: it says which accounts may promote", () => {
  const head = { ...draft({}, { isRead: false }), hasDefaults: false };

  expect(checkVanished(draft({}), head, { infra: "infra/gcp/infra.yaml", groups: "groups" })).toMatchObject([
    { rule: "change/defaults-removed", severity: "error", at: { file: "infra/gcp/defaults.yaml" } },
  ]);
});

const backup = { backupBucket: "oss-backup" };
const apart = { ...backup, backupProjectId: "oss-vault" };

test.each([
  {
    change: "the backup is taken out",
    base: apart,
    head: {},
    summaries: [
      'serving.backup-bucket: "oss-backup" is not named any more',
      'serving.backup-project: "oss-vault" is not named any more',
    ],
  },
  {
    change: "the backup gets another name and a project",
    base: backup,
    head: { ...apart, backupBucket: "oss-backup-2" },
    summaries: ['serving.backup-bucket: "oss-backup" gives way to "oss-backup-2"'],
  },
  {
    change: "the backup moves into a project of its own",
    base: backup,
    head: apart,
    summaries: ['serving.backup-bucket: "oss-backup" would move from oss-prod to oss-vault'],
  },
  {
    change: "production gets other names",
    base: {},
    head: { projectId: "oss-next", bucket: "oss-next" },
    summaries: [
      'serving.project: "oss-prod" gives way to "oss-next"',
      'serving.bucket: "oss-artifacts" gives way to "oss-next"',
    ],
  },
  {
    change: "production gets another place",
    base: { ...backup, existing: ["backup-bucket", "logs-bucket"] as const },
    head: { ...backup, existing: ["backup-bucket", "logs-bucket"] as const, location: "EU" },
    summaries: ['serving.location: "oss-artifacts" and what serving keeps beside it would move from US to EU'],
  },
  {
    change: "a locked retention is unlocked",
    base: { isRetentionLocked: true },
    head: {},
    summaries: ['serving.retention-locked: the retention of "oss-artifacts" is locked, and would not be any more'],
  },
  {
    change: "a locked retention is shortened",
    base: { isRetentionLocked: true, retentionDays: 3650 },
    head: { isRetentionLocked: true, retentionDays: 365 },
    summaries: ['serving.retention-days: the locked retention of "oss-artifacts" would shrink from 3650 to 365 days'],
  },
])("fails when $change", ({ base, head, summaries }) => {
  expect(found(draft(base), draft(head))).toEqual(summaries);
});

test.each([
  { change: "a backup is added", base: {}, head: apart },
  { change: "its place is spelled otherwise", base: {}, head: { location: "us" } },
  {
    change: "a retention is shortened and then locked",
    base: { retentionDays: 3650 },
    head: { retentionDays: 365, isRetentionLocked: true },
  },
  {
    change: "a locked retention grows",
    base: { retentionDays: 365, isRetentionLocked: true },
    head: { retentionDays: 3650, isRetentionLocked: true },
  },
  { change: "a backup is let go of", base: apart, head: { ...apart, existing: ["backup-bucket"] } },
  { change: "one that was let go of gives way", base: { ...backup, existing: ["backup-bucket"] }, head: apart },
  {
    change: "one and its project were let go of",
    base: { ...apart, existing: ["backup-bucket", "backup-project"] },
    head: {},
  },
  {
    change: "the project that was the production project is named",
    base: backup,
    head: { ...backup, backupProjectId: "oss-prod" },
  },
] as const)("says nothing when $change", ({ base, head }) => {
  expect(found(draft(base), draft(head))).toEqual([]);
});

test("access logs get another bucket once serving has let go of the one there is", () => {
  const next = draft({}, { logsBucket: "oss-logs-2" });

  expect(found(draft({}), next)).toEqual(['logs-bucket: "oss-access-logs" gives way to "oss-logs-2"']);
  expect(found(draft({ existing: ["logs-bucket"] }), next)).toEqual([]);
});

test("a part is let go of whole: what decides about it changes before or after", () => {
  const letGo = { ...apart, existing: ["backup-bucket", "backup-project"] } as const;
  const admins = { adminGroups: [...sampleDefaults.adminGroups, "security@example.org"] };

  expect(found(draft(apart, admins), draft(letGo))).toEqual([
    expect.stringMatching(
      /lets go of a part.*: "google_project_iam_member\.backup__viewer__group__security__example_org"$/,
    ),
  ]);
  expect(found(draft(apart, admins), draft(apart))).toEqual([]);
  expect(found(draft(letGo, admins), draft(letGo))).toEqual([]);
});

test("says nothing of defaults that could not be read", () => {
  expect(found(draft(apart), draft({}, { isRead: false }))).toEqual([]);
});

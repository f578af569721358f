import type { StagingProject } from "../../lib/model/projects";
import type { Draft } from "../../lib/model/rules/draft";
import { replacedBuckets } from "../../lib/model/rules/replaced-buckets";
import { sampleDefaults, sampleDraft, sampleProject } from "../stacks/sample-estate";

interface Situation {
  readonly project?: Partial<StagingProject>;

  /** The estate's. */
  readonly location?: string;
  readonly hasDefaultsFile?: boolean;
}

function draft({ project, location = "US", hasDefaultsFile = true }: Situation): Draft {
  const estate = { staging: [sampleProject("lathe", project)], defaults: { ...sampleDefaults, location } };
  return sampleDraft({ ...estate, hasDefaultsFile, filestores: [], groups: [] });
}

const both = (why: string) => ["oss-staging-lathe", "oss-staging-lathe-gcb"].map((bucket) => `${bucket}" (US), ${why}`);

test.each<{ change: string; now: Situation; says: readonly string[] }>([
  {
    change: "moved with all of the estate",
    now: { location: "EU" },
    says: both("as another location makes a new one"),
  },
  { change: "moved alone", now: { project: { location: "EU" } }, says: both("as another location makes a new one") },
  {
    change: "renamed and moved, and not that of builds",
    now: { project: { bucket: "lathe", location: "EU", gcbLocation: "US" } },
    says: ['oss-staging-lathe" (US), as another name and location makes a new one'],
  },
  { change: "kept where it is", now: { location: "EU", project: { location: "us" } }, says: [] },
  {
    change: "shut down whole",
    now: { location: "EU", project: { retired: { since: "2026-05-01", keepPublished: true, step: "shut-down" } } },
    says: [],
  },
  { change: "not known, as defaults.yaml holds a mistake", now: { location: "EU", hasDefaultsFile: false }, says: [] },
])("a bucket that is $change", ({ now, says }) => {
  const found = replacedBuckets(draft({}), draft(now));

  expect(found.map(({ summary }) => summary.split(' the bucket "')[1])).toEqual(says);
  expect(found.every(({ severity }) => severity === "warning")).toBe(true);
});

test("a bucket that would be replaced is kept by what the finding says", () => {
  const [found] = replacedBuckets(draft({}), draft({ project: { bucket: "lathe" }, location: "EU" }));

  expect(found?.detail).toContain('("bucket: oss-staging-lathe, location: US" in its block)');
});

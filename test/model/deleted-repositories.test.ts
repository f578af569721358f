import type { Registry, RetirementStep, StagingProject } from "../../lib/model/projects";
import { deletedRepositories } from "../../lib/model/rules/deleted-repositories";
import type { Draft } from "../../lib/model/rules/draft";
import { sampleDraft, sampleProject } from "../stacks/sample-estate";

const images = { repository: "images", location: "us", format: "DOCKER" };

function draft(more: Partial<StagingProject>): Draft {
  return sampleDraft({ staging: [sampleProject("lathe", more)], filestores: [], groups: [] });
}

const at = (step: RetirementStep) => ({ retired: { since: "2026-05-01", keepPublished: true, step } });

test.each<{ change: string; now: Partial<StagingProject>; says: readonly string[]; severity?: string }>([
  { change: "taken out", now: {}, says: ["as it is not declared any more"] },
  {
    change: "renamed",
    now: { registry: { ...images, repository: "charts" } },
    says: ["as another repository makes a new one"],
  },
  {
    change: "moved and of another format",
    now: { registry: { ...images, location: "europe-west1", format: "MAVEN" } },
    says: ["as another location and format makes a new one"],
  },
  {
    change: "kept, and cleaned up",
    now: { registry: { ...images, deleteAfterDays: 30 } satisfies Registry },
    says: [],
  },
  { change: "closed", now: { registry: images, ...at("closed") }, says: [] },
  {
    change: "taken out as it is closed",
    now: at("closed"),
    says: ["as it is not declared any more"],
    severity: "error",
  },
  { change: "shut down whole", now: at("shut-down"), says: [] },
])("a registry that is $change", ({ now, says, severity = "warning" }) => {
  const found = deletedRepositories(draft({ registry: images }), draft(now));

  expect(found.map(({ summary }) => summary.split(", ")[1])).toEqual(says);
  expect(found.every((each) => each.severity === severity)).toBe(true);
});

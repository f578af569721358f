import type { RetirementStep } from "../../lib/model/projects";
import { sampleEstate, sampleProject } from "./sample-estate";
import { addresses, bindingsOf, synthesize } from "./synth";

const registry = { repository: "lathe", location: "us", format: "DOCKER" };

function retired(step?: RetirementStep) {
  const retirement = { since: "2026-05-01", keepPublished: true, ...(step === undefined ? {} : { step }) };
  return synthesize(sampleEstate({ staging: [sampleProject("lathe", { registry, retired: retirement })] }));
}

const active = synthesize(sampleEstate({ staging: [sampleProject("lathe", { registry })] }));

test("closing takes writers and the public away, and touches nothing else", () => {
  const { stacks } = retired();
  const { resource } = stacks["staging-lathe"]!;

  expect(JSON.stringify(resource)).not.toMatch(/allUsers|oss-infra-staging-lathe|builder@/);
  expect(resource.google_storage_bucket?.staging).toMatchObject({ public_access_prevention: "enforced" });
  expect(bindingsOf(resource.google_storage_bucket_iam_policy?.staging)["roles/storage.objectAdmin"]).toEqual([
    "group:admins@example.org",
  ]);
  expect(resource.google_project?.project).toMatchObject({ deletion_policy: "PREVENT" });
  expect(addresses(stacks["staging-lathe"]!)).toContain("google_resource_manager_lien.deletion");
  expect(stacks.serving).toEqual(active.stacks.serving);
  const [before, after] = [active, { stacks }].map((each) => each.stacks["promote-oss-staging-lathe"]!);
  expect(addresses(after!)).toEqual(addresses(before!));
});

test("releasing lifts the lien and the deletion guard, and deletes nothing", () => {
  const closed = retired("closed").stacks["staging-lathe"]!;
  const released = retired("released").stacks["staging-lathe"]!;

  expect(closed.resource.google_project?.project).toMatchObject({ lifecycle: { prevent_destroy: true } });
  expect(released.resource.google_project?.project).toMatchObject({ deletion_policy: "DELETE" });
  expect(released.resource.google_project?.project).not.toHaveProperty("lifecycle");
  expect(addresses(closed).filter((address) => !addresses(released).includes(address))).toEqual([
    "google_resource_manager_lien.deletion",
  ]);
});

test("shutting down deletes the project and forgets everything in it, so that Google can bring it back", () => {
  const released = retired("released").stacks["staging-lathe"]!;
  const shutDown = retired("shut-down").stacks["staging-lathe"]!;

  expect(addresses(shutDown)).toEqual([]);
  const forgotten = (shutDown.removed ?? []).map(({ from, lifecycle }) => {
    expect(lifecycle).toEqual({ destroy: false });
    return String(from);
  });
  expect([...forgotten, "google_project.project"].sort()).toEqual(addresses(released));
});

import { World } from "./support/world";

let world: World;

beforeEach(async () => {
  world = await World.create();
  world.writeInfra({ "k8s-staging-kops": "" });
  world.write(
    "infra/gcp/defaults.yaml",
    `organization: "123456789012"\nbilling-account: 01ABCD-23EF01-456789\nstate-bucket: state-bucket\ndomain: example.org\nadmin-groups: [admins@example.org]\nrelease-viewers-group: admins@example.org\nlogs-bucket: logs-bucket\npromoter-service-accounts: [promoter@some-project.iam.gserviceaccount.com]\nserving: {project: some-project, bucket: k8s-artifacts-prod}\n`,
  );
});

afterEach(() => world?.close());

test.each(["groups", "serving"])("a mistake in a manifest does not hold up adopting %s", async (what) => {
  world.writeFilestore("k8s-staging-kops", "gs://k8s-staging-kops/releases/", "gs://k8s-artifacts-prod/binaries/kops/");
  world.write("manifests/k8s-staging-kops/v1.yaml", "files: [\n");

  expect(await world.artifacts(["adopt", what, "--dry-run"], world.owner)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(`to take over[^]*\\nNext: npx cdktf plan ${what}\\n`),
    stderr: "1 mistake in manifests left aside: npx artifacts validate tells more.\n",
  });
});

test("the report names the buckets whose retention gets locked", async () => {
  const defaults = world.read("infra/gcp/defaults.yaml");
  world.write("infra/gcp/defaults.yaml", defaults.replace("{project:", "{retention-locked: true, project:"));

  expect(await world.artifacts(["adopt", "serving", "--dry-run"], world.owner)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /the next `npx cdktf deploy serving` .*\nWill be locked for good, which nobody can undo:\n {2}gs:\/\/k8s-artifacts-prod: its retention of 3650 days\n/s,
    ),
  });
});

test("a project whose retirement is over has nothing to take over, and is told how it comes back", async () => {
  const block = "{retired: {since: 2025-01-01, step: shut-down}}";
  world.writeInfra({ "k8s-staging-kops": block }, "stacks/staging.ts");

  expect(await world.artifacts(["adopt", "kops"], world.owner)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\nk8s-staging-kops: retired and shut down .*\n.* gcloud projects undelete k8s-s/),
  });
});

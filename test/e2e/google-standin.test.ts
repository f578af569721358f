import { join } from "node:path";
import { type RunningSandbox, startSandbox } from "../../sandbox/server";
import { compileFixture } from "../support/compile-fixture";
import { TerraformWorkspace } from "../support/terraform-workspace";

const program = compileFixture(join(__dirname, "../../sandbox/google/main.ts"));
const BILLING = "012345-567890-ABCDEF";
const TEAM = "group:team@example.org";

/** An expression of Terraform. */
function ref(expression: string): string {
  return `\${${expression}}`;
}

/** Resource types that our own stacks don't use, or not in every way: those are tried in test/e2e/stacks. */
function resources(revision: 1 | 2) {
  const second = revision === 2;
  const project = ref("google_project.demo.project_id");
  return {
    google_project: {
      demo: {
        project_id: "standin-demo",
        name: second ? "Stand-in 2" : "Stand-in",
        org_id: "123456789012",
        billing_account: BILLING,
        auto_create_network: false,
        deletion_policy: "DELETE",
        labels: second ? { env: "test", more: "yes" } : { env: "test" },
      },
    },
    google_project_service: Object.fromEntries(
      ["artifactregistry", "cloudbuild", "logging"].map((name) => [
        name,
        { project, service: `${name}.googleapis.com`, disable_dependent_services: false },
      ]),
    ),
    google_project_iam_member: {
      viewer: { project, role: "roles/viewer", member: TEAM },
      until: {
        project,
        role: "roles/storage.admin",
        member: TEAM,
        condition: { title: "until", expression: 'request.time < timestamp("2030-01-01T00:00:00Z")' },
      },
    },
    google_project_iam_binding: {
      auditors: { project, role: "roles/browser", members: second ? [TEAM, "user:auditor@example.org"] : [TEAM] },
    },
    google_project_iam_custom_role: {
      lister: {
        project,
        role_id: "Lister",
        title: "Lister",
        permissions: ["storage.buckets.list", ...(second ? ["storage.buckets.get"] : [])],
      },
    },
    google_project_default_service_accounts: { none: { project, action: "DISABLE", restore_policy: "REVERT" } },
    google_service_account: {
      builder: { project, account_id: "builder", display_name: second ? "Builder (2)" : "Builder" },
    },
    google_service_account_iam_member: {
      user: {
        service_account_id: ref("google_service_account.builder.name"),
        role: "roles/iam.serviceAccountUser",
        member: TEAM,
      },
    },
    google_storage_bucket: {
      files: {
        project,
        name: "standin-demo-files",
        location: "us",
        uniform_bucket_level_access: true,
        force_destroy: true,
        labels: second ? { kept: "1" } : { kept: "1", gone: "1" },
        versioning: { enabled: second },
        cors: [{ origin: ["*"], method: ["GET"], max_age_seconds: 60 }],
        lifecycle_rule: [
          { action: { type: "Delete" }, condition: { age: second ? 90 : 60 } },
          {
            action: { type: "SetStorageClass", storage_class: "NEARLINE" },
            condition: { num_newer_versions: 3, with_state: "ARCHIVED" },
          },
        ],
      },
    },
    google_storage_bucket_iam_member: {
      public: {
        bucket: ref("google_storage_bucket.files.name"),
        role: "roles/storage.objectViewer",
        member: "allUsers",
      },
      team: { bucket: ref("google_storage_bucket.files.name"), role: "roles/storage.objectAdmin", member: TEAM },
    },
    google_storage_bucket_iam_binding: {
      readers: {
        bucket: ref("google_storage_bucket.files.name"),
        role: "roles/storage.legacyBucketReader",
        members: second ? [TEAM, "allUsers"] : [TEAM],
      },
    },
    google_storage_bucket_object: {
      page: { bucket: ref("google_storage_bucket.files.name"), name: "dir/a b.html", content: `<h1>${revision}</h1>` },
    },
    google_artifact_registry_repository: {
      images: {
        project,
        location: "us",
        repository_id: "images",
        format: "DOCKER",
        description: `revision ${revision}`,
        cleanup_policies: [{ id: "old", action: "DELETE", condition: { older_than: "30d" } }],
        depends_on: ["google_project_service.artifactregistry"],
      },
    },
    google_artifact_registry_repository_iam_member: {
      writer: {
        project,
        location: "us",
        repository: ref("google_artifact_registry_repository.images.name"),
        role: "roles/artifactregistry.writer",
        member: ref("google_service_account.builder.member"),
      },
    },
    google_logging_project_bucket_config: {
      standard: {
        project,
        location: "global",
        bucket_id: "_Default",
        retention_days: second ? 60 : 30,
        depends_on: ["google_project_service.logging"],
      },
      own: {
        project,
        location: "global",
        bucket_id: "own-logs",
        retention_days: 7,
        depends_on: ["google_project_service.logging"],
      },
    },
    google_cloudbuild_trigger: {
      push: {
        project,
        name: "push-main",
        description: `revision ${revision}`,
        filename: "cloudbuild.yaml",
        github: { owner: "example", name: "repo", push: { branch: "^main$" } },
        depends_on: ["google_project_service.cloudbuild"],
      },
    },
  };
}

const data = {
  google_project: { same: { project_id: ref("google_project.demo.project_id") } },
  google_storage_bucket: { same: { name: ref("google_storage_bucket.files.name") } },
  google_iam_policy: { made: { binding: [{ role: "roles/viewer", members: [TEAM] }] } },
};

describe("the stand-in for hashicorp/google, with the sandbox", () => {
  let sandbox: RunningSandbox;
  let workspace: TerraformWorkspace;

  beforeAll(async () => {
    sandbox = await startSandbox();
    workspace = new TerraformWorkspace({ source: "registry.terraform.io/hashicorp/google", program }, sandbox.env);
    await workspace.attach();
    declare(1);
    expect(await workspace.run("init")).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await workspace.close();
    await sandbox.close();
  });

  function declare(revision: 1 | 2, more: object = {}): void {
    const output = { number: { value: ref("data.google_project.same.number == google_project.demo.number") } };
    workspace.write({ resource: resources(revision), data, output, ...more });
  }

  async function apply(): Promise<string> {
    const { code, output } = await workspace.run("apply", "-auto-approve");
    if (code !== 0) throw new Error(output.slice(output.indexOf("Error:")));
    return output;
  }

  async function expectNoChanges(): Promise<void> {
    const { code, output } = await workspace.run("plan", "-detailed-exitcode");
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
  }

  test("makes what is declared, and then has nothing to do", async () => {
    expect(await apply()).toContain("number = true");
    await expectNoChanges();
  });

  test("changes in place what can be changed", async () => {
    declare(2);
    expect(await apply()).toMatch(/Resources: 0 added, 10 changed, 0 destroyed/);
    await expectNoChanges();
    const response = await fetch(`${sandbox.url}/storage/v1/b/standin-demo-files`, owner());
    const bucket = (await response.json()) as BucketAnswer;
    expect(bucket.labels).toEqual({ kept: "1", "goog-terraform-provisioned": "true" });
    expect(bucket.lifecycle.rule[1]?.condition).toEqual({ isLive: false, numNewerVersions: 3 });
  });

  test("sees what others change, and what they remove", async () => {
    const page = `${sandbox.url}/storage/v1/b/standin-demo-files/o/${encodeURIComponent("dir/a b.html")}`;
    expect((await fetch(page, { method: "DELETE", ...owner() })).status).toBe(204);
    await fetch(`${sandbox.url}/storage/v1/b/standin-demo-files`, {
      method: "PATCH",
      body: '{"versioning":{"enabled":false}}',
      ...owner(),
    });
    const { output } = await workspace.run("plan");
    expect(output).toContain("# google_storage_bucket_object.page will be created");
    expect(output).toContain("# google_storage_bucket.files will be updated in-place");
    await apply();
  });

  test("imports what it made by the real provider's ids", async () => {
    const ids = {
      "google_project.demo": "standin-demo",
      "google_project_service.logging": "standin-demo/logging.googleapis.com",
      "google_project_iam_member.viewer": `standin-demo roles/viewer ${TEAM}`,
      "google_project_iam_member.until": `standin-demo roles/storage.admin ${TEAM} until`,
      "google_project_iam_binding.auditors": "standin-demo roles/browser",
      "google_project_iam_custom_role.lister": "projects/standin-demo/roles/Lister",
      "google_service_account.builder":
        "projects/standin-demo/serviceAccounts/builder@standin-demo.iam.gserviceaccount.com",
      "google_storage_bucket.files": "standin-demo/standin-demo-files",
      "google_storage_bucket_iam_member.public": "b/standin-demo-files roles/storage.objectViewer allUsers",
      "google_storage_bucket_iam_binding.readers": "b/standin-demo-files roles/storage.legacyBucketReader",
      "google_artifact_registry_repository.images": "projects/standin-demo/locations/us/repositories/images",
      "google_logging_project_bucket_config.own": "projects/standin-demo/locations/global/buckets/own-logs",
    };
    for (const address of Object.keys(ids)) {
      expect(await workspace.run("state", "rm", address)).toMatchObject({ code: 0 });
    }
    declare(2, { import: Object.entries(ids).map(([to, id]) => ({ to, id })) });
    const output = await apply();
    expect(output).toMatch(/Resources: 12 imported, 0 added, \d+ changed, 0 destroyed/);
    declare(2);
    await expectNoChanges();
  });

  test("replaces what the real provider replaces", async () => {
    const changed = resources(2);
    workspace.write({
      resource: {
        ...changed,
        google_storage_bucket_iam_member: {
          ...changed.google_storage_bucket_iam_member,
          team: { ...changed.google_storage_bucket_iam_member.team, member: "user:x@example.org" },
        },
      },
      data,
    });
    const { output } = await workspace.run("plan");
    expect(output).toContain("# google_storage_bucket_iam_member.team must be replaced");
    expect(output).toMatch(/~ member += .* # forces replacement/);
  });

  test("refuses what Google refuses, in its words", async () => {
    workspace.write({
      resource: {
        ...resources(2),
        google_storage_bucket: {
          ...resources(2).google_storage_bucket,
          taken: { project: "standin-demo", name: "standin-demo-files", location: "US" },
        },
      },
    });
    const { code, output } = await workspace.run("apply", "-auto-approve");
    expect(code).toBe(1);
    expect(output).toMatch(/Error: googleapi: Error 409: .*, conflict/);
  });

  test("removes everything again, objects in a bucket too where force_destroy says so", async () => {
    declare(2);
    const { code, output } = await workspace.run("destroy", "-auto-approve");
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("Destroy complete!") });
    const bucket = await fetch(`${sandbox.url}/storage/v1/b/standin-demo-files`, owner());
    expect(bucket.status).toBe(404);
  });
});

interface BucketAnswer {
  readonly labels: object;
  readonly lifecycle: { readonly rule: readonly { readonly condition: object }[] };
}

function owner() {
  return { headers: { authorization: "Bearer user:owner@example.org", "content-type": "application/json" } };
}

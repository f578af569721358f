import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate, requireDefaults } from "../../lib/config/load";
import type { Estate } from "../../lib/model/estate";
import { FIXTURES, overlaidInputs } from "./support/overlaid-inputs";

const checkout = join(__dirname, "../..");
const INFRA = "infra/gcp/infra.yaml";
const DEFAULTS = "infra/gcp/defaults.yaml";
const FILESTORE = "filestores/oss-staging-anvil/filepromoter-manifest.yaml";

/** The estate of fixtures/base with some files written anew. */
function estateWith(files: Readonly<Record<string, string>>, removed: readonly string[] = []): Estate {
  const { root, remove } = overlaidInputs(join(FIXTURES, "base"));
  try {
    for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
    for (const file of removed) rmSync(join(root, file));
    const { estate, diagnostics } = loadEstate(layoutFrom(root));
    if (estate === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
    return estate;
  } finally {
    remove();
  }
}

function ours(block: string): string {
  return `infra:\n  staging:\n    managed_by: stacks/staging.ts\n    projects:\n${block}`;
}

describe("who manages a project", () => {
  const yaml = `infra:
  staging:
    managed_by: TYPE
    projects:
      oss-staging-anvil:
      oss-staging-bellows: {managed_by: stacks/staging.ts}
  other:
    projects:
      someone-elses: {managed_by: X, public: yes, labels: 7}
      nobodys-project:
      empty-block: {}
`;

  test("is said by the project, else by its type, else by nobody", () => {
    const { projects } = estateWith({ [INFRA]: yaml });

    expect(projects.map(({ projectId, managedBy }) => [projectId, managedBy])).toEqual([
      ["oss-staging-anvil", "TYPE"],
      ["oss-staging-bellows", "stacks/staging.ts"],
      ["someone-elses", "X"],
      ["nobodys-project", undefined],
      ["empty-block", undefined],
    ]);
  });

  test("decides which staging projects are ours: one changed line moves one over", () => {
    expect(estateWith({ [INFRA]: yaml }).staging.map(({ name }) => name)).toEqual(["bellows"]);
    expect(estateWith({ [INFRA]: yaml.replace("TYPE", "stacks/staging.ts") }).staging).toHaveLength(2);
  });
});

describe("a staging project", () => {
  test("without a block is what the Kubernetes script makes", () => {
    const [project] = estateWith({ [INFRA]: ours("      oss-staging-anvil:\n") }).staging;

    expect(project).toMatchObject({
      name: "anvil",
      bucket: "oss-staging-anvil",
      gcbBucket: "oss-staging-anvil-gcb",
      group: "oss-infra-staging-anvil@example.org",
      isRelease: false,
      isPublic: true,
      deleteAfterDays: 60,
      mode: "project",
    });
    expect(project?.services).toContain("cloudbuild.googleapis.com");
  });

  test("replaces single things of the defaults and adds to lists, labels and grants", () => {
    const staging = `staging:
  delete-after-days: 30
  public: false
  labels: {team: all, tier: one}
  viewers: ["group:tools@example.org"]
  registry: {location: europe-west1}
  budget: {amount: 100}
  iam: {roles/logging.viewer: ["group:tools@example.org"]}
`;
    const [one, two] = estateWith({
      [DEFAULTS]: `${baseDefaults()}${staging}`,
      [INFRA]: ours(`      oss-staging-anvil:
        delete-after-days: never
        public: true
        labels: {team: anvil}
        viewers: ["user:ana@example.com", "group:tools@example.org"]
        registry: none
        budget: {amount: 5, alert-at: [1, 0.5]}
        iam: {roles/logging.viewer: ["user:ana@example.com"], roles/browser: ["user:ana@example.com"]}
      oss-staging-bellows:
`),
    }).staging;

    expect(one).toMatchObject({
      isPublic: true,
      labels: { team: "anvil", tier: "one" },
      viewers: ["group:tools@example.org", "user:ana@example.com"],
      budget: { amount: 5, alertAt: [0.5, 1] },
      iam: [
        { role: "roles/browser", members: ["user:ana@example.com"] },
        { role: "roles/logging.viewer", members: ["group:tools@example.org", "user:ana@example.com"] },
      ],
    });
    expect(one).not.toHaveProperty("deleteAfterDays");
    expect(one).not.toHaveProperty("registry");
    expect(two).toMatchObject({
      isPublic: false,
      deleteAfterDays: 30,
      budget: { amount: 100, alertAt: [0.5, 0.9, 1] },
      registry: { repository: "bellows", location: "europe-west1", format: "DOCKER" },
    });
  });

  test("of mode shared uses the buckets of the project that it shares", () => {
    const { staging } = estateWith({
      [INFRA]: ours(`      oss-staging-bellows: {mode: shared, shared-project: oss-staging-anvil}
      oss-staging-anvil: {bucket: oss-anvil-old}
`),
      [FILESTORE]: "filestores:\n- base: gs://oss-anvil-old/x\n  src: true\n- base: gs://oss-artifacts-prod/x\n",
    });

    expect(staging[0]).toMatchObject({ bucket: "oss-anvil-old", gcbBucket: "oss-anvil-old-gcb" });
  });

  test("an administrators' group that is listed twice counts once", () => {
    const twice = baseDefaults().replace("[oss-infra-admins@", "[oss-infra-admins@example.org, OSS-Infra-Admins@");
    const { defaults } = estateWith({ [INFRA]: ours("      oss-staging-anvil:\n"), [DEFAULTS]: twice });

    expect(defaults.adminGroups).toEqual(["oss-infra-admins@example.org"]);
  });
});

function baseDefaults(): string {
  return `organization: "100000000001"
billing-account: 01ABCD-23EF01-456789
state-bucket: oss-terraform-state
domain: example.org
staging-prefix: oss-staging-
group-prefix: oss-infra-staging-
admin-groups: [oss-infra-admins@example.org]
release-viewers-group: oss-infra-viewers@example.org
logs-bucket: oss-access-logs
promoter-service-accounts: [artifacts-promoter@oss-artifacts-prod.iam.gserviceaccount.com]
serving:
  project: oss-artifacts-prod
  bucket: oss-artifacts-prod
`;
}

describe("without defaults.yaml", () => {
  const layout = layoutFrom(join(FIXTURES, "base"));
  const files = {
    [INFRA]: ours("      k8s-staging-anvil:\n"),
    [FILESTORE]: "filestores:\n- base: gs://k8s-staging-anvil/x\n  src: true\n- base: gs://oss-artifacts-prod/x\n",
  };

  test("the names of the Kubernetes project hold, in the domain of the groups", () => {
    expect(estateWith(files, [DEFAULTS])).toMatchObject({
      hasDefaultsFile: false,
      defaults: { stagingPrefix: "k8s-staging-", groupPrefix: "k8s-infra-staging-", domain: "example.org" },
      staging: [{ name: "anvil", group: "k8s-infra-staging-anvil@example.org" }],
    });
  });

  test("stacks are told everything that they miss at once", () => {
    const missing = requireDefaults(estateWith(files, [DEFAULTS]), layout).map(({ summary }) => summary);

    expect(missing).toEqual([
      "organization or folder: is required",
      "billing-account: is required",
      "state-bucket: is required",
      "admin-groups: is required",
      "release-viewers-group: is required",
      "logs-bucket: is required",
      "promoter-service-accounts: is required",
      "serving.project: is required",
      "serving.bucket: is required",
    ]);
    expect(requireDefaults(estateWith({}), layout)).toEqual([]);
  });
});

describe("our own estate", () => {
  const { estate } = loadEstate(layoutFrom(checkout));

  test("has a plain project, a release project, one whose bucket is named otherwise, and one that others manage", () => {
    const byName = new Map(estate?.staging.map((project) => [project.name, project]));

    expect(byName.get("lathe")).toMatchObject({ isRelease: false, bucket: "oss-staging-lathe" });
    expect(byName.get("kiln")).toMatchObject({ isRelease: true });
    expect(byName.get("quill")).toMatchObject({ bucket: "oss-quill-candidates" });
    expect(byName.has("loom")).toBe(false);
    expect(estate?.projects.map(({ projectId }) => projectId)).toContain("oss-staging-loom");
  });

  test("publishes files whose bytes anybody can make again", () => {
    const lines = (estate?.manifests ?? []).flatMap(({ directory, lines: all }) =>
      all.map((line) => ({ directory, ...line })),
    );

    expect(lines.length).toBeGreaterThan(5);
    for (const { directory, name, sha256 } of lines) {
      expect({ name, sha256 }).toEqual({
        name,
        sha256: createHash("sha256").update(`artifact ${directory} ${name}\n`).digest("hex"),
      });
    }
  });
});

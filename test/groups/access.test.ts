import { rmSync } from "node:fs";
import { readLayout } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import { formatDiagnostic } from "../../lib/diagnostics";
import { accessOf } from "../../lib/model/access";
import { writeInputs } from "./inputs";

function estate(changes: Readonly<Record<string, string>> = {}) {
  const root = writeInputs(changes);
  try {
    const loaded = loadEstate(readLayout({ root }));
    if (loaded.estate === undefined) throw new Error(loaded.diagnostics.map(formatDiagnostic).join("\n"));
    return loaded.estate;
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe("accessOf", () => {
  test("a nested manager is in every group that contains theirs, on the shortest way", () => {
    const { groups } = accessOf(estate(), "Bob@example.com");
    expect(groups.map(({ group, role, through }) => [group.email, role, through])).toEqual([
      ["builders@example.org", "MANAGER", []],
      ["staging-kiln@example.org", "MEMBER", ["builders@example.org"]],
      ["everyone@example.org", "MEMBER", ["builders@example.org", "staging-kiln@example.org"]],
    ]);
  });

  test("a member of the project's group may push to staging and look into the project", () => {
    const { roles } = accessOf(estate(), "bob@example.com");
    const told = roles.map(({ kind, place, role }) => `${kind} ${place} ${role}`);
    expect(told).toContain("project x-staging-kiln roles/viewer");
    expect(told).toContain("bucket gs://x-staging-kiln roles/storage.objectAdmin");
    expect(told.some((line) => line.includes("x-prod"))).toBe(false);
    expect(roles.every(({ through }) => through.join() === "builders@example.org,staging-kiln@example.org")).toBe(true);
  });

  test("who may view a project may read its bucket's settings, because buckets name the project's viewers", () => {
    const { roles } = accessOf(estate(), "ann@example.org");
    expect(roles).toContainEqual({
      kind: "bucket",
      place: "gs://x-staging-kiln",
      role: "roles/storage.legacyBucketReader",
      principal: "projectViewer:x-staging-kiln",
      through: ["staging-kiln@example.org"],
    });
  });

  test("an owner of the administrators' group administers staging and production", () => {
    const places = accessOf(estate(), "root@example.org").roles.filter(
      ({ role }) => role === "roles/storage.objectAdmin" || role === "roles/storage.admin",
    );
    expect(new Set(places.map(({ place }) => place))).toContain("gs://x-staging-kiln");
  });

  test("the promoter's account is known by its own address, through no group", () => {
    const { groups, roles } = accessOf(estate(), "artifacts-promoter@x-prod.iam.gserviceaccount.com");
    expect(groups).toEqual([]);
    expect(
      roles.filter(({ place }) => place === "gs://x-prod").map(({ principal, through }) => [principal, through]),
    ).toContainEqual(["serviceAccount:artifacts-promoter@x-prod.iam.gserviceaccount.com", []]);
  });

  test("the build account of a subproject in a shared project is known by all that it is given there", () => {
    const shared = "infra:\n  staging:\n    managed_by: stacks/staging.ts\n    projects:\n      x-staging-images:\n";
    const kiln = "      x-staging-kiln: {mode: shared, shared-project: x-staging-images, build-account: builder}\n";
    const { roles } = accessOf(
      estate({ "infra/gcp/infra.yaml": `${shared}${kiln}` }),
      "builder-kiln@x-staging-images.iam.gserviceaccount.com",
    );

    expect(new Set(roles.map(({ kind, place }) => `${kind} ${place}`))).toEqual(
      new Set([
        "project x-staging-images",
        "folder gs://x-staging-images/kiln/",
        "folder gs://x-staging-images-gcb/kiln/",
      ]),
    );
  });

  test("a Gmail account is the same under each of its addresses, and no other account is", () => {
    const groups = `groups:
  - {email-id: admins@example.org, name: admins, description: a, members: [Lou.Li@gmail.com, l.ou@example.com]}
  - {email-id: staging-kiln@example.org, name: staging-kiln, description: a}
  - {email-id: viewers@example.org, name: viewers, description: a}
`;
    const infra =
      "infra:\n  staging:\n    managed_by: stacks/staging.ts\n    projects:\n      x-staging-kiln: {viewers: ['user:louli@gmail.com']}\n";
    const inUse = estate({ "groups/groups.yaml": groups, "infra/gcp/infra.yaml": infra });
    const { groups: held, roles } = accessOf(inUse, "l.o.uli@googlemail.com");

    expect(held.map(({ group }) => group.name)).toEqual(["admins"]);
    expect(roles).toContainEqual(expect.objectContaining({ principal: "user:louli@gmail.com", through: [] }));
    expect(accessOf(inUse, "lou@example.com").groups).toEqual([]);
  });

  test.each([
    {
      what: "a role of a whole domain",
      of: "eve@example.net",
      viewer: "domain:example.net",
      way: ["domain:example.net"],
    },
    {
      what: "a role of a group under its other name",
      of: "bob@example.com",
      viewer: "group:makers@example.org",
      way: ["builders@example.org"],
    },
    {
      what: "a group's role, asked for by its other name",
      of: "makers@example.org",
      viewer: "group:builders@example.org",
      way: [],
    },
    {
      what: "a group's role under its other name",
      of: "builders@example.org",
      viewer: "group:makers@example.org",
      way: [],
    },
  ])("$what is found, and the way to it", ({ of, viewer, way }) => {
    const infra = `infra: {staging: {managed_by: stacks/staging.ts, projects: {x-staging-kiln: {viewers: ["${viewer}"]}}}}\n`;
    const { roles } = accessOf(estate({ "infra/gcp/infra.yaml": infra }), of);

    expect(roles).toContainEqual({
      kind: "project",
      place: "x-staging-kiln",
      role: "roles/viewer",
      principal: viewer,
      through: way,
    });
  });

  test("a repository is called by the host of its format", () => {
    const infra =
      "infra: {staging: {managed_by: stacks/staging.ts, projects: {x-staging-kiln: {registry: {format: GENERIC}}}}}\n";
    const { roles } = accessOf(estate({ "infra/gcp/infra.yaml": infra }), "ann@example.org");

    expect(roles.find(({ kind }) => kind === "repository")?.place).toBe("us-generic.pkg.dev/x-staging-kiln/kiln");
  });

  test("a stranger has nothing", () => {
    expect(accessOf(estate(), "eve@example.net")).toEqual({
      address: "eve@example.net",
      groups: [],
      retired: [],
      roles: [],
    });
  });

  test("who is listed in a retired group has nothing of it, and is told why", () => {
    const inUse = estate();
    const at = { file: "groups/groups.yaml", line: 3, column: 5 };
    const groups = inUse.groups.map((group) =>
      group.name === "builders" ? { ...group, retired: { since: "2026-05-01", step: "closed" as const, at } } : group,
    );
    const access = accessOf({ ...inUse, groups }, "bob@example.com");

    expect(access.retired.map(({ email }) => email)).toEqual(["builders@example.org"]);
    expect([access.groups, access.roles]).toEqual([[], []]);
  });
});

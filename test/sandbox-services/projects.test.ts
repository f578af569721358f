import { cloudresourcemanager_v1 } from "googleapis/build/src/apis/cloudresourcemanager/v1";
import { SandboxClient } from "./sandbox-client";

let client: SandboxClient;

beforeEach(async () => {
  client = await SandboxClient.start();
});
afterEach(() => client.close());

function manager(principal?: string) {
  return new cloudresourcemanager_v1.Cloudresourcemanager(client.options(principal));
}

describe("a new project", () => {
  test("has a number, its creator as owner and Google's default services", async () => {
    const { data: operation } = await manager().projects.create({
      requestBody: { projectId: "k8s-staging-kops", name: "k8s-staging-kops", labels: { env: "staging" } },
    });
    expect(operation.done).toBe(true);

    const { data: project } = await manager().projects.get({ projectId: "k8s-staging-kops" });
    expect(project).toMatchObject({ lifecycleState: "ACTIVE", name: "k8s-staging-kops", labels: { env: "staging" } });
    expect(project.projectNumber).toMatch(/^\d{12}$/);
    const { data: byNumber } = await manager().projects.get({ projectId: project.projectNumber ?? "" });
    expect(byNumber.projectId).toBe("k8s-staging-kops");

    const { data: policy } = await manager().projects.getIamPolicy({ resource: "k8s-staging-kops" });
    expect(policy.bindings).toEqual([{ role: "roles/owner", members: ["user:owner@example.org"] }]);
    const { body } = await client.get("/service-usage/v1/projects/k8s-staging-kops/services?filter=state:ENABLED");
    expect(body.services.map(({ name }: { name: string }) => name.split("/").at(-1))).toContain(
      "storage.googleapis.com",
    );
  });

  test.each([
    { when: "the id is too short", project: { projectId: "short" } },
    { when: "the id has 31 characters", project: { projectId: `k${"x".repeat(30)}` } },
    { when: "the id ends with a hyphen", project: { projectId: "k8s-staging-" } },
    { when: "the name is too long", project: { projectId: "k8s-staging-kops", name: "n".repeat(31) } },
    { when: "a label has capitals", project: { projectId: "k8s-staging-kops", labels: { Env: "x" } } },
    {
      when: "the parent isn't a number",
      project: { projectId: "k8s-staging-kops", parent: { type: "folder", id: "x" } },
    },
  ])("is refused when $when", async ({ project }) => {
    expect((await client.post("/resource-manager/v1/projects", project)).status).toBe(400);
  });

  test("of a stranger needs the right to create projects in its folder", async () => {
    const wanted = { projectId: "k8s-staging-kops", parent: { type: "folder", id: "123" } };
    expect((await client.post("/resource-manager/v1/projects", wanted, "user:eve@example.org")).status).toBe(403);
    expect((await client.post("/resource-manager/v1/projects", wanted, null)).status).toBe(401);

    await client.grant(
      "/resource-manager-v3/v3/folders/123",
      "roles/resourcemanager.projectCreator",
      "user:eve@example.org",
    );
    expect((await client.post("/resource-manager/v1/projects", wanted, "user:eve@example.org")).status).toBe(200);
    expect((await client.get("/resource-manager/v1/projects/k8s-staging-kops", "user:eve@example.org")).status).toBe(
      200,
    );
  });
});

describe("a project", () => {
  beforeEach(() => client.project("k8s-staging-kops"));

  test("that is missing looks like one that the caller may not see", async () => {
    const missing = await client.get("/resource-manager/v1/projects/k8s-staging-nope");
    const hidden = await client.get("/resource-manager/v1/projects/k8s-staging-kops", "user:eve@example.org");

    expect(missing).toEqual(hidden);
    expect(missing.status).toBe(403);
    expect(missing.body.error.message).toBe("The caller does not have permission");
  });

  test("loses the labels that an update leaves out", async () => {
    const path = "/resource-manager/v1/projects/k8s-staging-kops";
    await client.call("PUT", path, { name: "k8s-staging-kops", labels: { env: "staging", sig: "testing" } });
    await client.call("PUT", path, { name: "kops staging", labels: { sig: "testing" } });

    expect((await client.get(path)).body).toMatchObject({ name: "kops staging", labels: { sig: "testing" } });
  });

  test("stays while a lien holds it", async () => {
    const parent = `projects/${(await client.get("/resource-manager/v1/projects/k8s-staging-kops")).body.projectNumber}`;
    const lien = { parent, restrictions: ["resourcemanager.projects.delete"], origin: "k8s-infra", reason: "kept" };
    const { body: made } = await client.post("/resource-manager/v1/liens", lien);
    expect((await client.get(`/resource-manager/v1/liens?parent=${parent}`)).body.liens).toEqual([made]);

    const refused = await client.call("DELETE", "/resource-manager/v1/projects/k8s-staging-kops");
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({
      status: "FAILED_PRECONDITION",
      message: expect.stringContaining("k8s-infra"),
    });

    await client.call("DELETE", `/resource-manager/v1/${made.name}`);
    expect((await client.call("DELETE", "/resource-manager/v1/projects/k8s-staging-kops")).status).toBe(200);
  });

  test("keeps its id when it is deleted, and comes back by undelete only", async () => {
    await client.call("DELETE", "/resource-manager/v1/projects/k8s-staging-kops");

    expect((await client.get("/resource-manager/v1/projects/k8s-staging-kops")).body.lifecycleState).toBe(
      "DELETE_REQUESTED",
    );
    expect((await client.project("k8s-staging-kops")).body.error).toMatchObject({
      code: 409,
      status: "ALREADY_EXISTS",
    });
    expect((await client.get("/iam/v1/projects/k8s-staging-kops/serviceAccounts")).status).toBe(403);

    await client.post("/resource-manager/v1/projects/k8s-staging-kops:undelete");
    expect((await client.get("/iam/v1/projects/k8s-staging-kops/serviceAccounts")).status).toBe(200);
  });

  test("takes its objects out of reach when it is deleted", async () => {
    await client.post("/sandbox/v1/seed", {
      projects: ["k8s-staging-kops"],
      buckets: [
        {
          name: "kops",
          project: "k8s-staging-kops",
          bindings: [{ role: "roles/storage.objectViewer", members: ["allUsers"] }],
        },
      ],
      objects: [{ bucket: "kops", name: "o", text: "x" }],
    });
    const answers = async () => [
      (await client.get("/kops/o", null)).status,
      (await client.get("/storage/v1/b/kops/o/o")).status,
      (await client.post("/upload/storage/v1/b/kops/o?uploadType=media&name=new", "x")).status,
    ];
    expect(await answers()).toEqual([200, 200, 200]);

    await client.call("DELETE", "/resource-manager/v1/projects/k8s-staging-kops");
    expect(await answers()).toEqual([403, 403, 403]);

    await client.post("/resource-manager/v1/projects/k8s-staging-kops:undelete");
    expect(await answers()).toEqual([200, 200, 200]);
  });

  test("is the same one in version 3", async () => {
    await client.call("PATCH", "/resource-manager-v3/v3/projects/k8s-staging-kops?updateMask=displayName", {
      displayName: "kops staging",
      labels: { not: "named" },
    });

    const { body } = await client.get("/resource-manager-v3/v3/projects/k8s-staging-kops");
    expect(body).toMatchObject({ projectId: "k8s-staging-kops", displayName: "kops staging", state: "ACTIVE" });
    expect(body.labels).toBeUndefined();
    expect((await client.get("/resource-manager/v1/projects/k8s-staging-kops")).body.name).toBe("kops staging");
  });
});

test("lists follow pages, filters and what the caller may see", async () => {
  for (let number = 10; number < 35; number += 1) {
    await client.project(`k8s-staging-p${number}`, { labels: { odd: String(number % 2) } });
  }
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const { data } = await manager().projects.list({ pageSize: 7, ...(pageToken ? { pageToken } : {}) });
    names.push(...(data.projects ?? []).map(({ projectId }) => projectId ?? ""));
    pageToken = data.nextPageToken ?? undefined;
  } while (pageToken !== undefined);

  expect(names).toHaveLength(25);
  expect(new Set(names).size).toBe(25);
  const { data: odd } = await manager().projects.list({ filter: "labels.odd:1 id:k8s-staging-p1*" });
  expect(odd.projects?.map(({ projectId }) => projectId)).toEqual([11, 13, 15, 17, 19].map((n) => `k8s-staging-p${n}`));

  await client.grant("/resource-manager/v1/projects/k8s-staging-p20", "roles/viewer", "user:eve@example.org");
  const { data: seen } = await manager("user:eve@example.org").projects.list({});
  expect(seen.projects?.map(({ projectId }) => projectId)).toEqual(["k8s-staging-p20"]);
});

test("roles on a folder hold for the projects in it", async () => {
  const { body } = await client.post("/resource-manager-v3/v3/folders", {
    displayName: "staging",
    parent: "organizations/123456789012",
  });
  const folder = body.response.name;
  await client.project("k8s-staging-kops", { parent: { type: "folder", id: folder.slice("folders/".length) } });
  const ask = () => client.get("/resource-manager/v1/projects/k8s-staging-kops", "user:alice@example.org");

  expect((await ask()).status).toBe(403);
  await client.grant(`/resource-manager-v3/v3/${folder}`, "roles/viewer", "user:alice@example.org");
  expect((await ask()).status).toBe(200);

  const { body: above } = await client.post("/resource-manager/v1/projects/k8s-staging-kops:getAncestry");
  expect(above.ancestor.map(({ resourceId }: { resourceId: { type: string } }) => resourceId.type)).toEqual([
    "project",
    "folder",
    "organization",
  ]);
  const refused = await client.call("DELETE", `/resource-manager-v3/v3/${folder}`);
  expect(refused.body.error.message).toContain("must be empty");
});

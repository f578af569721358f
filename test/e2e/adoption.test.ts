import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import { EstateRun } from "./stacks/estate-run";

const checkout = join(__dirname, "../..");
const OWNER = "user:owner@example.org";
const PROJECT = "oss-staging-loom";
const TEAM = "group:oss-infra-staging-loom@example.org";
const ADMINS = "group:oss-infra-artifact-admins@example.org";
const services = [
  "cloudbuild",
  "cloudkms",
  "artifactregistry",
  "secretmanager",
  "storage-component",
  "logging",
  "pubsub",
  "storage-api",
];

let run: EstateRun;
let root: string;

beforeAll(async () => {
  run = await EstateRun.start();
  root = join(run.folder, "inputs");
  for (const part of ["infra", "groups", "filestores", "manifests"]) {
    cpSync(join(checkout, part), join(root, part), { recursive: true });
  }
}, 60_000);

afterAll(async () => run?.close());

/** The steps of the scripts that made staging projects, as plain calls. */
async function makeByScript(): Promise<void> {
  await call("POST", "/resource-manager/v1/projects", {
    projectId: PROJECT,
    name: PROJECT,
    parent: { type: "organization", id: "100000000001" },
  });
  await call("PUT", `/billing/v1/projects/${PROJECT}/billingInfo`, {
    billingAccountName: "billingAccounts/01ABCD-23EF01-456789",
  });
  for (const service of services) {
    await call("POST", `/service-usage/v1/projects/${PROJECT}/services/${service}.googleapis.com:enable`, {});
  }
  const policy = await call("POST", `/resource-manager/v1/projects/${PROJECT}:getIamPolicy`, {});
  const roles = ["roles/viewer", "roles/cloudbuild.builds.editor", "roles/serviceusage.serviceUsageConsumer"];
  const bindings = roles.map((role) => ({ role, members: role === "roles/viewer" ? [ADMINS, TEAM] : [TEAM] }));
  await call("POST", `/resource-manager/v1/projects/${PROJECT}:setIamPolicy`, {
    policy: { ...policy, bindings: [...(policy.bindings ?? []), ...bindings] },
  });
  for (const bucket of [PROJECT, `${PROJECT}-gcb`]) await makeBucket(bucket);
}

async function makeBucket(name: string): Promise<void> {
  await call("POST", `/storage/v1/b?project=${PROJECT}`, {
    name,
    location: "US",
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    lifecycle: { rule: [{ action: { type: "Delete" }, condition: { age: 60 } }] },
  });
  await call("PUT", `/storage/v1/b/${name}/iam`, {
    bindings: [
      {
        role: "roles/storage.legacyBucketOwner",
        members: [`projectEditor:${PROJECT}`, `projectOwner:${PROJECT}`, ADMINS],
      },
      { role: "roles/storage.legacyBucketReader", members: [`projectViewer:${PROJECT}`] },
      { role: "roles/storage.objectAdmin", members: [ADMINS, TEAM, "user:left-last-year@example.org"] },
      { role: "roles/storage.legacyBucketWriter", members: [TEAM] },
      { role: "roles/storage.objectViewer", members: ["allUsers"] },
    ],
  });
}

async function call(method: string, path: string, body: unknown) {
  const answer = await run.call(method, path, OWNER, body);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text || "{}");
}

function artifacts(...words: readonly string[]) {
  return run.run(process.execPath, [join(checkout, "bin/artifacts.cjs"), ...words, "--root", root]);
}

test("a project that scripts made moves over by one line, and the plan after its adoption is empty", async () => {
  await makeByScript();
  const infra = join(root, "infra/gcp/infra.yaml");

  expect((await artifacts("adopt", "loom", "--dry-run")).output).toContain(
    "is managed by infra/gcp/terraform/oss-staging-loom/main.tf",
  );
  writeFileSync(
    infra,
    readFileSync(infra, "utf8").replace("infra/gcp/terraform/oss-staging-loom/main.tf", "stacks/staging.ts"),
  );

  const adopted = await artifacts("adopt", "loom");
  expect(adopted).toMatchObject({
    code: 0,
    output: expect.stringContaining('google_project.project: "oss-staging-loom"'),
  });
  expect(adopted.output).toContain("- roles/storage.objectAdmin user:left-last-year@example.org");

  const { estate } = loadEstate(layoutFrom(root));
  if (estate === undefined) throw new Error("adoption left inputs that are not valid");
  run.synthesize(estate);
  const plan = await run.plan("staging-loom");
  expect(plan.output).toMatch(/Plan: 17 to import, \d to add, \d to change, 0 to destroy/);
  await run.applied("staging-loom");
  expect(await run.plan("staging-loom")).toEqual({ code: 0, output: expect.stringContaining("No changes.") });
}, 120_000);

const PROD = "oss-artifacts-prod";
const PROMOTER = `artifacts-promoter@${PROD}.iam.gserviceaccount.com`;
const WORKLOAD = "serviceAccount:build-cluster.svc.id.goog[jobs/promoter]";

/** The steps of the script that made the production side: a promoter that may replace, ten years of gsutil, a page. */
async function makeProduction(): Promise<void> {
  const parent = { type: "organization", id: "100000000001" };
  await call("POST", "/resource-manager/v1/projects", { projectId: PROD, name: PROD, parent });
  const billingAccountName = "billingAccounts/01ABCD-23EF01-456789";
  await call("PUT", `/billing/v1/projects/${PROD}/billingInfo`, { billingAccountName });
  const account = { accountId: "artifacts-promoter", serviceAccount: { displayName: "artifact promoter" } };
  await call("POST", `/iam/v1/projects/${PROD}/serviceAccounts`, account);
  await call("POST", `/iam/v1/projects/${PROD}/serviceAccounts/${PROMOTER}:setIamPolicy`, {
    policy: { bindings: [{ role: "roles/iam.workloadIdentityUser", members: [WORKLOAD] }] },
  });
  await call("POST", `/storage/v1/b?project=${PROD}`, { name: PROD, location: "us" });
  await call("POST", `/upload/storage/v1/b/${PROD}/o?uploadType=media&name=index.html`, "<p>ours</p>");
  await call("PATCH", `/storage/v1/b/${PROD}`, {
    iamConfiguration: { bucketPolicyOnly: { enabled: true } },
    retentionPolicy: { retentionPeriod: "315576000" },
    website: { mainPageSuffix: "index.html" },
  });
  const policy = await call("GET", `/storage/v1/b/${PROD}/iam`, undefined);
  const promoter = ["roles/storage.objectAdmin", "roles/storage.legacyBucketWriter"].map((role) => ({
    role,
    members: [`serviceAccount:${PROMOTER}`],
  }));
  const everybody = { role: "roles/storage.objectViewer", members: ["allUsers"] };
  await call("PUT", `/storage/v1/b/${PROD}/iam`, { bindings: [...policy.bindings, ...promoter, everybody] });
}

function declareInDefaults(was: string, is: string): void {
  const path = join(root, "infra/gcp/defaults.yaml");
  const text = readFileSync(path, "utf8");
  if (!text.includes(was)) throw new Error(`defaults.yaml does not say ${was}`);
  writeFileSync(path, text.replace(was, is));
}

test("the production side and groups that scripts made move over, and the plan after their adoption is empty", async () => {
  await makeProduction();
  const { estate: before } = loadEstate(layoutFrom(root));
  for (const { email, name } of before?.groups ?? []) {
    await call("POST", "/admin/directory/v1/groups", { email, name });
  }

  const refused = await artifacts("adopt", "serving");
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('Add "index-page" to serving.existing') });
  expect(refused.output).toContain("objects are kept for 3650 days, now for 3652.5 days");
  expect(refused.output).toContain(`- roles/iam.workloadIdentityUser ${WORKLOAD}`);
  declareInDefaults(
    "retention-days: 3650",
    `retention-days: 3652.5\n  existing: [index-page]\n  impersonators: {promoter: ["${WORKLOAD}"]}`,
  );
  const adopted = await artifacts("adopt", "serving");
  expect(adopted).toMatchObject({ code: 0, output: expect.stringContaining(`google_storage_bucket.production`) });
  expect(adopted.output).toContain(`- roles/storage.objectAdmin serviceAccount:${PROMOTER}`);
  expect(adopted.output).not.toContain("workloadIdentityUser");
  expect((await artifacts("adopt", "groups")).output).toContain("10 existing groups to take over");

  const { estate } = loadEstate(layoutFrom(root));
  if (estate === undefined) throw new Error("adoption left inputs that are not valid");
  run.synthesize(estate);
  expect((await run.plan("groups")).output).toMatch(/Plan: 10 to import, 0 to add, \d+ to change, 0 to destroy/);
  expect((await run.plan("serving")).output).toMatch(/Plan: 8 to import, \d+ to add, \d to change, 0 to destroy/);
  for (const stack of ["groups", "serving"]) {
    await run.applied(stack);
    expect(await run.plan(stack)).toEqual({ code: 0, output: expect.stringContaining("No changes.") });
  }
}, 240_000);

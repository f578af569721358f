import { serviceusage_v1 } from "googleapis/build/src/apis/serviceusage/v1";
import { SandboxClient } from "./sandbox-client";

const SERVICES = "/service-usage/v1/projects/k8s-staging-kops/services";

let client: SandboxClient;
let number: string;

beforeEach(async () => {
  client = await SandboxClient.start();
  number = (await client.project("k8s-staging-kops")).body.response.projectNumber;
});
afterEach(() => client.close());

async function enabled(): Promise<readonly string[]> {
  const { body } = await client.get(`${SERVICES}?filter=state:ENABLED&pageSize=200&fields=services/name,nextPageToken`);
  return body.services.map(({ name }: { name: string }) => name.split("/").at(-1));
}

async function bindings(): Promise<readonly { readonly role: string; readonly members: readonly string[] }[]> {
  return (await client.post("/resource-manager/v1/projects/k8s-staging-kops:getIamPolicy")).body.bindings;
}

test("a batch enables up to twenty services at once", async () => {
  const usage = new serviceusage_v1.Serviceusage(client.options());
  const serviceIds = ["cloudbuild.googleapis.com", "cloudkms.googleapis.com"];
  const parent = "projects/k8s-staging-kops";
  const { data } = await usage.services.batchEnable({ parent, requestBody: { serviceIds } });
  expect(data.done).toBe(true);
  expect(await enabled()).toEqual(expect.arrayContaining(serviceIds));

  const many = Array.from({ length: 21 }, (_, index) => `s${index}.googleapis.com`);
  expect((await client.post(`${SERVICES}:batchEnable`, { serviceIds: many })).status).toBe(400);
});

test("enabling Compute Engine brings its default account, which may edit the project", async () => {
  await client.post(`${SERVICES}/compute.googleapis.com:enable`);
  const email = `${number}-compute@developer.gserviceaccount.com`;

  const { body } = await client.get("/iam/v1/projects/k8s-staging-kops/serviceAccounts");
  expect(body.accounts).toMatchObject([{ email, displayName: "Compute Engine default service account" }]);
  const editors = (await bindings()).find(({ role }) => role === "roles/editor")?.members;
  expect(editors).toContain(`serviceAccount:${email}`);
  const network = await client.get("/compute/compute/v1/projects/k8s-staging-kops/global/networks/default");
  expect(network.body.name).toBe("default");
});

test("enabling Cloud Build brings the account that builds", async () => {
  expect(JSON.stringify(await bindings())).not.toContain("cloudbuild");
  await client.post(`${SERVICES}/cloudbuild.googleapis.com:enable`);

  expect(await bindings()).toContainEqual({
    role: "roles/cloudbuild.builds.builder",
    members: [`serviceAccount:${number}@cloudbuild.gserviceaccount.com`],
  });
});

test("a service that another one needs is not disabled alone", async () => {
  await client.post(`${SERVICES}/containerregistry.googleapis.com:enable`);
  const refused = await client.post(`${SERVICES}/pubsub.googleapis.com:disable`);
  expect(refused.body.error).toMatchObject({ code: 400, message: expect.stringContaining("containerregistry") });

  await client.post(`${SERVICES}/pubsub.googleapis.com:disable`, { disableDependentServices: true });
  expect(await enabled()).not.toContain("containerregistry.googleapis.com");
});

test("a misspelt service is refused", async () => {
  expect((await client.post(`${SERVICES}/cloudbuild:enable`)).status).toBe(403);
});

test("operations take their time when the sandbox is told so", async () => {
  await client.behave({ operationDelaySeconds: 30 });
  const { body: started } = await client.post(`${SERVICES}/cloudkms.googleapis.com:enable`);
  expect(started.done).toBeUndefined();
  expect((await client.get(`/service-usage/v1/${started.name}`)).body.done).toBeUndefined();

  await client.advance(31);
  const { body: ended } = await client.get(`/service-usage/v1/${started.name}`);
  expect(ended).toMatchObject({ done: true, response: { service: { state: "ENABLED" } } });
});

test("a strict sandbox refuses an API that the project hasn't enabled", async () => {
  await client.behave({ checkEnabledServices: true });
  const make = () =>
    client.post("/artifact-registry/v1/projects/k8s-staging-kops/locations/us/repositories?repositoryId=images", {
      format: "DOCKER",
    });

  expect((await make()).body.error).toMatchObject({ code: 403, errors: [{ reason: "accessNotConfigured" }] });
  await client.post(`${SERVICES}/artifactregistry.googleapis.com:enable`);
  expect((await make()).status).toBe(200);
});

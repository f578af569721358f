import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TokenSource } from "../../lib/cloud/auth";
import { estateReader } from "../../lib/cloud/estate-reader";

let server: Server | undefined;

afterEach(() => server?.close());

/** A token that can always be renewed, whether or not anybody accepts it. */
const tokens: TokenSource = { description: "test", token: async () => "some-token", renew: () => true };

async function readerOf(listener: RequestListener) {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const { port } = listening.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return estateReader(tokens, {
    GOOGLE_ARTIFACT_REGISTRY_CUSTOM_ENDPOINT: `${url}/v1/`,
    GOOGLE_BILLING_CUSTOM_ENDPOINT: `${url}/v1/`,
    GOOGLE_CLOUD_BILLING_CUSTOM_ENDPOINT: `${url}/v1/`,
    GOOGLE_ESSENTIAL_CONTACTS_CUSTOM_ENDPOINT: `${url}/v1/`,
    GOOGLE_IAM_CUSTOM_ENDPOINT: `${url}/v1/`,
    GOOGLE_MONITORING_CUSTOM_ENDPOINT: `${url}/`,
    GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT: `${url}/v1/`,
    GOOGLE_SERVICE_USAGE_CUSTOM_ENDPOINT: `${url}/usage/`,
    STORAGE_EMULATOR_HOST: url,
  });
}

test("a service that refuses every token is asked twice, and then the reader fails", async () => {
  let calls = 0;
  const reader = await readerOf((_, response) => {
    calls += 1;
    response.writeHead(401).end('{"error":{"message":"who are you?"}}');
  });

  await expect(reader.project("some-project")).rejects.toThrow("HTTP 401: who are you?");
  expect(calls).toBe(2);
});

test("a project that may not be seen is a project that is not there", async () => {
  const reader = await readerOf((_, response) => response.writeHead(403).end("{}"));

  expect(await reader.project("some-project")).toBeUndefined();
});

test.each([
  { status: 200, body: '{"billingAccountName":"billingAccounts/0A1B2C-3D4E5F-678901"}', seen: "0A1B2C-3D4E5F-678901" },
  { status: 200, body: '{"billingAccountName":"","billingEnabled":false}', seen: "" },
  { status: 403, body: "{}", seen: undefined },
])("a project whose billing answers $status $body is paid from $seen", async ({ status, body, seen }) => {
  const reader = await readerOf(({ url }, response) =>
    response.writeHead(url === "/v1/projects/some-project/billingInfo" ? status : 500).end(body),
  );

  expect(await reader.billingAccount("some-project")).toBe(seen);
});

test.each([
  {
    status: 200,
    body: '{"budgets":[{"name":"b1","displayName":"some","budgetFilter":{"projects":["projects/42"]}},{"name":"b2"}]}',
    seen: [
      { name: "b1", displayName: "some", projects: ["projects/42"] },
      { name: "b2", displayName: "", projects: [] },
    ],
  },
  { status: 200, body: "{}", seen: [] },
  { status: 403, body: "{}", seen: undefined },
])("budgets that answer $status $body are $seen", async ({ status, body, seen }) => {
  const reader = await readerOf(({ url }, response) =>
    response.writeHead(url === "/v1/billingAccounts/0A1B2C-3D4E5F-678901/budgets" ? status : 500).end(body),
  );

  expect(await reader.budgets("0A1B2C-3D4E5F-678901")).toEqual(seen);
});

test.each([
  { rule: { action: "DELETE", condition: { olderThan: "1728000s" } }, seen: { deleteAfterDays: 20 } },
  { rule: { action: "DELETE", condition: { olderThan: "1728000s", tagState: "ANY" } }, seen: { deleteAfterDays: 20 } },
  { rule: { action: "DELETE", condition: { olderThan: "1728000s", tagState: "UNTAGGED" } }, seen: {} },
  { rule: { action: "DELETE", condition: { olderThan: "1728000s", tagPrefixes: ["v"] } }, seen: {} },
  { rule: { action: "KEEP", condition: { olderThan: "1728000s" } }, seen: {} },
  { rule: { action: "KEEP", mostRecentVersions: { keepCount: 3 } }, seen: {} },
])("a repository's rule $rule is $seen", async ({ rule, seen }) => {
  const cleanupPolicies = { some: rule };
  const reader = await readerOf((_, response) => response.end(JSON.stringify({ format: "DOCKER", cleanupPolicies })));

  expect(await reader.repository("some-project", "us", "images")).toMatchObject({
    cleanupPolicies: [{ name: "some", ...seen }],
    isCleanupDryRun: false,
  });
});

test("only a channel to an e-mail address has one", async () => {
  const notificationChannels = [
    { name: "c1", type: "email", displayName: "leads@example.org", labels: { email_address: "leads@example.org" } },
    { name: "c2", type: "slack", labels: { channel_name: "#alerts" } },
  ];
  const reader = await readerOf(({ url }, response) =>
    response
      .writeHead(url === "/v3/projects/some-project/notificationChannels" ? 200 : 500)
      .end(JSON.stringify({ notificationChannels })),
  );

  expect(await reader.channels("some-project")).toEqual([
    { name: "c1", displayName: "leads@example.org", email: "leads@example.org" },
    { name: "c2", displayName: "" },
  ]);
});

test("a service that asks to come back is asked again", async () => {
  let calls = 0;
  const reader = await readerOf((_, response) => {
    calls += 1;
    if (calls === 1) response.writeHead(503, { "retry-after": "0" }).end("busy");
    else response.end('{"projectNumber":"42","lifecycleState":"ACTIVE","name":"Some","labels":{"sig":"build"}}');
  });

  expect(await reader.project("some-project")).toEqual({
    number: "42",
    isActive: true,
    name: "Some",
    labels: new Map([["sig", "build"]]),
  });
});

test.each([
  { status: 403, seen: "forbidden" },
  { status: 404, seen: undefined },
])("a bucket that answers $status is $seen", async ({ status, seen }) => {
  const reader = await readerOf((_, response) => response.writeHead(status).end("{}"));

  expect(await reader.bucket("some-bucket")).toBe(seen);
});

const OFF = { details: [{ reason: "SERVICE_DISABLED" }] };

test.each([
  { error: {}, enabled: [], seen: "forbidden", list: undefined },
  { error: OFF, enabled: ["iam", "essentialcontacts"], seen: "forbidden", list: undefined },
  { error: OFF, enabled: ["storage"], seen: undefined, list: [] },
  { error: { errors: [{ reason: "accessNotConfigured" }] }, enabled: [], seen: undefined, list: [] },
])(
  "what is refused with $error is $seen in a project with the APIs $enabled",
  async ({ error, enabled, seen, list }) => {
    const services = enabled.map((name) => ({ name: `projects/42/services/${name}.googleapis.com` }));
    const reader = await readerOf(({ url }, response) =>
      url?.startsWith("/usage/")
        ? response.end(JSON.stringify({ services }))
        : response.writeHead(403).end(JSON.stringify({ error })),
    );

    expect(await reader.serviceAccount("some-project", "a@some-project.iam.gserviceaccount.com")).toBe(seen);
    expect(await reader.contacts("42")).toEqual(list);
  },
);

test("a bucket tells what a plan would change on it", async () => {
  const answer = {
    projectNumber: "42",
    location: "EU",
    labels: { sig: "build" },
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    logging: { logBucket: "logs" },
    lifecycle: {
      rule: [{ action: { type: "Delete" }, condition: { age: 60 } }, { action: { type: "SetStorageClass" } }],
    },
  };
  const reader = await readerOf((_, response) => response.end(JSON.stringify(answer)));

  expect(await reader.bucket("some-bucket")).toEqual({
    projectNumber: "42",
    location: "EU",
    labels: new Map([["sig", "build"]]),
    isUniform: true,
    isVersioned: false,
    isKeptPrivate: false,
    isRetentionLocked: false,
    logsBucket: "logs",
    deleteAfterDays: [60],
    foreignSettings: ["1 other lifecycle rule"],
    fixedSettings: [],
  });
});

test.each([
  { setting: { cors: [{ origin: ["*"] }] }, told: { foreignSettings: ["its CORS rules"] } },
  { setting: { billing: { requesterPays: true } }, told: { foreignSettings: ["that requesters pay"] } },
  {
    setting: { lifecycle: { rule: [{ action: { type: "Delete" }, condition: { age: 3, isLive: false } }] } },
    told: { deleteAfterDays: [], foreignSettings: ["1 other lifecycle rule"] },
  },
  { setting: { hierarchicalNamespace: { enabled: true } }, told: { fixedSettings: ["a hierarchical namespace"] } },
  { setting: { objectRetention: { mode: "Enabled" } }, told: { fixedSettings: ["retention of single objects"] } },
  {
    setting: { retentionPolicy: { retentionPeriod: "315576000", isLocked: true } },
    told: { retentionSeconds: 315_576_000, isRetentionLocked: true },
  },
  { setting: { iamConfiguration: { publicAccessPrevention: "enforced" } }, told: { isKeptPrivate: true } },
])("a bucket tells of $setting", async ({ setting, told }) => {
  const reader = await readerOf((_, response) => response.end(JSON.stringify({ projectNumber: "42", ...setting })));

  expect(await reader.bucket("some-bucket")).toMatchObject(told);
});

test("a service that asks to come back next week is given up at once", async () => {
  let calls = 0;
  const reader = await readerOf((_, response) => {
    calls += 1;
    response.writeHead(503, { "retry-after": "604800" }).end("busy");
  });

  await expect(reader.project("some-project")).rejects.toThrow("HTTP 503");
  expect(calls).toBe(1);
});

test("pages that lead in a circle are left", async () => {
  const reader = await readerOf((_, response) => response.end('{"liens":[{"name":"l"}],"nextPageToken":"again"}'));

  await expect(reader.liens("42")).rejects.toThrow("the next page is said to be this one");
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Dispatcher } from "../../sandbox/http/dispatcher";
import type { Reply } from "../../sandbox/http/service";
import { Access } from "../../sandbox/iam/access";
import { googleServices } from "../../sandbox/services/google-services";
import { Clock } from "../../sandbox/state/clock";
import { Store } from "../../sandbox/state/store";
import type { World } from "../../sandbox/state/world";

const OWNER = "user:owner@example.org";
const P = "k8s-staging-kops";
const folder = mkdtempSync(join(tmpdir(), "sandbox-hostile-"));

afterAll(() => rmSync(folder, { recursive: true }));

function worldOn(store: Store): World {
  const clock = new Clock(store.collection("clock"));
  return { store, clock, access: new Access(store, OWNER, () => clock.now()), owner: OWNER, folder };
}

interface Made {
  readonly id: string;
  readonly name: string;
  readonly response: { readonly id: string; readonly name: string };
}

/** A world with one of everything, and the path parameters that name it. */
class Estate {
  private readonly store = new Store(mkdtempSync(join(folder, "state-")));
  private readonly dispatcher: Dispatcher;
  readonly parameters: Record<string, string> = {
    project: P,
    location: "global",
    account: `builder@${P}.iam.gserviceaccount.com`,
    service: "pubsub.googleapis.com",
    role: "Lister",
    pool: "pool",
    collection: "addresses",
    name: "lb",
    group: "g@example.org",
    member: "m@example.org",
    alias: "a@example.org",
    bucket: "own",
    repository: "images",
    organization: "123",
    value: "1",
  };

  constructor() {
    const world = worldOn(this.store);
    this.dispatcher = new Dispatcher(googleServices.map((make) => make(world)));
  }

  async ask(method: string, path: string, body: string): Promise<Reply> {
    const [pathname = "", search] = path.split("?");
    const { reply } = await this.dispatcher.answer({
      method,
      path: pathname,
      query: new URLSearchParams(search),
      headers: {},
      principal: OWNER,
      origin: "http://127.0.0.1",
      stream: Readable.from([Buffer.from(body)]),
    });
    return reply;
  }

  private async make(path: string, body: object): Promise<Made> {
    const reply = await this.ask("POST", path, JSON.stringify(body));
    if (reply.status >= 300) throw new Error(`${path}: ${JSON.stringify(reply.body)}`);
    // What these calls answer with.
    return reply.body as Made;
  }

  async fill(): Promise<void> {
    const project = `/v1/projects/${P}`;
    await this.make("/resource-manager/v1/projects", { projectId: P });
    await this.make(`/service-usage${project}/services/${this.parameters.service}:enable`, {});
    const lien = { parent: `projects/${P}`, restrictions: ["resourcemanager.projects.delete"], origin: "x" };
    this.keep("lien", await this.make("/resource-manager/v1/liens", lien));
    const made = await this.make("/resource-manager-v3/v3/folders", {
      displayName: "staging",
      parent: "organizations/123",
    });
    this.keep("folder", made.response);
    await this.make(`/iam${project}/serviceAccounts`, { accountId: "builder" });
    await this.make(`/iam${project}/roles`, { roleId: "Lister", role: { title: "x" } });
    const pools = `/iam${project}/locations/global/workloadIdentityPools`;
    await this.make(`${pools}?workloadIdentityPoolId=pool`, {});
    await this.make(`${pools}/pool/providers?workloadIdentityPoolProviderId=pool`, {});
    this.parameters.id = "pool";
    this.keep("budget", await this.make("/budgets/v1/billingAccounts/012345-567890-ABCDEF/budgets", { amount: {} }));
    this.keep("contact", await this.make(`/essential-contacts${project}/contacts`, { email: "x@example.org" }));
    const email = { type: "email", labels: { email_address: "x@example.org" } };
    this.keep("channel", await this.make(`/monitoring/v3/projects/${P}/notificationChannels`, email));
    const trigger = await this.make(`/cloud-build${project}/locations/global/triggers`, { name: "push" });
    this.parameters.trigger = trigger.id;
    const build = await this.make(`/cloud-build${project}/locations/global/builds`, { steps: [{}] });
    this.parameters.build = build.response.id;
    const images = `/artifact-registry${project}/locations/global/repositories?repositoryId=images`;
    await this.make(images, { format: "DOCKER" });
    await this.make(`/logging/v2/projects/${P}/locations/global/buckets?bucketId=own`, {});
    await this.make(`/compute/compute/v1/projects/${P}/global/addresses`, { name: "lb" });
    await this.make("/admin/directory/v1/groups", { email: "g@example.org" });
    await this.make("/admin/directory/v1/groups/g@example.org/members", { email: "m@example.org" });
    await this.make("/admin/directory/v1/groups/g@example.org/aliases", { alias: "a@example.org" });
    this.parameters.membership = "m@example.org";
  }

  private keep(name: string, { name: made }: { name: string }): void {
    this.parameters[name] = made.slice(made.lastIndexOf("/") + 1);
  }

  path(pattern: string): string {
    const isIdentity = pattern.startsWith("/cloud-identity");
    const isBilling = pattern.includes("billingAccounts");
    const group = isIdentity ? this.store.collection<{ id: string }>("groups").values()[0]?.id : undefined;
    return pattern.replaceAll(/\{(\w+)\+?\}/g, (_match, name: string) => {
      if (name === "group" && group !== undefined) return group;
      if (name === "account" && isBilling) return "012345-567890-ABCDEF";
      return this.parameters[name] ?? "missing";
    });
  }

  close(): void {
    this.store.close();
  }
}

const STRANGE = ["..", "__proto__", "constructor", "%00", "%2F%2F", "a:b:c", "1", "-", "@"];
const VALUES = [null, 7, true, "text", "", [], {}, [null], [{}], "x".repeat(5000), ["x"], { a: { b: 1 } }];
const NAMES = [
  "projectId name labels parent displayName policy bindings updateMask permissions serviceIds accountId serviceAccount",
  "role roleId includedPermissions title email members roles preferredMemberKey groupKey addRoles removeRoles alias",
  "billingAccountName amount budgetFilter notificationCategorySubscriptions steps format cleanupPolicies retentionDays",
  "scope lifetime delegates restrictions origin reason tagValue destinationParent etag description type managed",
  "allowExternalMembers whoCanJoin admins readers operationDelaySeconds fingerprint network vulnerabilityScanningConfig",
  "IAMPolicy address IPAddress portRange domains enabled thresholdRules oidc attributeMapping stage languageTag",
];
const BODIES = [
  ...["", "{}", "[1]", "{", "null", '"x"', '{"__proto__": {"a": 1}}'],
  ...NAMES.flatMap((names) => names.split(" ")).flatMap((name) =>
    VALUES.map((value) => JSON.stringify({ [name]: value })),
  ),
  ...VALUES.map((value) => JSON.stringify({ policy: { bindings: value } })),
  ...VALUES.map((value) =>
    JSON.stringify({ policy: { bindings: [{ role: "roles/viewer", members: value, condition: value }] } }),
  ),
  ...VALUES.map((value) => JSON.stringify({ parent: { type: value, id: value }, projectId: "k8s-staging-other" })),
  ...VALUES.map((value) => JSON.stringify({ name: "other", managed: { domains: value }, IPAddress: value })),
  ...VALUES.map((value) => JSON.stringify({ role: { title: value, includedPermissions: value }, roleId: "Other" })),
];
/** What some lists must be told. */
const SEARCH: Readonly<Record<string, string>> = {
  "/admin/directory/v1/groups": "?customer=my_customer",
  "/resource-manager/v1/liens": `?parent=projects/${P}`,
  "/resource-manager-v3/v3/folders": "?parent=organizations/123",
  "/resource-manager-v3/v3/projects": "?parent=organizations/123",
};

/** The same routes under another prefix, or under none. */
const AGAIN = /^\/(?:tags|core-billing|resource-manager\/v3|v\d|compute\/v1)\//;

const QUERIES = [
  "?pageSize=x&pageToken=%00&filter=%22&updateMask=,&fields=(",
  "?updateMask=name,labels,__proto__,retention_days&filter=a:b*&query=email:*&domain=x&pageSize=-1&maxResults=1",
  "?repositoryId=r&bucketId=b&workloadIdentityPoolId=abcd&workloadIdentityPoolProviderId=abcd&parent=projects/1",
];

const world = worldOn(new Store(mkdtempSync(join(folder, "empty-"))));
const patterns = googleServices
  .flatMap((make) => {
    const { prefix, routes: own } = make(world);
    return own.map(({ method, pattern }) => ({ method, pattern: prefix + pattern }));
  })
  .filter(({ pattern }) => !AGAIN.test(pattern));

test.each(patterns)(
  "$method $pattern refuses or accepts hostile input, and never breaks",
  async ({ method, pattern }) => {
    const estate = new Estate();
    await estate.fill();
    const path = estate.path(pattern);
    // Reads succeed, so what is asked for is there and bodies and queries are looked at.
    if (method === "GET" && !/operation|lookup|tagBindings|batchGet|roles\/\{role/.test(pattern)) {
      expect((await estate.ask(method, `${path}${SEARCH[pattern] ?? ""}`, "")).status).toBeLessThan(300);
    }
    const hasBody = method === "POST" || method === "PUT" || method === "PATCH";
    const requests = [
      ...(hasBody ? BODIES : BODIES.slice(0, 3)).map((body) => ({ path, body })),
      ...QUERIES.map((query) => ({ path: path + query, body: "{}" })),
      ...STRANGE.map((strange) => ({ path: pattern.replaceAll(/\{\w+\+?\}/g, strange), body: "{}" })),
    ];
    const broken: object[] = [];
    for (const request of requests) {
      const { status } = await estate.ask(method, request.path, request.body);
      if (status >= 500) broken.push({ ...request, status });
    }
    expect(broken).toEqual([]);
    estate.close();
  },
);

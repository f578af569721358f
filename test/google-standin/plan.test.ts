import { createHash } from "node:crypto";
import { defaultPlan } from "../../lib/tfplugin/plan";
import type { PlanResult, Resource } from "../../lib/tfplugin/resource";
import { type Entries, UNKNOWN } from "../../lib/tfplugin/types";
import { createStandIn } from "../../sandbox/google/provider";

const standIn = createStandIn({});

/** The plan for `config`, as Terraform would ask for it. */
async function plan(type: string, config: Entries, prior?: Entries): Promise<Entries> {
  return (await planResult(type, config, prior))?.planned as Entries;
}

async function planResult(type: string, config: Entries, prior?: Entries): Promise<PlanResult<Entries> | undefined> {
  const resource = standIn.resources.find((one) => one.type === type) as Resource<Entries, Entries>;
  const blocks = Object.fromEntries(Object.keys(resource.schema.blocks ?? {}).map((name) => [name, []]));
  const full = { ...blocks, timeouts: undefined, ...config };
  const computed = Object.entries(resource.schema.attributes).filter(
    ([name, { computed: is }]) => is && !(name in config),
  );
  const kept = Object.fromEntries(
    computed.flatMap(([name]) => (prior?.[name] === undefined ? [] : [[name, prior[name]]])),
  );
  const proposed = defaultPlan(resource.schema, prior, full, { ...full, ...kept });
  const context = { signal: new AbortController().signal, report: () => {} };
  return resource.plan?.({ config: full, prior, proposed }, context);
}

const bucket = { name: "b", location: "us", project: "p", uniform_bucket_level_access: true };

describe("the stand-in plans as the real provider", () => {
  test("defaults, and what the provider fills in itself", async () => {
    expect(await plan("google_storage_bucket", { ...bucket, soft_delete_policy: [{}] })).toMatchObject({
      location: "US",
      storage_class: "STANDARD",
      force_destroy: false,
      soft_delete_policy: [{ retention_duration_seconds: 604_800 }],
      versioning: UNKNOWN,
      lifecycle_rule: [],
      self_link: UNKNOWN,
    });
  });

  test("labels: the configured ones, and those of others left alone", async () => {
    const prior: Entries = {
      ...(await plan("google_storage_bucket", bucket)),
      labels: { a: "1", gone: "1" },
      terraform_labels: { a: "1", gone: "1" },
      effective_labels: { a: "1", gone: "1", foreign: "x" },
    };
    const planned = await plan("google_storage_bucket", { ...bucket, labels: { a: "2" } }, prior);
    expect(planned.effective_labels).toEqual({ a: "2", foreign: "x", "goog-terraform-provisioned": "true" });
    expect(planned.terraform_labels).toEqual({ a: "2", "goog-terraform-provisioned": "true" });
  });

  test.each([
    { change: "unlocked", from: true, to: false, replace: ["retention_policy"] },
    { change: "locked", from: false, to: true, replace: [] },
    { change: "prolonged while locked", from: true, to: true, period: 120, replace: [] },
    { change: "shortened while locked, which the API refuses", from: true, to: true, period: 30, replace: [] },
  ])("a bucket whose retention is $change", async ({ from, to, period = 60, replace }) => {
    const retained = (is_locked: boolean, retention_period: number): Entries => ({
      ...bucket,
      retention_policy: [{ is_locked, retention_period }],
    });
    const prior = await plan("google_storage_bucket", retained(from, 60));
    expect((await planResult("google_storage_bucket", retained(to, period), prior))?.replace).toEqual(replace);
  });

  test("the address of a service account, known before it is made", async () => {
    const planned = await plan("google_service_account", { account_id: "promoter", project: "p" });
    expect(planned).toMatchObject({
      email: "promoter@p.iam.gserviceaccount.com",
      member: "serviceAccount:promoter@p.iam.gserviceaccount.com",
      unique_id: UNKNOWN,
    });
  });

  test("no difference between two spellings of one policy", async () => {
    const prior: Entries = {
      id: "b/x",
      bucket: "b/x",
      etag: "e",
      policy_data: '{"bindings":[{"members":["user:a@example.org","user:b@example.org"],"role":"r"}]}',
    };
    const config = {
      bucket: "x",
      policy_data: '{"bindings":[{"role":"r","members":["user:B@example.org","user:a@example.org"]}]}',
    };
    expect(await plan("google_storage_bucket_iam_policy", config, prior)).toEqual(prior);
  });

  test("a changed object by the hash of its content", async () => {
    const config = { bucket: "b", name: "index.html", content: "new" };
    const prior: Entries = {
      ...config,
      content: "old",
      md5hash: "old",
      generation: 1,
      detect_md5hash: "old",
      id: "b-index.html",
    };
    expect(await plan("google_storage_bucket_object", config, prior)).toMatchObject({
      detect_md5hash: createHash("md5").update("new").digest("base64"),
      md5hash: UNKNOWN,
      generation: UNKNOWN,
    });
  });
});

import { sandboxPlatform } from "../../sandbox/target";
import { gcpPlatform } from "../../stacks/gcp";
import { sampleEstate } from "./sample-estate";
import { type Synthesized, synthesize } from "./synth";

const environment = {
  ARTIFACTS_SANDBOX: "http://127.0.0.1:4443",
  ARTIFACTS_SANDBOX_STATE: "/var/sandbox",
  GOOGLE_OAUTH_ACCESS_TOKEN: "user:owner@example.org",
};

const estate = sampleEstate();
const gcp = synthesize(estate);
const sandbox = synthesize(estate, sandboxPlatform(environment));

function each<T>({ stacks }: Synthesized, part: (stack: Synthesized["stacks"][string]) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(stacks).map(([name, stack]) => [name, part(stack)]));
}

test("both targets hold the same resources in the same stacks, in the same order", () => {
  expect(each(sandbox, ({ resource }) => resource)).toEqual(each(gcp, ({ resource }) => resource));
  expect(sandbox.dependencies).toEqual(gcp.dependencies);
});

test("both targets require the same providers, Google's at one exact version", () => {
  expect(each(sandbox, ({ terraform }) => terraform.required_providers)).toEqual(
    each(gcp, ({ terraform }) => terraform.required_providers),
  );
  expect(gcp.stacks.serving?.terraform.required_providers).toEqual({
    google: { source: "google", version: "6.50.0" },
  });
  expect(gcp.stacks.groups?.terraform.required_providers).toEqual({
    artifacts: { source: "artifacts.internal/foundation/artifacts", version: "0.1.0" },
  });
});

test("on Google Cloud the state of each stack has its own place in the bucket", () => {
  expect(gcp.stacks["staging-lathe"]?.terraform.backend).toEqual({
    gcs: { bucket: "oss-terraform-state", prefix: "staging-lathe" },
  });
});

test("nothing of a sandbox reaches Google Cloud", () => {
  expect(JSON.stringify(gcp)).not.toMatch(/sandbox|127\.0\.0\.1|localhost|endpoint|access_token|"local"/i);
  expect(gcp.stacks.serving?.provider.google).toEqual([
    { add_terraform_attribution_label: false, batching: [{ enable_batching: true, send_after: "100ms" }] },
  ]);
});

test("in a sandbox every endpoint of the Google provider is the sandbox's", () => {
  const [google = {}] = sandbox.stacks.serving?.provider.google ?? [];
  const endpoints = Object.entries(google).filter(([name]) => name.endsWith("_custom_endpoint"));

  expect(endpoints.length).toBeGreaterThan(150);
  for (const [, url] of endpoints) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4443\/([^/]+\/)+$/);
  expect(google).toMatchObject({
    storage_custom_endpoint: "http://127.0.0.1:4443/storage/v1/",
    resource_manager_v3_custom_endpoint: "http://127.0.0.1:4443/resource-manager-v3/v3/",
    access_token: "user:owner@example.org",
  });
});

test("in a sandbox the state stays in its folder", () => {
  expect(sandbox.stacks.groups?.terraform.backend).toEqual({
    local: { path: "/var/sandbox/terraform/groups.tfstate" },
  });
});

test("the stand-in is left out where the registry's own provider is asked for", () => {
  expect(sandboxPlatform(environment)).toHaveProperty("googlePlugin");
  expect(sandboxPlatform({ ...environment, ARTIFACTS_GOOGLE_PROVIDER: "registry" })).not.toHaveProperty("googlePlugin");
  expect(gcpPlatform("oss-terraform-state")).not.toHaveProperty("googlePlugin");
});

test("a disposable sandbox has no guard and no retention, and is the same otherwise", () => {
  const disposable = synthesize(estate, sandboxPlatform({ ...environment, ARTIFACTS_DISPOSABLE: "1" }));
  const text = JSON.stringify(disposable);

  expect(text).not.toMatch(/PREVENT|prevent_destroy|retention_policy|google_resource_manager_lien|ABANDON/);
  expect(disposable.stacks.serving?.resource.google_storage_bucket?.production).toMatchObject({ force_destroy: true });
  expect(disposable.stacks["staging-lathe"]?.resource.google_storage_bucket_iam_policy).toEqual(
    gcp.stacks["staging-lathe"]?.resource.google_storage_bucket_iam_policy,
  );
});

test("OpenTofu looks for the stand-in at its own registry's address", () => {
  const source = (env: Record<string, string>) => sandboxPlatform({ ...environment, ...env }).googlePlugin?.source;

  expect(source({})).toBe("registry.terraform.io/hashicorp/google");
  expect(source({ TERRAFORM_BINARY_NAME: "/usr/bin/tofu" })).toBe("registry.opentofu.org/hashicorp/google");
});

test("fails when no sandbox is named, and says how to start one", () => {
  expect(() => sandboxPlatform({})).toThrow(/ARTIFACTS_SANDBOX: is not set.*npm run sandbox/);
});

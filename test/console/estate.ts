import { SandboxClient } from "../sandbox-services/sandbox-client";

/** Names that try to be markup, an address, another name or another folder. */
export const HOSTILE_NAMES = [
  "<img src=x onerror=\"document.title='taken'\">",
  '"><script>document.title="taken"</script>',
  "javascript:document.title='taken'",
  "a\u202egnp.exe",
  "it's & more?#%2f",
  "dir/<b>bold</b>/x",
  "up/../../x",
];

/** A sandbox with a project, buckets, objects, groups and grants to look at. */
export async function startEstate(): Promise<SandboxClient> {
  const client = await SandboxClient.start();
  await client.project("k8s-staging-kops", { labels: { env: "staging" } });
  for (const name of ["k8s-staging-kops", "artifacts-prod"]) {
    await client.post("/storage/v1/b?project=k8s-staging-kops", {
      name,
      location: "US",
      iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    });
    const { body: policy } = await client.get(`/storage/v1/b/${name}/iam`);
    policy.bindings.push({ role: "roles/storage.objectViewer", members: ["allUsers"] });
    await client.call("PUT", `/storage/v1/b/${name}/iam`, policy);
  }
  for (const name of HOSTILE_NAMES) await upload(client, "k8s-staging-kops", name);
  const sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  await upload(client, "artifacts-prod", "kops/1.25.4/linux/amd64/kops", { sha256, manifest: "manifests/kops.yaml" });
  for (const email of ["outer@example.org", "inner@example.org"]) {
    await client.post("/admin/directory/v1/groups", { email });
  }
  await client.post("/admin/directory/v1/groups/outer@example.org/members", { email: "inner@example.org" });
  await client.post("/admin/directory/v1/groups/inner@example.org/members", {
    email: "alice@example.org",
    role: "OWNER",
  });
  await client.grant("/resource-manager/v1/projects/k8s-staging-kops", "roles/viewer", "group:outer@example.org");
  return client;
}

export async function upload(
  client: SandboxClient,
  bucket: string,
  name: string,
  metadata: object = {},
): Promise<void> {
  const body = [
    "--x",
    "content-type: application/json",
    "",
    JSON.stringify({ name, metadata, contentType: "text/plain" }),
  ];
  body.push("--x", "content-type: text/plain", "", "hello", "--x--", "");
  const response = await fetch(`${client.url}/upload/storage/v1/b/${bucket}/o?uploadType=multipart`, {
    method: "POST",
    headers: { authorization: "Bearer user:owner@example.org", "content-type": "multipart/related; boundary=x" },
    body: body.join("\r\n"),
  });
  if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
}

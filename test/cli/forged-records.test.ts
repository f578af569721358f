import { sha256, World } from "./support/world";

const STAGING = "k8s-staging-kops";
const OTHER = "k8s-staging-other";

/** No staging bucket: only from elsewhere files may go into one. */
const ELSEWHERE = "kops-candidates";

let world: World;

/** Somebody has pushed other bytes to where a file is to be promoted, with a record that says they are the manifest's. */
beforeEach(async () => {
  world = await World.create();
  world.writeInfra({ [STAGING]: "", [OTHER]: "" });
  world.writeManifest(`${STAGING}/1.37.0.yaml`, { kops: "good!" });
  for (const bucket of [ELSEWHERE, OTHER]) await world.createBucket(bucket);
  await world.upload(ELSEWHERE, "releases/kops", "good!");
});

afterEach(async () => {
  await world?.close();
});

async function forge(bucket: string): Promise<void> {
  world.writeFilestore(STAGING, `gs://${ELSEWHERE}/releases/`, `gs://${bucket}/mirror/`);
  await world.upload(bucket, "mirror/kops", "EVIL!");
  const object = `/storage/v1/b/${bucket}/o/${encodeURIComponent("mirror/kops")}`;
  const { crc32c, size } = await world.call("GET", object);
  await world.call("PATCH", object, { metadata: { sha256: sha256("good!"), crc32c, size } });
}

const filestore = `filestores/${STAGING}/filepromoter-manifest.yaml`;
const one = ["--filestores", filestore, "--files", "manifests"];

test.each<{ how: string; args: readonly string[]; prepare?: () => void }>([
  { how: "in a staging bucket", args: [] },
  { how: "with kpromo's --files", args: one },
  { how: "with kpromo's --files and a root", args: [...one, "--root", "."] },
  {
    how: "with kpromo's --manifests in a checkout",
    args: ["--manifests", "artifacts"],
    prepare() {
      world.move("filestores", "artifacts/filestores");
      world.move("manifests", "artifacts/manifests");
    },
  },
])("artifacts promote believes no forged record $how", async ({ args, prepare }) => {
  await forge(OTHER);
  prepare?.();
  const { code, stderr } = await world.artifacts(["promote", ...args]);

  expect(stderr).toContain("other bytes are published under this name");
  expect(code).toBe(1);
});

test("the bucket of a staging project's builds is no destination, with kpromo's --files neither", async () => {
  world.writeFilestore(STAGING, `gs://${STAGING}/releases/`, `gs://${OTHER}-gcb/mirror/`);

  expect(await world.artifacts(["promote", ...one, "--confirm"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`"gs://${OTHER}-gcb/mirror/" belongs to ${OTHER}`),
  });
});

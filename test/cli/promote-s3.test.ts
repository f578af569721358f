import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type S3Server, s3Environment, s3Program, startS3Server } from "../cloud/support/s3-server";
import { sha256, World } from "./support/world";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const program = s3Program();
if ("reason" in program) process.stderr.write(`\nSKIPPED: promotion to a real S3 server: ${program.reason}\n`);
const describeS3 = "path" in program ? describe : describe.skip;

const STAGING = "k8s-staging-kops";
const name = "1.37.0/linux/kops";
const bytes = "bytes of the release";

describeS3("artifacts promote to S3", () => {
  let server: S3Server;
  let world: World;
  let client: S3Client;

  beforeAll(async () => {
    server = await startS3Server("path" in program ? program.path : "");
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = s3Environment;
    const credentials = { accessKeyId, secretAccessKey };
    client = new S3Client({ endpoint: server.url, region: "us-east-1", forcePathStyle: true, credentials });
  });

  afterAll(async () => {
    client?.destroy();
    await server?.stop();
  });

  let bucket: string;
  let buckets = 0;

  beforeEach(async () => {
    buckets += 1;
    bucket = `artifacts-${buckets}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    world = await World.create();
    await world.createBucket(STAGING);
    await world.createBucket("k8s-artifacts-prod");
    await world.upload(STAGING, `releases/${name}`, bytes);
    world.writeInfra({ [STAGING]: "" });
    world.writeFilestore(
      STAGING,
      `gs://${STAGING}/releases/`,
      "gs://k8s-artifacts-prod/kops/",
      `s3://${bucket}/binaries/kops/`,
    );
    world.writeManifest(`${STAGING}/1.37.0.yaml`, { [name]: bytes });
  });

  afterEach(() => world?.close());

  const promote = (args: readonly string[], env = {}) =>
    world.artifacts(["promote", ...args], { ...world.owner, ...s3Environment, AWS_ENDPOINT_URL: server.url, ...env });

  const head = () =>
    client.send(new HeadObjectCommand({ Bucket: bucket, Key: `binaries/kops/${name}`, ChecksumMode: "ENABLED" }));

  test("copies to Cloud Storage and to S3, and finds nothing to do the next time", async () => {
    const dry = await promote(["--own-credentials"]);
    const first = await promote(["--confirm"]);
    const second = await promote(["--confirm"]);

    expect(dry.stdout).toContain("2 files would be copied");
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        `copied gs://${STAGING}/releases/${name} to s3://${bucket}/binaries/kops/${name}`,
      ),
    });
    expect(second).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("0 files copied (0 B), 2 already published"),
    });
  });

  test("asks S3 with the AWS credentials even in a dry run, which for Cloud Storage is nobody", async () => {
    expect(await promote([], { AWS_SECRET_ACCESS_KEY: "wrong" })).toMatchObject({ code: 1 });
    expect(await promote([])).toMatchObject({ code: 0, stdout: expect.stringContaining("2 files would be copied") });
  });

  test("keeps the hashes beside the bytes, under kpromo's names and ours", async () => {
    await promote(["--confirm", "--max-requests", "1"]);
    const { Metadata, ChecksumSHA256 } = await head();

    expect(Metadata).toMatchObject({
      "content-hash-sha256": sha256(bytes),
      sha256: sha256(bytes),
      manifest: `manifests/${STAGING}/1.37.0.yaml`,
    });
    expect(Buffer.from(ChecksumSHA256 ?? "", "base64").toString("hex")).toBe(sha256(bytes));
  });

  test("takes what kpromo published before for published, and other bytes for a failure", async () => {
    const Key = `binaries/kops/${name}`;
    await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }));
    expect(await promote(["--confirm"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("1 file copied (20 B), 1 already published"),
    });

    await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "other bytes" }));
    expect(await promote(["--confirm"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("other bytes are published"),
    });
    expect((await head()).ContentLength).toBe("other bytes".length);
  });

  test("does not believe metadata that was carried over to other bytes of the same length", async () => {
    await promote(["--confirm"]);
    const { Metadata } = await head();
    const Body = bytes.toUpperCase();
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: `binaries/kops/${name}`, Body, Metadata }));

    expect(await promote(["--confirm"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("other bytes are published"),
    });
  });

  test("fails before the first copy when it may not write, and the other destination gets its file", async () => {
    const { code, stdout, stderr } = await promote(["--confirm"], { AWS_SECRET_ACCESS_KEY: "wrong" });

    expect(code).toBe(1);
    expect(stdout).toContain("1 file copied");
    expect(stderr).toContain(`s3://${bucket}/`);
    await expect(head()).rejects.toMatchObject({ name: "NotFound" });
  });
});

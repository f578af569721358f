import { check } from "../../lib/promotion/engine";
import { FakeStorage } from "./support/fake-storage";
import { filestores, hasty, manifest, request } from "./support/requests";

/**
 * What happened: a filestore's source ends in `releases/`, each version has a directory there, and two manifests were made
 * with the version directory as root, so their names lack it. Both were approved; nothing was ever copied.
 */
describe("the recorded incident: manifests whose names lack the version directory", () => {
  const directory = filestores(
    "gs://k8s-staging-provider-aws/releases/",
    "gs://artifacts-prod/binaries/cloud-provider-aws/",
  );
  const names = ["linux/amd64/ecr-credential-provider", "linux/arm64/ecr-credential-provider"];

  async function checkBoth() {
    const storage = new FakeStorage().bucket("k8s-staging-provider-aws").bucket("artifacts-prod");
    for (const version of ["v1.34.0", "v1.35.0", "v1.36.0", "v1.36.1"]) {
      for (const name of names) {
        storage.put("k8s-staging-provider-aws", `releases/${version}/${name}`, `${version} ${name}`);
      }
    }
    const release = (version: string) =>
      manifest(Object.fromEntries(names.map((name) => [name, `${version} ${name}`])), version);
    return check(request(directory, release("v1.35.0"), release("v1.36.0")), {
      identity: "anonymous",
      connect: storage.connect,
      retry: hasty,
    });
  }

  test("both fail before they are merged, each with the name it means", async () => {
    const { outcomes, summary } = await checkBoth();

    expect(summary).toMatchObject({ failed: 4, verified: 0, published: 0 });
    expect(
      outcomes.map(({ outcome }) => (outcome.status === "failed" ? outcome.failure.suggestion : outcome.status)),
    ).toEqual([
      "v1.35.0/linux/amd64/ecr-credential-provider",
      "v1.35.0/linux/arm64/ecr-credential-provider",
      "v1.36.0/linux/amd64/ecr-credential-provider",
      "v1.36.0/linux/arm64/ecr-credential-provider",
    ]);
  });

  test("the pair that gives one name two hashes is refused as such, each line naming the other", async () => {
    const { outcomes } = await checkBoth();
    const failures = outcomes.flatMap(({ outcome }) => (outcome.status === "failed" ? [outcome.failure] : []));

    expect(failures.map(({ reason }) => reason)).toEqual(Array(4).fill("conflicting-lines"));
    expect(failures[0]?.message).toContain("manifests/k8s-staging-kops/v1.36.0.yaml:2:3 wants sha256");
    expect(failures[2]?.message).toContain("manifests/k8s-staging-kops/v1.35.0.yaml:2:3 wants sha256");
    expect(failures[0]?.repair).toContain('Write "v1.35.0/linux/amd64/ecr-credential-provider"');
  });
});

test("a file that was uploaded under a name that no manifest may hold is to be uploaded again", async () => {
  const storage = new FakeStorage().bucket("staging").bucket("prod");
  storage.put("staging", "r/v1.0.0//tool", "bytes");

  const { outcomes } = await check(
    request(filestores("gs://staging/r/", "gs://prod/"), manifest({ "v1.0.0/tool": "bytes" })),
    { identity: "anonymous", connect: storage.connect, retry: hasty },
  );

  expect(outcomes[0]?.outcome).toMatchObject({
    failure: {
      message: expect.stringContaining('"v1.0.0//tool" is there, a name that no manifest may hold'),
      repair: expect.stringContaining("Upload the file again, under the name of this line"),
    },
  });
  expect(outcomes[0]?.outcome).not.toHaveProperty("failure.suggestion");
});

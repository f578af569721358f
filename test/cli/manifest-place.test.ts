import { sha256, World } from "./support/world";

const KOPS = "filestores/k8s-staging-kops/filepromoter-manifest.yaml";
const OTHER = "filestores/k8s-staging-other/filepromoter-manifest.yaml";
const URL = "gs://k8s-staging-kops/releases/v1.36.1/";
const sum = `  sha256: ${sha256("kops of 1.36.1")}\n`;
const right = `files:\n- name: v1.36.1/linux/amd64/kops\n${sum}`;
const fromUrl = `files:\n- name: linux/amd64/kops\n${sum}`;
let world: World;

beforeAll(async () => {
  world = await World.create();
  for (const bucket of ["k8s-staging-kops", "k8s-artifacts-prod", "mirror"]) await world.createBucket(bucket);
  for (const [bucket, base] of [
    ["k8s-staging-kops", "releases/"],
    ["k8s-artifacts-prod", "binaries/kops/"],
    ["mirror", "of/kops/"],
  ] as const) {
    await world.upload(bucket, `${base}v1.36.1/linux/amd64/kops`, "kops of 1.36.1");
  }
  await world.upload("k8s-staging-kops", "other/linux/amd64/kops", "kops of 1.36.1");
});

beforeEach(() => {
  world.remove("filestores");
  world.writeFilestore("k8s-staging-kops", "gs://k8s-staging-kops/releases/", "gs://k8s-artifacts-prod/binaries/kops/");
});

afterAll(() => world?.close());

const filestores = (...lines: readonly string[]) => `filestores:\n${lines.map((text) => `${text}\n`).join("")}`;
const source = (base: string) => [`- base: ${base}`, "  src: true"] as const;
const destination = "- base: gs://k8s-artifacts-prod/binaries/kops/";
const unclear = filestores("- base: gs://k8s-staging-other/", "  scr: true", destination);

describe("artifacts manifest of a staging prefix, where filestores hold mistakes", () => {
  test.each([
    {
      mistake: "a misspelt key of a destination",
      text: filestores(...source("gs://k8s-staging-kops/releases/"), destination, "  service_account: x"),
    },
    { mistake: "src: yes", text: filestores("- base: gs://k8s-staging-kops/releases/", "  src: yes", destination) },
    {
      mistake: "a misspelt base",
      text: filestores("- bsae: gs://k8s-staging-kops/releases/", "  src: true", destination),
    },
    { mistake: "a base that is none", text: filestores(...source("gs:/k8s-staging-kops/releases/"), destination) },
    { mistake: "a bucket that is none", text: filestores(...source("gs://K8s-staging-kops/releases/"), destination) },
    { mistake: "two sources", text: filestores(...source("gs://elsewhere/"), ...source("gs://k8s-staging-kops/")) },
    { mistake: "no filestore", text: "filestores: []\n" },
  ])("fails when the filestore has $mistake, and tells it", async ({ text }) => {
    world.write(KOPS, text);

    expect(await world.artifacts(["manifest", URL])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(new RegExp(`${KOPS}:\\d+:\\d+: error: .*"${URL}": until this is repaired`, "s")),
    });
  });

  test("fails when the file of the filestore has another name", async () => {
    world.move(KOPS, "filestores/k8s-staging-kops/filepromoter.yaml");

    expect(await world.artifacts(["manifest", URL])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("there is no filepromoter-manifest.yaml in this directory"),
    });
  });

  test.each([
    { when: "they say nothing of their source", text: unclear },
    { when: "they are no YAML", text: "filestores: [\n" },
    { when: "their source lies beside", text: filestores(...source("gs://k8s-staging-kops/other/")) },
  ])("names files as ever when another filestore has them and $when", async ({ text }) => {
    world.write(OTHER, text);

    expect(await world.artifacts(["manifest", URL])).toMatchObject({ code: 0, stdout: right, stderr: "" });
  });

  test("fails when the filestore that has them may hold the place as well, unless one is chosen", async () => {
    world.write(OTHER, filestores(...source("gs://k8s-staging-kops/")));

    expect(await world.artifacts(["manifest", URL])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(`${OTHER}:`),
    });
    expect(await world.artifacts(["manifest", URL, "--filestore", "k8s-staging-kops"])).toMatchObject({
      code: 0,
      stdout: right,
    });
  });

  test.each([
    { when: "its source is not clear", text: unclear, code: 2, stdout: "" },
    { when: "its source lies beside", text: filestores(...source("gs://mirror/other/")), code: 2, stdout: "" },
    { when: "its source is clear", text: filestores(...source("gs://k8s-staging-other/")), code: 0, stdout: right },
  ])("ends with $code where no filestore holds the place, one has them and $when", async ({ text, code, stdout }) => {
    world.write(OTHER, text);

    expect(await world.artifacts(["manifest", "gs://mirror/of/kops/"])).toMatchObject({ code, stdout });
  });
});

describe("artifacts manifest of a place that no source holds", () => {
  test.each(["gs://k8s-staging-kops/", "gs://k8s-staging-kops/other/"])(
    "fails on %s, as a filestore has its source in that bucket",
    async (url) => {
      expect(await world.artifacts(["manifest", url])).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining(
          `"${url}" is not below "gs://k8s-staging-kops/releases/", the source of k8s-staging-kops`,
        ),
      });
    },
  );

  test.each([
    { when: "no filestore is there", args: [URL, "--root", "."], remove: "filestores", stdout: fromUrl },
    { when: "none has its source there", args: ["gs://mirror/of/kops/"], remove: "none", stdout: right },
  ])("warns that names are relative to it when $when", async ({ args, remove, stdout }) => {
    world.remove(remove);

    expect(await world.artifacts(["manifest", ...args])).toMatchObject({
      code: 0,
      stdout,
      stderr: expect.stringContaining(`names are relative to ${args[0]}, and may be none that a promotion finds. If`),
    });
  });

  test("warns when lines of a local folder are added to a manifest of no filestore", async () => {
    world.write("out/linux/amd64/kops", "kops of 1.36.1");

    expect(await world.artifacts(["manifest", "out", "--append", "somewhere.yaml"])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`names are relative to ${world.path("out")}`),
    });
    expect(world.read("somewhere.yaml")).toBe(fromUrl);
  });
});

describe("artifacts manifest holds a manifest against a place in a bucket", () => {
  test.each([
    { of: "a destination", url: "gs://k8s-artifacts-prod/binaries/kops/" },
    { of: "a folder below a destination", url: "gs://k8s-artifacts-prod/binaries/kops/v1.36.1/" },
    { of: "a folder below the source", url: URL },
    { of: "any other place", url: "gs://mirror/of/kops/" },
  ])("of $of", async ({ url }) => {
    for (const file of ["manifests/k8s-staging-kops/v1.36.1.yaml", "somewhere-else.yaml"]) {
      world.write(file, right);
      for (const how of ["--verify", "--check"]) {
        expect(await world.artifacts(["manifest", how, file, url])).toMatchObject({
          code: 0,
          stdout: `${file}: 1 file equal\n`,
        });
      }
    }
  });

  test("fails when filestores that hold the place name its files differently", async () => {
    world.write("somewhere-else.yaml", right);
    world.writeFilestore("k8s-staging-other", "gs://k8s-staging-kops/", "gs://k8s-artifacts-prod/other/");

    expect(await world.artifacts(["manifest", "--verify", "somewhere-else.yaml", URL])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Choose one with --filestore"),
    });
  });
});

import { chmodSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { sha256, World } from "./support/world";

let world: World;

beforeAll(async () => {
  world = await World.create();
  await world.createBucket("k8s-staging-kops");
  for (const name of ["linux/amd64/kops", "linux/amd64/kops.sha256", "darwin/arm64/kops"]) {
    await world.upload("k8s-staging-kops", `releases/v1.36.1/${name}`, `${name} of 1.36.1`);
    world.write(`out/v1.36.1/${name}`, `${name} of 1.36.1`);
  }
  world.writeFilestore("k8s-staging-kops", "gs://k8s-staging-kops/releases/", "gs://k8s-artifacts-prod/binaries/kops/");
});

afterAll(() => world?.close());

const line = (name: string, bytes: string) => `- name: ${name}\n  sha256: ${sha256(bytes)}\n`;
const release = [
  line("v1.36.1/darwin/arm64/kops", "darwin/arm64/kops of 1.36.1"),
  line("v1.36.1/linux/amd64/kops", "linux/amd64/kops of 1.36.1"),
  line("v1.36.1/linux/amd64/kops.sha256", "linux/amd64/kops.sha256 of 1.36.1"),
];
const manifest = `files:\n${release.join("")}`;

describe("artifacts manifest of a local folder", () => {
  test("lists every file below it, in the order of a walk", async () => {
    for (const name of ["walk/b", "walk/a/z", "walk/a.txt", "walk/.hidden", "walk/Z"]) world.write(name, name);
    const { code, stdout } = await world.artifacts(["manifest", "--src", "walk"]);

    expect(code).toBe(0);
    expect([...stdout.matchAll(/name: (.*)/g)].map(([, name]) => name)).toEqual([".hidden", "Z", "a/z", "a.txt", "b"]);
  });

  test.each([
    ["out", "v1.36.1"],
    ["out/", "./v1.36.1/"],
  ])("of %s takes only what begins with the prefix %s", async (src, prefix) => {
    expect(await world.artifacts(["manifest", "--src", src, "--prefix", prefix])).toMatchObject({
      code: 0,
      stdout: manifest,
    });
  });

  test("takes a prefix as text, not as a folder", async () => {
    for (const name of ["text/v1/a", "text/v10/b", "text/v2/c"]) world.write(name, "x");
    const { stdout } = await world.artifacts(["manifest", "--src", "text", "--prefix", "v1"]);

    expect(stdout).toBe(`files:\n${line("v1/a", "x")}${line("v10/b", "x")}`);
  });

  test.each([
    ["..", 3],
    ["../text", 3],
    ["../texts", 0],
  ])("takes the prefix %s as kpromo does, which joins it to the folder and compares texts", async (prefix, files) => {
    for (const name of ["text/v1/a", "text/v10/b", "text/v2/c"]) world.write(name, "x");
    const { stdout } = await world.artifacts(["manifest", "--src", "text", "--prefix", prefix]);

    expect(stdout.match(/- name/g) ?? []).toHaveLength(files);
  });

  test("answers to the words of kpromo", async () => {
    expect(await world.artifacts(["manifest", "files", "--src", "out", "--prefix=v1.36.1/darwin"])).toMatchObject({
      code: 0,
      stdout: `files:\n${release[0]}`,
    });
  });

  test("of an empty folder is an empty manifest, with a warning", async () => {
    mkdirSync(world.path("empty"));

    expect(await world.artifacts(["manifest", "--src", "empty"])).toMatchObject({
      code: 0,
      stdout: "{}\n",
      stderr: expect.stringContaining("no files"),
    });
  });

  test("hashes what a symbolic link leads to, and refuses one that leads to a folder", async () => {
    world.write("links/real", "bytes");
    symlinkSync("real", world.path("links/link"));
    expect((await world.artifacts(["manifest", "--src", "links"])).stdout).toContain(line("link", "bytes"));

    symlinkSync("../out", world.path("links/folder"));
    expect(await world.artifacts(["manifest", "--src", "links"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining('"folder"'),
    });
  });

  test("says of a file whose name is not UTF-8 that it is the name", async () => {
    world.write("foreign/plain", "x");
    writeFileSync(Buffer.concat([Buffer.from(`${world.path("foreign")}/caf`), Buffer.of(0xe9)]), "x");

    expect(await world.artifacts(["manifest", "--src", "foreign"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("the name is not UTF-8. Rename it"),
    });
  });

  test("says which names a check will refuse, and prints them as kpromo does", async () => {
    world.write("odd/a\\b", "x");

    expect(await world.artifacts(["manifest", "--src", "odd"])).toMatchObject({
      code: 0,
      stdout: `files:\n${line("a\\b", "x")}`,
      stderr: expect.stringContaining("backslash"),
    });
  });

  test.each([
    { when: "no place is named", args: [], says: "no place" },
    { when: "the folder does not exist", args: ["--src", "nowhere"], says: "does not exist" },
    { when: "it is a file", args: ["--src", "out/v1.36.1/linux/amd64/kops"], says: "not a directory" },
    { when: "two places are named", args: ["out", "--src", "walk"], says: "name one place" },
    { when: "two modes are named", args: ["out", "--check", "a", "--verify", "b"], says: "exclude one another" },
    {
      when: "the filestore is unknown",
      args: ["out", "--filestore", "k8s-staging-kop"],
      says: 'Did you mean "k8s-staging-kops"?',
    },
    { when: "a flag is unknown", args: ["out", "--perfix", "x"], says: "--perfix" },
  ])("fails with exit code 2 when $when", async ({ args, says }) => {
    expect(await world.artifacts(["manifest", ...args])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(says),
    });
  });
});

describe("artifacts manifest of a local folder for a filestore", () => {
  const forKops = ["--filestore", "k8s-staging-kops"];

  test("prints names that the source holds", async () => {
    expect(await world.artifacts(["manifest", "--src", "out", ...forKops])).toMatchObject({
      code: 0,
      stdout: manifest,
    });
  });

  test("fails when the version directory is missing, and names the command that puts it there", async () => {
    const { code, stdout, stderr } = await world.artifacts(["manifest", "--src", "out/v1.36.1", ...forKops]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(
      '"linux/amd64/kops": gs://k8s-staging-kops/releases/ does not hold it; did you mean "v1.36.1/linux/amd64/kops"?',
    );
    expect(stderr).toContain("use --under v1.36.1, or --src ");
  });

  test("--under puts the folder where it stands below the source", async () => {
    expect(await world.artifacts(["manifest", "--src", "out/v1.36.1", "--under", "v1.36.1", ...forKops])).toMatchObject(
      { code: 0, stdout: manifest },
    );
  });

  test("fails when the source holds another file of the name", async () => {
    world.write("changed/v1.36.1/linux/amd64/kops", "a longer file than the one in the bucket");

    expect(await world.artifacts(["manifest", "--src", "changed", ...forKops])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("another file of this name"),
    });
  });
});

describe("artifacts manifest of a staging prefix", () => {
  const url = "gs://k8s-staging-kops/releases/v1.36.1/";

  test("names files relative to the source base of the filestore that holds it", async () => {
    expect(await world.artifacts(["manifest", url])).toMatchObject({ code: 0, stdout: manifest, stderr: "" });
    expect(
      await world.artifacts(["manifest", url, "--prefix", "darwin/", "--filestore", "k8s-staging-kops"]),
    ).toMatchObject({ code: 0, stdout: `files:\n${release[0]}` });
  });

  test("as JSON tells the place and the filestore", async () => {
    const { stdout } = await world.artifacts(["manifest", url, "--json"]);

    expect(JSON.parse(stdout)).toMatchObject({ place: url, filestore: "k8s-staging-kops", files: { length: 3 } });
  });

  test("leaves placeholders of folders out, and says so", async () => {
    await world.createBucket("with-placeholders");
    await world.upload("with-placeholders", "v1/", "");
    await world.upload("with-placeholders", "v1/a", "x");

    expect(await world.artifacts(["manifest", "gs://with-placeholders/"])).toMatchObject({
      code: 0,
      stdout: `files:\n${line("v1/a", "x")}`,
      stderr: expect.stringContaining("v1/"),
    });
  });

  test("fails when bytes stand where a folder would be, as no manifest can name them", async () => {
    await world.createBucket("with-bytes");
    await world.upload("with-bytes", "v1/", "9 bytes");

    expect(await world.artifacts(["manifest", "gs://with-bytes/"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining('error: the name "v1/" ends with a slash'),
    });
  });

  test.each([
    { when: "nothing is there", args: ["gs://k8s-staging-kops/releases/v9/"], code: 1, says: "no files" },
    {
      when: "it is not below the filestore's source",
      args: ["gs://k8s-staging-kops/other/", "--filestore", "k8s-staging-kops"],
      code: 2,
      says: "is not below",
    },
    { when: "it is no place", args: ["gs://"], code: 2, says: "expected gs://BUCKET/PREFIX/" },
    { when: "the bucket does not exist", args: ["gs://no-such-bucket-here/"], code: 3, says: "no-such-bucket-here" },
  ])("fails with exit code $code when $when", async ({ args, code, says }) => {
    expect(await world.artifacts(["manifest", ...args])).toMatchObject({
      code,
      stdout: "",
      stderr: expect.stringContaining(says),
    });
  });

  test("--authenticate reads what only the caller may read", async () => {
    await world.call("POST", "/storage/v1/b?project=some-project", { name: "private-bucket" });
    await world.upload("private-bucket", "a", "x");
    const args = ["manifest", "gs://private-bucket/"];

    expect(await world.artifacts(args, world.owner)).toMatchObject({ code: 3, stdout: "" });
    expect(await world.artifacts([...args, "--authenticate"], world.owner)).toMatchObject({
      code: 0,
      stdout: `files:\n${line("a", "x")}`,
    });
  });
});

describe("artifacts manifest --append", () => {
  const file = "manifests/k8s-staging-kops/v1.36.1.yaml";
  afterEach(() => world.remove("manifests"));

  test("makes the manifest, knowing its filestore by where it stands", async () => {
    mkdirSync(world.path("manifests/k8s-staging-kops"), { recursive: true });

    expect(await world.artifacts(["manifest", "--src", "out/v1.36.1", "--append", file])).toMatchObject({ code: 1 });
    expect(await world.artifacts(["manifest", "--src", "out", "--append", file])).toMatchObject({
      code: 0,
      stdout: `${file}: 3 lines added\n`,
    });
    expect(world.read(file)).toBe(manifest);
  });

  test("fills what was printed for an empty folder", async () => {
    world.write(file, "{}\n");
    await world.artifacts(["manifest", "--src", "out", "--append", file]);

    expect(world.read(file)).toBe(manifest);
  });

  test("adds what is missing in the list's own indentation and keeps every other byte", async () => {
    const before = `# Released by hand.\nfiles:\n  - name: "v1.36.1/darwin/arm64/kops" # the odd one\n    sha256: ${sha256("darwin/arm64/kops of 1.36.1")}\n\n# The end.\n`;
    world.write(file, before);
    await world.artifacts(["manifest", "--src", "out", "--append", file]);
    const added = release.slice(1).join("").replace(/^/gm, "  ").trimEnd();

    expect(world.read(file)).toBe(before.replace("\n\n# The end.", `\n${added}\n\n# The end.`));
  });

  test.each([
    ["files: [] # none yet\n", `files: # none yet\n${release.join("")}`],
    ["# By hand.\nfiles: # none yet", `# By hand.\nfiles: # none yet\n${release.join("")}`],
    ["files: []\n# The end.\n", `files:\n${release.join("")}# The end.\n`],
  ])("takes the lines into the empty list of %j, comments kept", async (before, after) => {
    world.write(file, before);

    expect(await world.artifacts(["manifest", "--src", "out", "--append", file])).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(world.read(file)).toBe(after);
  });

  test("adds nothing twice", async () => {
    world.write(file, manifest);

    expect(await world.artifacts(["manifest", "--src", "out", "--append", file])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("in it already"),
    });
    expect(world.read(file)).toBe(manifest);
  });

  test("keeps the line ends of a file from Windows, and ends a file that does not end", async () => {
    world.write(file, `files:\r\n${release[0]?.replaceAll("\n", "\r\n")}`.trimEnd());
    await world.artifacts(["manifest", "--src", "out", "--append", file]);

    expect(world.read(file)).toBe(manifest.replaceAll("\n", "\r\n"));
  });

  test("follows a link to the manifest, and keeps its mode and byte order mark", async () => {
    const real = world.write("manifests/k8s-staging-kops/real.yaml", `\ufefffiles:\n${release[0]}`);
    chmodSync(real, 0o664);
    symlinkSync("real.yaml", world.path(file));
    await world.artifacts(["manifest", "--src", "out", "--append", file]);

    expect(world.read("manifests/k8s-staging-kops/real.yaml")).toBe(`\ufeff${manifest}`);
    expect(lstatSync(world.path(file)).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o664);
  });

  test("adds to a manifest that is too large for the parser of YAML, and holds it against files", async () => {
    const old = Array.from({ length: 12_000 }, (_, index) => line(`v1.0.0/${index}`, "x")).join("");
    world.write(file, `files:\n${old}`);
    await world.artifacts(["manifest", "--src", "out", "--append", file]);

    expect(world.read(file)).toBe(`files:\n${old}${release.join("")}`);
    expect(await world.artifacts(["manifest", "--src", "out", "--verify", file])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("3 files equal, 12,000 wrong"),
    });
  });

  test("fails when a listed file has other bytes now, and writes nothing", async () => {
    const before = manifest.replace(sha256("linux/amd64/kops of 1.36.1"), sha256("other"));
    world.write(file, before);

    expect(await world.artifacts(["manifest", "--src", "out", "--append", file])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("A line is never changed"),
    });
    expect(world.read(file)).toBe(before);
  });

  test.each([
    { when: "its folder is missing", name: "none/x.yaml", code: 2, says: "there is no folder " },
    {
      when: "its name is too long",
      name: `${"x".repeat(300)}.yaml`,
      code: 3,
      says: "it was not written: ENAMETOOLONG",
    },
  ])("fails with exit code $code when $when, and names it alone", async ({ name, code, says }) => {
    const { stderr, ...ended } = await world.artifacts(["manifest", "--src", "out", "--append", name]);

    expect(ended).toEqual({ code, stdout: "" });
    expect(stderr).toContain(`${name}: ${says}`);
    expect(stderr).not.toContain(".tmp");
  });

  test("fails on a manifest with a mistake, with its place", async () => {
    world.write(file, "files:\n- name: a\n  sha265: x\n");

    expect(await world.artifacts(["manifest", "--src", "out", "--append", file])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${file}:3:3: error: `),
    });
  });
});

describe("artifacts manifest holds a manifest against files", () => {
  const file = "manifests/k8s-staging-kops/v1.36.1.yaml";
  const other = `${line("v1.36.1/linux/amd64/kops", "something else")}${line("v1.36.1/gone", "x")}`;
  afterEach(() => world.remove("manifests"));

  test.each([
    { how: "--check", place: ["--src", "out"] },
    { how: "--check", place: ["gs://k8s-staging-kops/releases/v1.36.1/"] },
    { how: "--verify", place: ["--src", "out"] },
    { how: "--verify", place: [] },
  ])("$how $place agrees with a right one", async ({ how, place }) => {
    world.write(file, manifest);

    expect(await world.artifacts(["manifest", how, file, ...place])).toMatchObject({
      code: 0,
      stdout: `${file}: 3 files equal\n`,
    });
  });

  test("--check tells every difference, both ways", async () => {
    world.write(file, `files:\n${release[0]}${other}`);
    const { code, stdout } = await world.artifacts(["manifest", "--check", file, "--src", "out"]);

    expect(code).toBe(1);
    expect(stdout.trim().split("\n")).toEqual([
      `${file}:4:3: "v1.36.1/linux/amd64/kops": the manifest says sha256 ${sha256("something else")}, the file has ${sha256("linux/amd64/kops of 1.36.1")}`,
      `${file}:6:3: "v1.36.1/gone": not in ${world.path("out")}`,
      `${file}: "v1.36.1/linux/amd64/kops.sha256": not in the manifest`,
      `${file}: 1 file equal, 3 wrong`,
    ]);
  });

  test("--verify hashes what is listed again, and no more", async () => {
    world.write(file, `files:\n${release[0]}${other}`);
    const { code, stdout } = await world.artifacts(["manifest", "--verify", file, "--json"]);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      place: "gs://k8s-staging-kops/releases/",
      equal: 1,
      unlisted: [],
      gone: [{ name: "v1.36.1/gone" }],
      differing: [{ found: sha256("linux/amd64/kops of 1.36.1") }],
    });
  });
});

import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readLayout } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import { ConfigError, formatDiagnostic } from "../../lib/diagnostics";
import { FIXTURES, overlaidInputs } from "./support/overlaid-inputs";

const FILE_OF_LINES =
  "files:\n- name: v9/z\n  sha256: 1f0e8b1c4a5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7\n";

let root: string;
let remove: () => void;

beforeEach(() => {
  ({ root, remove } = overlaidInputs(join(FIXTURES, "base")));
});

afterEach(() => remove());

/** What a person is told who validates the folder. */
function said(): string {
  try {
    return loadEstate(readLayout({ root })).diagnostics.map(formatDiagnostic).join("\n");
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

function replace(path: string, make: (place: string) => void): void {
  rmSync(join(root, path), { recursive: true, force: true });
  make(join(root, path));
}

test("the inputs that the cases below break are fine", () => {
  expect(said()).toBe("");
});

test("of a filestore's folder that can not be read nobody says what it lacks", () => {
  rmSync(join(root, "filestores/oss-staging-anvil"), { recursive: true });
  symlinkSync("/etc", join(root, "filestores/oss-staging-anvil"));

  expect(said()).toContain(
    "filestores/oss-staging-anvil:1:1: error: the folder is a symbolic link that leaves the tree",
  );
  expect(said()).not.toContain("there is no filepromoter-manifest.yaml");
});

describe("cdktf.json, which a pull request may bring", () => {
  test.each(["/etc", "../..", "manifests/../../..", "/dev/zero", "a\u0000b", "a/".repeat(2000)])(
    "can not send the check out of the inputs with %j",
    (manifests) => {
      writeFileSync(join(root, "cdktf.json"), JSON.stringify({ context: { manifests } }));

      expect(said()).toMatch(/^cdktf\.json:1:1: error: context\.manifests: ".*" leaves the folder of the inputs\n/);
    },
  );

  test.each(["\\u001b[2J", "\\u009b", "\\u202e", "\\n", "\\ud800"])(
    "can not send control characters to a terminal with %s",
    (written) => {
      writeFileSync(join(root, "cdktf.json"), `{"context": {"groups": "gr${written}oups"}}`);

      expect(said()).toMatch(/^cdktf\.json:1:1: error: context\.groups: "gr\\\S+oups" holds a control character\n/);
    },
  );

  test.each(["::stop-commands::x", "##[error]x"])(
    "can not begin lines with a command to a CI runner: %s",
    (manifests) => {
      writeFileSync(join(root, "cdktf.json"), JSON.stringify({ context: { manifests } }));

      expect(said()).toMatch(/^cdktf\.json:1:1: error: context\.manifests: ".*" begins as a command to a CI runner\n/);
    },
  );

  test("can not do so through a link either", () => {
    writeFileSync(join(root, "cdktf.json"), JSON.stringify({ context: { infra: "elsewhere/passwd" } }));
    symlinkSync("/etc", join(root, "elsewhere"));

    expect(said()).toContain("elsewhere/passwd:1:1: error: the file is a symbolic link that leaves the tree");
  });

  test("a flag may lead anywhere", () => {
    const other = overlaidInputs(join(FIXTURES, "base"));
    rmSync(join(root, "manifests"), { recursive: true });
    try {
      const { estate } = loadEstate(readLayout({ root, manifests: join(other.root, "manifests") }));

      expect(estate?.manifests).toHaveLength(1);
    } finally {
      other.remove();
    }
  });

  test.each([
    { what: "a device without end", make: (place: string) => symlinkSync("/dev/zero", place), told: "leaves the tree" },
    { what: "a link to itself", make: (place: string) => symlinkSync("cdktf.json", place), told: "go in circles" },
    {
      what: "a pipe",
      make: (place: string) => void execFileSync("mkfifo", [place]),
      told: "expected a file, found no regular file",
    },
    { what: "a folder", make: (place: string) => mkdirSync(place), told: "expected a file, found a directory" },
    {
      what: "a gigabyte",
      make: (place: string) => {
        writeFileSync(place, "{}");
        truncateSync(place, 1e9);
      },
      told: "the file has 1000000000 bytes",
    },
  ])("is not read when it is $what", ({ make, told }) => {
    replace("cdktf.json", make);

    expect(said()).toMatch(new RegExp(`^cdktf\\.json:1:1: error: (?!.*ConfigError).*${told}`));
  });

  test("a mistake in it is told with its place and without its text", () => {
    writeFileSync(join(root, "cdktf.json"), "{\n  secret\u001b[31m");

    expect(said()).not.toContain("secret");
    writeFileSync(join(root, "cdktf.json"), '{\n  "secret" 1}');
    expect(said()).toMatch(/^cdktf\.json:\d+:\d+: error: this is no JSON\n/);
    expect(said()).not.toContain("secret");
  });
});

describe("something else in the place of a folder or file", () => {
  test.each([
    { path: "groups", make: (place: string) => symlinkSync("groups", place), told: "groups:1:1: error: the folder" },
    { path: "groups", make: (place: string) => writeFileSync(place, ""), told: "groups:1:1: error: the folder" },
    { path: "infra", make: (place: string) => writeFileSync(place, ""), told: "infra/gcp/infra.yaml:1:1: error: " },
    {
      path: "infra/gcp",
      make: (place: string) => symlinkSync("gcp", place),
      told: "infra/gcp/infra.yaml:1:1: error: ",
    },
    {
      path: "manifests/oss-staging-anvil",
      make: (place: string) => symlinkSync("oss-staging-anvil", place),
      told: "manifests/oss-staging-anvil:1:1: error: expected a file or a folder",
    },
    {
      path: "manifests/oss-staging-anvil/OWNERS",
      make: (place: string) => symlinkSync("/etc/hostname", place),
      told: "manifests/oss-staging-anvil/OWNERS:1:1: error: the file is a symbolic link that leaves the tree",
    },
    {
      path: "filestores/oss-staging-anvil",
      make: (place: string) => symlinkSync("nowhere", place),
      told: "filestores/oss-staging-anvil:1:1: error: expected a folder",
    },
    {
      path: "groups/sig-tools",
      make: (place: string) => symlinkSync("nowhere", place),
      told: "groups/sig-tools:1:1: error: expected a file or a folder",
    },
    {
      path: "groups/sig-tools/groups.yaml",
      make: (place: string) => mkdirSync(place),
      told: "groups/sig-tools/groups.yaml:1:1: error: expected a file or a folder",
    },
    {
      path: "groups/restrictions.yaml",
      make: (place: string) => mkdirSync(place),
      told: "groups/restrictions.yaml:1:1: error: expected a file, found a directory",
    },
    {
      path: "groups/config.yaml",
      make: (place: string) => symlinkSync("nowhere", place),
      told: "groups/config.yaml:1:1: error: the file can not be read: it does not exist",
    },
  ])("is an error with its place: $told", ({ path, make, told }) => {
    replace(path, make);

    expect(said()).toContain(told);
    expect(said().split(`${path}:1:1: error: `).length).toBeLessThanOrEqual(2);
  });
});

test("links that lead upwards, many of them, are not followed for ever", () => {
  for (const folder of ["groups", "filestores", "manifests/oss-staging-anvil"]) {
    for (const name of ["a", "b", "c", "d"]) symlinkSync(".", join(root, folder, name));
  }
  const start = process.cpuUsage();

  expect(said()).toContain("groups/a/b:1:1: error: expected a file or a folder");
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(10);
});

test.each(["groups", "filestores", "manifests/oss-staging-anvil"])(
  "folders in folders below %s, hundreds of them, cost no more than a few",
  (part) => {
    mkdirSync(join(root, part, "a/".repeat(900)), { recursive: true });
    const start = process.cpuUsage();

    loadEstate(readLayout({ root }));
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(2);
  },
);

test("a folder that lies too deep is an error with its place", () => {
  mkdirSync(join(root, "groups", "a/".repeat(32)), { recursive: true });
  expect(said()).toBe("");

  const deepest = `groups${"/a".repeat(33)}`;
  mkdirSync(join(root, deepest));
  expect(said()).toContain(`${deepest}:1:1: error: the folder lies 33 levels deep, at most 32 are read\n`);
});

test("a folder may be a link to another one of the inputs", () => {
  renameSync(join(root, "manifests/oss-staging-anvil"), join(root, "elsewhere"));
  symlinkSync("../elsewhere", join(root, "manifests/oss-staging-anvil"));

  expect(said()).toBe("");
});

describe("names of files", () => {
  test.each([
    { name: "a\nb.yaml", told: "a\\u000ab.yaml:1:1: error: " },
    { name: "a\u001b[31m.yaml", told: "a\\u001b[31m.yaml:1:1: error: " },
    { name: "a\u202elmay.b", told: "a\\u202elmay.b:1:1: error: " },
    { name: Buffer.from("a\xe9.yaml", "latin1"), told: "a\\ufffd.yaml:1:1: error: " },
  ])("that can not be shown as they are are refused: $told", ({ name, told }) => {
    const folder = Buffer.from(`${join(root, "manifests/oss-staging-anvil")}/`);
    writeFileSync(Buffer.concat([folder, Buffer.from(name)]), FILE_OF_LINES);

    expect(said()).toContain(`manifests/oss-staging-anvil/${told}`);
    expect(said().split("\n")).toHaveLength(2);
  });

  test("may hold spaces, quotes, and letters of any language", () => {
    writeFileSync(join(root, "manifests/oss-staging-anvil", `a 'b" ファイル.yaml`), FILE_OF_LINES);

    expect(said()).toBe("");
  });
});

test("thousands of folders without their other half are told, and of the first ones what may be meant", () => {
  for (let index = 0; index < 2500; index++) {
    mkdirSync(join(root, `filestores/d${index}`));
    mkdirSync(join(root, `manifests/m${index}`));
  }
  const text = said();

  expect(text).toContain("manifests/m0:1:1: error: m0: there is no filestore directory of this name");
  expect(text).toContain('Did you mean "d');
  // Guesses are a kindness and stop early; the mistakes are told all the same.
  expect(text.split("Did you mean").length).toBeLessThan(1000);
  expect(text.split("there is no filestore directory of this name").length - 1).toBe(2500);
});

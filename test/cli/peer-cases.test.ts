import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { identityOf } from "../../lib/cli/promote/promote-run";
import { loadPromotionInputs, type PromotionInputs } from "../../lib/cli/promote/promotion-inputs";
import type { Identity } from "../../lib/cloud/auth";
import { ConfigError } from "../../lib/diagnostics";
import type { Filestore } from "../../lib/model/filestores";
import { folderInventory } from "../../lib/promotion/folder-inventory";
import { manifestText } from "../../lib/promotion/manifest-yaml";
import { withRun } from "../../lib/promotion/run";
import { sha256 } from "./support/world";

/* The rules that kpromo's own tests know, with our answer to each. docs/peer-cases.md is the table; numbers are its rows. */

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "peer-"));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): string {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** One project as `--filestores FILE --files PATH` name it; what is wrong with it, as texts. */
function single(filestores: string, files: Readonly<Record<string, string>>, path = "files") {
  const file = write("project/filepromoter-manifest.yaml", filestores);
  for (const [name, text] of Object.entries(files)) write(`files/${name}`, text);
  try {
    const inputs = loadPromotionInputs({ filestores: file, files: join(root, path) }, []);
    return { inputs, mistakes: inputs.problems.map(({ summary }) => summary) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { inputs: undefined, mistakes: error.diagnostics.map(({ summary }) => summary) };
  }
}

const ok = "4f2f040fa2bfe9bea64911a2a756e8a1727a8bfd757c5e031631a6e699fcf246";
const stores = (...entries: readonly string[]) => `filestores:\n${entries.map((entry) => `- ${entry}\n`).join("")}`;
const twoStores = stores("{base: 'gs://staging-one/', src: true}", "{base: 'gs://production/one/'}");
const files = (...entries: readonly string[]) => `files:\n${entries.map((entry) => `- ${entry}\n`).join("")}`;
const oneFile = { "a.yaml": files(`{name: foo, sha256: ${ok}}`) };

/** Every line as `manifest name`, in the order in which it would be promoted. */
function lines({ directories }: PromotionInputs): readonly string[] {
  return directories.flatMap(({ manifests }) =>
    manifests.flatMap((manifest) =>
      manifest.lines.map(({ name }) => `${relative(root, join(process.cwd(), manifest.file))} ${name}`),
    ),
  );
}

describe("filestores", () => {
  test.each([
    { row: 1, what: "an empty list", yaml: "filestores: []\n", mistake: /filestores/ },
    { row: 2, what: "no list", yaml: "{}\n", mistake: /filestores: is required/ },
    {
      row: 3,
      what: "a source without destination",
      yaml: stores("{base: 'gs://src-bucket', src: true}"),
      mistake: /destination|at least/,
    },
    {
      row: 4,
      what: "a destination without source",
      yaml: stores("{base: 'gs://dest-one'}", "{base: 'gs://dest-two'}"),
      mistake: /src: true/,
    },
    {
      row: 5,
      what: "two sources",
      yaml: stores("{base: 'gs://src-one', src: true}", "{base: 'gs://src-two', src: true}", "{base: 'gs://dest-one'}"),
      mistake: /src: true/,
    },
    {
      row: 7,
      what: "a source without base",
      yaml: stores("{src: true}", "{base: 'gs://dest-one'}"),
      mistake: /base: is required/,
    },
    {
      row: 8,
      what: "another scheme",
      yaml: stores("{base: 'notsupported://src', src: true}", "{base: 's3://dest-one'}"),
      mistake: /expected gs:\/\//,
    },
    { row: 9, what: "files among filestores", yaml: `${twoStores}files: []\n`, mistake: /unknown key "files"/ },
  ])("row $row: $what is refused", ({ yaml, mistake }) => {
    const { inputs, mistakes } = single(yaml, oneFile);

    expect(inputs?.directories ?? []).toEqual([]);
    expect(mistakes).toContainEqual(expect.stringMatching(mistake));
  });

  test("row 6: one source and several destinations are fine", () => {
    const { inputs, mistakes } = single(
      stores("{base: 'gs://src-bucket', src: true}", "{base: 'gs://dest-one'}", "{base: 'gs://dest-two'}"),
      oneFile,
    );

    expect(mistakes).toEqual([]);
    expect(inputs?.directories[0]?.filestores.destinations.map(({ base }) => base)).toEqual([
      "gs://dest-one",
      "gs://dest-two",
    ]);
  });
});

describe("files", () => {
  test.each([
    { row: 10, what: "an empty list", yaml: "files: []\n" },
    { row: 11, what: "one file", yaml: files(`{name: foo, sha256: ${ok}}`) },
  ])("row $row: $what is fine", ({ yaml }) => {
    expect(single(twoStores, { "a.yaml": yaml }).mistakes).toEqual([]);
  });

  test.each([
    { row: 12, what: "no list, as kpromo writes it for an empty folder,", yaml: "{}\n", mistake: /files: is required/ },
    { row: 13, what: "a file without name", yaml: files(`{sha256: ${ok}}`), mistake: /name: is required/ },
    { row: 14, what: "a hash that is not hexadecimal", yaml: files("{name: foo, sha256: bad!}"), mistake: /sha256/ },
    { row: 15, what: "a file without hash", yaml: files("{name: foo}"), mistake: /sha256: is required/ },
    { row: 16, what: "a hash that is too short", yaml: files("{name: foo, sha256: abcd}"), mistake: /sha256/ },
    {
      row: 17,
      what: "filestores among files",
      yaml: `${files(`{name: foo, sha256: ${ok}}`)}filestores: []\n`,
      mistake: /unknown key "filestores"/,
    },
  ])("row $row: $what is refused", ({ yaml, mistake }) => {
    const { inputs, mistakes } = single(twoStores, { "a.yaml": yaml });

    expect(inputs?.directories ?? []).toEqual([]);
    expect(mistakes).toEqual([expect.stringMatching(mistake)]);
  });

  test("row 18: one bad manifest does not stop its neighbours", () => {
    const { inputs, mistakes } = single(twoStores, {
      ...oneFile,
      "b.yaml": files("{name: bar}"),
      "c.yaml": files("{name: baz}"),
    });

    expect(mistakes).toHaveLength(2);
    expect(inputs && lines(inputs)).toEqual(["files/a.yaml foo"]);
  });
});

describe("reading manifests", () => {
  const three = Object.fromEntries(
    ["red", "green", "blue"].map((color) => [`${color}.yaml`, files(`{name: ${color}, sha256: ${sha256(color)}}`)]),
  );

  test("row 19: one file of filestores and one of files", () => {
    const { inputs } = single(twoStores, three, "files/green.yaml");

    expect(inputs && lines(inputs)).toEqual(["files/green.yaml green"]);
    expect(inputs?.directories[0]?.filestores).toMatchObject({
      source: { bucket: "staging-one", prefix: "" },
      destinations: [{ bucket: "production", prefix: "one/" }],
    });
  });

  test("row 20: a folder of files is merged in the order of their paths, folders in it included", () => {
    const { inputs } = single(twoStores, { ...three, "green/deeper.yaml": files(`{name: deep, sha256: ${ok}}`) });

    expect(inputs && lines(inputs)).toEqual([
      "files/blue.yaml blue",
      "files/green.yaml green",
      "files/green/deeper.yaml deep",
      "files/red.yaml red",
    ]);
  });

  test("row 21: OWNERS and other files that are not YAML are no manifests", () => {
    const { inputs, mistakes } = single(twoStores, {
      ...three,
      OWNERS: "approvers: [somebody]\n",
      "README.md": "# Files\n",
    });

    expect(mistakes).toEqual([]);
    expect(inputs && lines(inputs)).toHaveLength(3);
  });

  test("row 20: a file that kpromo would read and whose name does not say YAML is not passed over", () => {
    const { inputs, mistakes } = single(twoStores, { ...three, "green/v2": files(`{name: deep, sha256: ${ok}}`) });

    expect(inputs && lines(inputs)).toHaveLength(3);
    expect(mistakes).toEqual(["this is no manifest by its name: nothing in it is read"]);
  });

  test("row 22: manifests in a folder of a project's folder, and files of other kinds, are refused, and the others promoted", () => {
    write("filestores/project1/filepromoter-manifest.yaml", twoStores);
    write("manifests/project1/a.yaml", oneFile["a.yaml"]);
    write("manifests/project1/old/b.yaml", three["red.yaml"] ?? "");
    write("manifests/project1/notes.txt", "notes");
    const { directories, problems } = loadPromotionInputs({ manifests: root }, []);

    expect(directories.flatMap(({ manifests }) => manifests.map(({ file }) => file))).toEqual([
      "manifests/project1/a.yaml",
    ]);
    expect(problems.map(({ at }) => at?.file)).toEqual(["manifests/project1/notes.txt", "manifests/project1/old"]);
  });

  test("a chosen directory whose file is missing is a mistake that is told", () => {
    write("filestores/project1/README.md", "");
    write("manifests/project1/a.yaml", oneFile["a.yaml"]);
    const { problems } = loadPromotionInputs({ manifests: root }, ["project1"]);

    expect(problems.map(({ rule }) => rule)).toEqual(["filestore/no-file"]);
  });

  test("row 22: a folder of projects pairs filestores with the manifests of the same name", () => {
    for (const project of ["project2", "project1"]) {
      write(`filestores/${project}/filepromoter-manifest.yaml`, twoStores.replaceAll("one", project));
      for (const [name, text] of Object.entries(three)) write(`manifests/${project}/${name}`, text);
    }
    const { directories, problems } = loadPromotionInputs({ manifests: root }, []);

    expect(problems).toEqual([]);
    expect(
      directories.map(({ filestores, manifests }) => [
        filestores.name,
        manifests.flatMap((manifest) => manifest.lines.map(({ name }) => name)),
      ]),
    ).toEqual([
      ["project1", ["blue", "green", "red"]],
      ["project2", ["blue", "green", "red"]],
    ]);
  });

  test("row 22: with --root, projects and accounts come from there", () => {
    write("artifacts/filestores/project1/filepromoter-manifest.yaml", twoStores);
    write("artifacts/manifests/project1/a.yaml", oneFile["a.yaml"]);
    write("infra/gcp/infra.yaml", "infra: {staging: {managed_by: x, projects: {elsewhere-entirely: }}}\n");
    const { directories, problems } = loadPromotionInputs({ root, manifests: "artifacts" }, []);

    expect(directories).toEqual([]);
    expect(problems.map(({ rule }) => rule)).toEqual(["filestore/source-bucket"]);
  });

  test("row 23: a project without manifests is fine, manifests without a project are not", () => {
    write("filestores/project1/filepromoter-manifest.yaml", twoStores);
    write("manifests/project3/a.yaml", oneFile["a.yaml"]);
    const { directories, problems } = loadPromotionInputs({ manifests: root }, []);

    expect(directories).toEqual([]);
    expect(problems.map(({ summary }) => summary)).toEqual([expect.stringContaining("project3")]);
  });
});

test("row 24: the files of a folder are hashed in the order of their names", async () => {
  for (const color of ["red", "green", "blue"]) write(`images/${color}.png`, color);
  const { hash } = folderInventory(join(root, "images"));

  expect(manifestText(await hash(() => undefined))).toBe(
    `files:\n${["blue", "green", "red"].map((color) => `- name: ${color}.png\n  sha256: ${sha256(color)}\n`).join("")}`,
  );
});

describe("identities", () => {
  const account = "good@project.iam.gserviceaccount.com";
  const destination = (serviceAccount?: string): Filestore => ({
    base: "gs://production/",
    scheme: "gs",
    bucket: "production",
    prefix: "",
    source: false,
    at: { file: "x", line: 1, column: 1 },
    ...(serviceAccount !== undefined && { serviceAccount }),
  });

  test.each([
    {
      row: 25,
      when: "a promotion names an account",
      flags: { confirm: true },
      names: account,
      is: { kind: "serviceAccount", email: account },
    },
    { row: 26, when: "a promotion names none", flags: { confirm: true }, names: undefined, is: { kind: "ambient" } },
    { row: 27, when: "a dry run", flags: {}, names: account, is: { kind: "anonymous" } },
    {
      row: 28,
      when: "a dry run with --use-service-account names none",
      flags: { useServiceAccount: true },
      names: undefined,
      is: { kind: "ambient" },
    },
    {
      row: 29,
      when: "a dry run with --use-service-account names an account",
      flags: { useServiceAccount: true },
      names: account,
      is: { kind: "serviceAccount", email: account },
    },
  ] satisfies readonly { row: number; when: string; flags: object; names: string | undefined; is: Identity }[])(
    "row $row: $when",
    async ({ flags, names, is }) => {
      const identity = await withRun({ identity: identityOf(flags) }, async (run) =>
        run.identityFor(destination(names)),
      );

      expect(identity).toEqual(is);
    },
  );
});

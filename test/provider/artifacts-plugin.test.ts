import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  artifactsPlugin,
  installPlugins,
  type LocalPlugin,
  offerPlugins,
  sharedPlugins,
} from "../../lib/constructs/artifacts-plugin";

const standIn: LocalPlugin = {
  source: "registry.terraform.io/hashicorp/google",
  version: "6.50.0",
  entry: "#terraform-provider-google",
};

const PACKAGE = "terraform.d/plugins/artifacts.internal/foundation/artifacts/0.1.0";

/** As Terraform writes it for a provider that came from the registry. */
const fromRegistry = `provider "registry.terraform.io/hashicorp/google" {
  version     = "6.50.0"
  constraints = "6.50.0"
  hashes = [
    "h1:79CwMTsp3Ud1nOl5hFS5mxQHyT0fGVye7pqpU0PPlHI=",
    "zh:1f3513fcfcbf7ca53d667a168c5067a4dd91a4d4cccd19743e248ff31065503c",
  ]
}
`;

describe("local plugins of a stack", () => {
  let outdir: string;
  let folder: string;

  beforeEach(() => {
    outdir = mkdtempSync(join(tmpdir(), "plugins-"));
    folder = join(outdir, "stacks", "groups");
    mkdirSync(folder, { recursive: true });
  });
  afterEach(() => rmSync(outdir, { recursive: true }));

  function install(...plugins: readonly LocalPlugin[]): void {
    installPlugins(folder, plugins, sharedPlugins(outdir, plugins));
  }

  function launchers(): readonly string[] {
    const mirror = join(folder, "terraform.d", "plugins");
    if (!existsSync(mirror)) return [];
    // From the link: readdir follows none below where it starts.
    const all = readdirSync(mirror, { recursive: true, encoding: "utf8" });
    return all
      .filter((path) => path.endsWith(".cjs"))
      .map((path) => join("terraform.d", "plugins", path))
      .sort();
  }

  function lock(): string {
    return readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
  }

  test("stand where Terraform looks, for each platform, ready to run", () => {
    install(artifactsPlugin);

    expect(launchers()).toEqual(
      ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"].map(
        (platform) => `${PACKAGE}/${platform}/terraform-provider-artifacts.cjs`,
      ),
    );
    expect(statSync(join(folder, launchers()[0] ?? "")).mode & 0o111).toBe(0o111);
  });

  test("have a launcher that is the same on every machine, so that its hash can stand in a lock file", () => {
    install(artifactsPlugin);

    const texts = launchers().map((path) => readFileSync(join(folder, path), "utf8"));
    expect(new Set(texts)).toEqual(
      new Set([
        '#!/usr/bin/env node\nrequire("node:module").createRequire(process.cwd() + "/")("#terraform-provider-artifacts");\n',
      ]),
    );
  });

  test("are locked, and locking again changes nothing", () => {
    install(artifactsPlugin);
    const first = lock();
    expect(first).toContain('provider "artifacts.internal/foundation/artifacts" {\n  version     = "0.1.0"\n');
    install(artifactsPlugin);
    expect(lock()).toBe(first);
  });

  test("leave other providers' entries and hashes alone", () => {
    writeFileSync(join(folder, ".terraform.lock.hcl"), `# made by init\n\n${fromRegistry}`);
    install(artifactsPlugin);
    expect(lock()).toContain(fromRegistry);
    expect(lock().indexOf("artifacts.internal")).toBeLessThan(lock().indexOf("registry.terraform.io"));
  });

  test("keep hashes that Terraform added to their own entry", () => {
    install(artifactsPlugin);
    const more = lock().replace("  ]", '    "zh:00",\n  ]');
    writeFileSync(join(folder, ".terraform.lock.hcl"), more);
    install(artifactsPlugin);
    expect(lock()).toBe(more);
  });

  test("replace the entry of another version", () => {
    install({ ...artifactsPlugin, version: "0.0.9" });
    install(artifactsPlugin);
    expect(lock()).not.toContain("0.0.9");
    expect(launchers().filter((path) => path.includes("0.0.9"))).toEqual([]);
  });

  test("go, with their entry, when a later synth doesn't want them", () => {
    install(standIn, artifactsPlugin);
    expect(lock()).toContain("hashicorp/google");

    install(artifactsPlugin);
    expect(lock()).not.toContain("hashicorp/google");
    expect(launchers().every((path) => path.includes("/foundation/artifacts/"))).toBe(true);
  });

  test("that go leave the entry of the real provider, which has other hashes", () => {
    install(standIn);
    writeFileSync(join(folder, ".terraform.lock.hcl"), fromRegistry);
    install();
    expect(lock()).toContain(fromRegistry);
    expect(launchers()).toEqual([]);
  });

  test("are made again where one was changed, lost its mode, or another file came to stand beside them", () => {
    install(artifactsPlugin);
    const before = launchers();
    const [first = "", second = "", third = ""] = before.map((path) => join(folder, path));
    const spoil = [
      () => writeFileSync(first, "changed"),
      () => chmodSync(second, 0o644),
      () => writeFileSync(join(third, "..", "other"), ""),
      () => rmSync(first),
    ];

    for (const each of spoil) {
      each();
      install(artifactsPlugin);
      expect(launchers()).toEqual(before);
      expect(readFileSync(first, "utf8")).toContain("#terraform-provider-artifacts");
      expect(statSync(second).mode & 0o111).toBe(0o111);
      expect(readdirSync(join(third, ".."))).toHaveLength(1);
    }
  });

  test.each(["terraform.d/plugins", `${PACKAGE}/linux_amd64`])(
    "are offered where an earlier synth was killed when it had made %s",
    (made) => {
      mkdirSync(join(folder, made), { recursive: true });
      offerPlugins(folder, [artifactsPlugin]);

      expect(launchers()).toHaveLength(4);
    },
  );

  test("that are as they should be are not written again", () => {
    install(artifactsPlugin);
    for (const path of launchers()) utimesSync(join(folder, path), 1, 1);
    install(artifactsPlugin);
    expect(launchers().map((path) => statSync(join(folder, path)).mtimeMs)).toEqual([1000, 1000, 1000, 1000]);
  });

  test("are one copy for all stacks of a synth, found through a link that may move with its output folder", () => {
    install(artifactsPlugin);
    const other = join(outdir, "stacks", "promote-hello");
    mkdirSync(other);
    installPlugins(other, [artifactsPlugin], sharedPlugins(outdir, [artifactsPlugin]));

    const moved = `${outdir}-moved`;
    renameSync(outdir, moved);
    const [link, same] = [folder, other].map((path) =>
      realpathSync(join(path.replace(outdir, moved), "terraform.d", "plugins")),
    );
    renameSync(moved, outdir);
    expect(link).toBe(same);
    expect(link).toMatch(new RegExp(`^${realpathSync(outdir)}-moved/plugins/[0-9a-f]{16}/plugins$`));
  });

  test("take the place of those that an earlier version wrote into each stack's directory", () => {
    offerPlugins(folder, [standIn]);
    writeFileSync(join(folder, ".terraform.lock.hcl"), "");
    install();
    expect(launchers()).toEqual([]);

    offerPlugins(folder, [standIn]);
    install(artifactsPlugin);
    expect(launchers().every((path) => path.includes("/foundation/artifacts/"))).toBe(true);
    expect(launchers()).toHaveLength(4);
  });

  test("fail where a folder has the lock file's place, and name it", () => {
    const place = join(folder, ".terraform.lock.hcl");
    mkdirSync(place);

    expect(() => install(artifactsPlugin)).toThrow(`${place}: the file can not be read: EISDIR`);
  });

  test("write nothing where there is nothing to say", () => {
    install();
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("the provider's version and entry are those of package.json", () => {
  const manifest = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
  expect(artifactsPlugin.version).toBe(manifest.version);
  expect(manifest.imports[artifactsPlugin.entry]).toBe("./dist/lib/provider/main.js");
});

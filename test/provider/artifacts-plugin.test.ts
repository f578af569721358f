import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artifactsPlugin, installPlugins, type LocalPlugin, offerPlugins } from "../../lib/constructs/artifacts-plugin";

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
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugins-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function launchers(): readonly string[] {
    const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return all.filter((path) => path.endsWith(".cjs")).sort();
  }

  function lock(): string {
    return readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
  }

  test("stand where Terraform looks, for each platform, ready to run", () => {
    installPlugins(folder, [artifactsPlugin]);

    expect(launchers()).toEqual(
      ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"].map(
        (platform) => `${PACKAGE}/${platform}/terraform-provider-artifacts.cjs`,
      ),
    );
    expect(statSync(join(folder, launchers()[0] ?? "")).mode & 0o111).toBe(0o111);
  });

  test("have a launcher that is the same on every machine, so that its hash can stand in a lock file", () => {
    installPlugins(folder, [artifactsPlugin]);

    const texts = launchers().map((path) => readFileSync(join(folder, path), "utf8"));
    expect(new Set(texts)).toEqual(
      new Set([
        '#!/usr/bin/env node\nrequire("node:module").createRequire(process.cwd() + "/")("#terraform-provider-artifacts");\n',
      ]),
    );
  });

  test("are locked, and locking again changes nothing", () => {
    installPlugins(folder, [artifactsPlugin]);
    const first = lock();
    expect(first).toContain('provider "artifacts.internal/foundation/artifacts" {\n  version     = "0.1.0"\n');
    installPlugins(folder, [artifactsPlugin]);
    expect(lock()).toBe(first);
  });

  test("leave other providers' entries and hashes alone", () => {
    writeFileSync(join(folder, ".terraform.lock.hcl"), `# made by init\n\n${fromRegistry}`);
    installPlugins(folder, [artifactsPlugin]);
    expect(lock()).toContain(fromRegistry);
    expect(lock().indexOf("artifacts.internal")).toBeLessThan(lock().indexOf("registry.terraform.io"));
  });

  test("keep hashes that Terraform added to their own entry", () => {
    installPlugins(folder, [artifactsPlugin]);
    const more = lock().replace("  ]", '    "zh:00",\n  ]');
    writeFileSync(join(folder, ".terraform.lock.hcl"), more);
    installPlugins(folder, [artifactsPlugin]);
    expect(lock()).toBe(more);
  });

  test("replace the entry of another version", () => {
    installPlugins(folder, [{ ...artifactsPlugin, version: "0.0.9" }]);
    installPlugins(folder, [artifactsPlugin]);
    expect(lock()).not.toContain("0.0.9");
    expect(launchers().filter((path) => path.includes("0.0.9"))).toEqual([]);
  });

  test("go, with their entry, when a later synth doesn't want them", () => {
    installPlugins(folder, [standIn, artifactsPlugin]);
    expect(lock()).toContain("hashicorp/google");

    installPlugins(folder, [artifactsPlugin]);
    expect(lock()).not.toContain("hashicorp/google");
    expect(launchers().every((path) => path.includes("/foundation/artifacts/"))).toBe(true);
  });

  test("that go leave the entry of the real provider, which has other hashes", () => {
    installPlugins(folder, [standIn]);
    writeFileSync(join(folder, ".terraform.lock.hcl"), fromRegistry);
    installPlugins(folder, []);
    expect(lock()).toContain(fromRegistry);
    expect(launchers()).toEqual([]);
  });

  test("are made again where one was changed, lost its mode, or another file came to stand beside them", () => {
    installPlugins(folder, [artifactsPlugin]);
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
      installPlugins(folder, [artifactsPlugin]);
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
    installPlugins(folder, [artifactsPlugin]);
    for (const path of launchers()) utimesSync(join(folder, path), 1, 1);
    installPlugins(folder, [artifactsPlugin]);
    expect(launchers().map((path) => statSync(join(folder, path)).mtimeMs)).toEqual([1000, 1000, 1000, 1000]);
  });

  test("write nothing where there is nothing to say", () => {
    installPlugins(folder, []);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("the provider's version and entry are those of package.json", () => {
  const manifest = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
  expect(artifactsPlugin.version).toBe(manifest.version);
  expect(manifest.imports[artifactsPlugin.entry]).toBe("./dist/lib/provider/main.js");
});

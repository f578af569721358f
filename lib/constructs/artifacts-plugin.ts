import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { ISynthesisSession, TerraformStack } from "cdktf";
import { forgetBackendOfAnotherTarget } from "./backend-record";
import { type LockEntry, mergeLock } from "./dependency-lock";

/** A Terraform provider that is a module of this repository. */
export interface LocalPlugin {
  /** Its address, e.g. `artifacts.internal/foundation/artifacts`. */
  readonly source: string;

  /** Exact version, as the stacks require it. */
  readonly version: string;

  /** The entry of `imports` in package.json that serves it, e.g. `#terraform-provider-artifacts`. */
  readonly entry: string;
}

/** The provider of promotions and groups. Its version is the one of package.json. */
export const artifactsPlugin: LocalPlugin = {
  source: "artifacts.internal/foundation/artifacts",
  version: "0.1.0",
  entry: "#terraform-provider-artifacts",
};

/** Node runs the same launcher on all of them. */
const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"];

/** Where Terraform looks for providers below a stack's directory before it asks any registry. */
const MIRROR = join("terraform.d", "plugins");
const LOCK_FILE = ".terraform.lock.hcl";

/**
 * Lets Terraform find `plugins`, and no other local provider, in the stack's directory: synth writes a launcher for each
 * and its entry in the lock file, without which the CLI would ask a registry for it. What an earlier synth installed
 * and this one doesn't want is removed, so that a stand-in never outlives the target it was made for.
 */
export function useLocalPlugins(stack: TerraformStack, plugins: readonly LocalPlugin[]): void {
  const inner = stack.synthesizer;
  stack.synthesizer = {
    synthesize(session: ISynthesisSession) {
      inner.synthesize(session);
      const { workingDirectory } = session.manifest.forStack(stack);
      const folder = join(session.outdir, workingDirectory);
      installPlugins(folder, plugins);
      forgetBackendOfAnotherTarget(folder);
    },
  };
}

/** Makes the implied mirror below `folder` hold exactly `plugins`, and the lock file agree. */
export function installPlugins(folder: string, plugins: readonly LocalPlugin[]): void {
  const mirror = join(folder, MIRROR);
  const present = filesIn(mirror);
  const isInstalled = holdsExactly(mirror, present, plugins);
  const stale = isInstalled ? [] : present.filter(isLauncher).map((file) => hashOf(join(mirror, file)));
  if (!isInstalled) {
    rmSync(mirror, { recursive: true, force: true });
    for (const plugin of plugins) writeLaunchers(mirror, plugin);
  }

  const lockPath = join(folder, LOCK_FILE);
  const current = readIfPresent(lockPath);
  const merged = mergeLock(current, plugins.map(lockEntry), stale);
  if (merged !== current) writeFileSync(lockPath, merged);
}

/**
 * Makes `plugins`, and no other launchers of ours, present below `folder`, from where `terraform -chdir=STACK` is started:
 * Terraform looks for local providers before it changes the directory, and takes what it found from the place of the same
 * name after. Whatever else lies there is left alone.
 */
export function offerPlugins(folder: string, plugins: readonly LocalPlugin[]): void {
  const mirror = join(folder, MIRROR);
  const launchers = filesIn(mirror).filter(isLauncher);
  if (holdsExactly(mirror, launchers, plugins)) return;
  for (const launcher of launchers) rmSync(join(mirror, launcher, "..", ".."), { recursive: true, force: true });
  for (const plugin of plugins) writeLaunchers(mirror, plugin);
}

function writeLaunchers(mirror: string, plugin: LocalPlugin): void {
  const folder = packageFolder(mirror, plugin);
  for (const platform of PLATFORMS) {
    // It may be there already: a synth that was killed leaves folders without launchers.
    mkdirSync(join(folder, platform), { recursive: true });
    writeFileSync(join(folder, platform, launcherName(plugin)), launcherText(plugin), { mode: 0o755 });
  }
}

/** Whether an earlier synth left nothing to do. */
function holdsExactly(mirror: string, present: readonly string[], plugins: readonly LocalPlugin[]): boolean {
  const isThere = (path: string, text: string) =>
    present.includes(relative(mirror, path)) &&
    readFileSync(path, "utf8") === text &&
    (statSync(path).mode & 0o111) > 0;
  return (
    present.length === plugins.length * PLATFORMS.length &&
    plugins.every((plugin) =>
      PLATFORMS.every((platform) =>
        isThere(join(packageFolder(mirror, plugin), platform, launcherName(plugin)), launcherText(plugin)),
      ),
    )
  );
}

function packageFolder(mirror: string, { source, version }: LocalPlugin): string {
  return join(mirror, source, version);
}

/**
 * The same on every machine, as its hash stands in the lock file: no path, no code. It resolves from the working
 * directory, which is the stack's: Terraform's plugin cache may have led here from another checkout.
 */
function launcherText({ entry }: LocalPlugin): string {
  return `#!/usr/bin/env node\nrequire("node:module").createRequire(process.cwd() + "/")(${JSON.stringify(entry)});\n`;
}

/** Without a version, which Node would take for a file extension it doesn't know. */
function launcherName({ source }: LocalPlugin): string {
  return `terraform-provider-${basename(source)}.cjs`;
}

function lockEntry(plugin: LocalPlugin): LockEntry {
  const hash = packageHash(launcherName(plugin), launcherText(plugin));
  return { source: plugin.source, version: plugin.version, hash };
}

/** Terraform's `h1:` hash of a provider package that holds one file. */
function packageHash(name: string, text: string): string {
  const inner = createHash("sha256").update(text).digest("hex");
  return `h1:${createHash("sha256").update(`${inner}  ${name}\n`).digest("base64")}`;
}

function hashOf(launcher: string): string {
  return packageHash(basename(launcher), readFileSync(launcher, "utf8"));
}

function isLauncher(file: string): boolean {
  return /(^|\/)terraform-provider-[^/]+\.cjs$/.test(file);
}

/** Relative to `folder`. */
function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function readIfPresent(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isNotFound(error)) return "";
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  // Not instanceof: where tests run in a realm of their own, Node's errors are of another class.
  return typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";
}

import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
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

/** Where Terraform looks for providers below a stack's directory before it asks any registry: in `plugins` below this. */
const PLACE = "terraform.d";
const MIRROR = join(PLACE, "plugins");
const LOCK_FILE = ".terraform.lock.hcl";

/** Below the output folder: the launchers that the stacks of one synth share. */
const SHARED = "plugins";

/**
 * Lets Terraform find `plugins`, and no other local provider, in the stack's directory: synth links to the launchers
 * there and writes their entries in the lock file, without which the CLI would ask a registry for them. What an earlier
 * synth installed and this one doesn't want is removed, so that a stand-in never outlives the target it was made for.
 */
export function useLocalPlugins(stack: TerraformStack, plugins: readonly LocalPlugin[]): void {
  const inner = stack.synthesizer;
  stack.synthesizer = {
    synthesize(session: ISynthesisSession) {
      inner.synthesize(session);
      const { workingDirectory } = session.manifest.forStack(stack);
      const folder = join(session.outdir, workingDirectory);
      installPlugins(folder, plugins, pluginsOfSession(session, plugins));
      forgetBackendOfAnotherTarget(folder);
    },
  };
}

/** Launchers are looked at once per synth: an estate has thousands of stacks with the same. */
const foldersOfSessions = new WeakMap<ISynthesisSession, Map<string, string>>();

function pluginsOfSession(session: ISynthesisSession, plugins: readonly LocalPlugin[]): string {
  const known = foldersOfSessions.get(session) ?? new Map<string, string>();
  foldersOfSessions.set(session, known);
  const sources = plugins.map(({ source }) => source).join();
  const folder = known.get(sources) ?? sharedPlugins(session.outdir, plugins);
  known.set(sources, folder);
  return folder;
}

/**
 * A folder below `outdir` whose mirror holds exactly `plugins`. It is named by what it holds, so that what another stack's
 * link leads to never changes. Returns its path; writes nothing where there are no plugins.
 */
export function sharedPlugins(outdir: string, plugins: readonly LocalPlugin[]): string {
  const contents = plugins.map((plugin) => `${plugin.source} ${plugin.version} ${lockEntry(plugin).hash}`).join("\n");
  const folder = join(outdir, SHARED, createHash("sha256").update(contents).digest("hex").slice(0, 16));
  placeLaunchers(join(folder, basename(MIRROR)), plugins, () => true);
  return folder;
}

/** Makes the implied mirror below `folder` a link to that of `shared`, which holds `plugins`, and the lock file agree. */
export function installPlugins(folder: string, plugins: readonly LocalPlugin[], shared: string): void {
  const stale = relink(folder, plugins.length === 0 ? undefined : relative(folder, shared));

  const lockPath = join(folder, LOCK_FILE);
  const text = readIfPresent(lockPath);
  const merged = mergeLock(text, plugins.map(lockEntry), stale);
  if (merged !== text) writeFileSync(lockPath, merged);
}

/** Makes the place of plugins a link to `target`, or nothing. Returns the hashes of the launchers that were there instead. */
function relink(folder: string, target: string | undefined): readonly string[] {
  const place = join(folder, PLACE);
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found === undefined) {
    if (target !== undefined) link(target, place);
    return [];
  }
  const current = found.isSymbolicLink() ? readlinkSync(place) : undefined;
  if (current !== undefined && current === target) return [];
  const mirror = join(folder, MIRROR);
  const stale = filesIn(mirror)
    .filter(isLauncher)
    .map((file) => hashOf(join(mirror, file)));
  if (target === undefined || current === undefined) rmSync(place, { recursive: true, force: true });
  if (target !== undefined) link(target, place);
  return stale;
}

/** Through a rename, so that two syntheses at once don't meet each other's link. */
function link(target: string, place: string): void {
  const temporary = `${place}.${process.pid}`;
  symlinkSync(target, temporary);
  renameSync(temporary, place);
}

/**
 * Makes `plugins`, and no other launchers of ours, present below `folder`, from where `terraform -chdir=STACK` is started:
 * Terraform looks for local providers before it changes the directory, and takes what it found from the place of the same
 * name after. Whatever else lies there is left alone.
 */
export function offerPlugins(folder: string, plugins: readonly LocalPlugin[]): void {
  placeLaunchers(join(folder, MIRROR), plugins, isLauncher);
}

/**
 * Makes `mirror` hold the launchers of `plugins`, and none beside them of the files that are `ours`. Two syntheses at once
 * write the same, and neither takes away what the other just wrote.
 */
function placeLaunchers(mirror: string, plugins: readonly LocalPlugin[], isOurs: (file: string) => boolean): void {
  const wanted = new Map(plugins.flatMap((plugin) => launchersOf(plugin)));
  for (const file of filesIn(mirror)) {
    if (isOurs(file) && !wanted.has(file)) removeStray(mirror, file, [...wanted.keys()]);
  }
  for (const [file, text] of wanted) {
    const path = join(mirror, file);
    if (isIntact(path, text)) continue;
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode: 0o755 });
  }
}

/** With its package, unless that is a wanted one: Terraform takes an empty folder for a provider as well. */
function removeStray(mirror: string, file: string, wanted: readonly string[]): void {
  const version = dirname(dirname(file));
  const isInWantedPackage = wanted.some((path) => path.startsWith(`${version}/`));
  rmSync(join(mirror, isInWantedPackage || version === "." ? file : version), { recursive: true, force: true });
}

function isIntact(path: string, text: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && (found.mode & 0o111) > 0 && readFileSync(path, "utf8") === text;
}

/** Paths below a mirror, with their texts. */
function launchersOf(plugin: LocalPlugin): [string, string][] {
  return PLATFORMS.map((platform) => [
    join(plugin.source, plugin.version, platform, launcherName(plugin)),
    launcherText(plugin),
  ]);
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
    // Node names no file where a folder has its place. Whatever it throws is an Error.
    throw new Error(`${path}: the file can not be read: ${(error as Error).message}`, { cause: error });
  }
}

function isNotFound(error: unknown): boolean {
  // Not instanceof: where tests run in a realm of their own, Node's errors are of another class.
  return typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";
}

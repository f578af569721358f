import { existsSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Layout, type LayoutOverrides, readLayout } from "../../config/layout";
import { loadEstate } from "../../config/load";
import { isInside } from "../../config/read-text";
import type { Diagnostic } from "../../diagnostics";
import type { FilestoreDirectory } from "../../model/filestores";
import type { Draft } from "../../model/rules/draft";
import { isRivalOf } from "../../model/rules/filestores";
import { quote } from "../../model/suggest";
import type { AllowedAccounts, PromotionDirectory } from "../../promotion/types";
import { chooseProject } from "../choose-project";
import { assertInputs, concernsAny, concernsLines } from "../concerning";
import { allowedAccounts, NO_SURROUNDINGS, type Requested, requestFor } from "../promotion-request";
import { UsageError } from "../usage-error";
import { loadSingleProject } from "./single-project";

export interface PromotionFlags extends LayoutOverrides {
  readonly files?: string;
}

/** What there is to promote. What holds a mistake is left out and told: it does not stop the rest. */
export interface PromotionInputs {
  readonly root: string;
  readonly directories: readonly PromotionDirectory[];
  readonly problems: readonly Diagnostic[];

  /** What is passed over on purpose, or smells. */
  readonly warnings: readonly Diagnostic[];

  /** Accounts that may be acted as; without a defaults.yaml nobody has said. */
  readonly allowedServiceAccounts: AllowedAccounts;
}

/** What the inputs say in whose root the files lie, or that the flags name. */
export interface Around extends Pick<PromotionInputs, "allowedServiceAccounts"> {
  /** All of these inputs, where the files belong to them. */
  readonly estate?: Draft;
}

/** Reads the inputs the way the flags mean them: ours, or kpromo's of the same names. */
export function loadPromotionInputs(flags: PromotionFlags, names: readonly string[]): PromotionInputs {
  if (kpromosFolder(flags) !== undefined && namesOneProject(flags)) return theFolderAlone(flags, names);
  const { filestores, files, manifests } = flags;
  if (files !== undefined) {
    if (manifests !== undefined) {
      const folder = quote(manifests);
      throw new UsageError(`--files names one project, and --manifests ${folder} a folder of many: give one of them`);
    }
    if (filestores === undefined) throw new UsageError("--filestores is required with --files");
    if (names.length > 0) throw new UsageError("--files names one project: no directories can be chosen besides");
    return loadSingleProject(filestores, files, around(filestores, flags));
  }
  if (filestores !== undefined && isFile(filestores)) {
    throw new UsageError("--files is required when --filestores names one file");
  }
  const layout = layoutOf(flags);
  assertInputs(layout);
  const { draft, diagnostics } = loadEstate(layout);
  const concerning = diagnostics.filter((each) => concernsPromotion(each, layout));
  if (flags.manifests !== undefined && draft.manifests.length === 0 && !concerning.some(isError)) {
    throw new UsageError(
      `--manifests ${quote(flags.manifests)}: it holds no manifest, and no filestores/ and manifests/`,
    );
  }
  const own: Around = { estate: draft, allowedServiceAccounts: allowedAccounts(draft) };
  const other = has(layout, "infra") && has(layout, "defaults") ? own : around(layout.root, flags);
  const { projects, staging } = (has(layout, "infra") ? own : other).estate ?? NO_SURROUNDINGS;
  const usable = withoutBroken({ ...draft, projects, staging }, concerning.filter(isError));
  const wanted = names.length === 0 ? undefined : names.flatMap((name) => directoriesOf(draft, name));
  const told = concerning.filter((each) => wanted === undefined || concernsAny(each, wanted));
  const isWanted = ({ name }: FilestoreDirectory) => wanted?.includes(name) ?? true;
  const { directories } = requestFor({ ...usable, filestores: usable.filestores.filter(isWanted) });
  return {
    root: layout.root,
    directories,
    problems: told.filter(isError),
    warnings: told.filter((each) => !isError(each)),
    allowedServiceAccounts: (has(layout, "defaults") ? own : other).allowedServiceAccounts,
  };
}

function namesOneProject({ files, filestores }: PromotionFlags): boolean {
  return files !== undefined || (filestores !== undefined && isFile(filestores));
}

/** As kpromo does it, and said, which kpromo does not. */
function theFolderAlone(
  { files: _, filestores: __, ...flags }: PromotionFlags,
  names: readonly string[],
): PromotionInputs {
  const inputs = loadPromotionInputs(flags, names);
  const summary = `--manifests ${quote(flags.manifests ?? "")} is promoted alone: --filestores and --files beside it count for nothing`;
  const detail = "kpromo does the same. Leave them out, or leave --manifests out.";
  return { ...inputs, warnings: [...inputs.warnings, { severity: "warning", summary, detail }] };
}

/**
 * kpromo's flags name files anywhere. Of those that lie within the inputs, what these inputs say holds all the same; who
 * names a root, a defaults.yaml or an infra.yaml means what it says wherever the files lie.
 */
function around(place: string, { root, defaults, infra }: PromotionFlags): Around {
  const named = { ...(root !== undefined && { root }), ...(infra !== undefined && { infra }) };
  const layout = readLayout({ ...named, ...(defaults !== undefined && { defaults }) });
  for (const [flag, part] of [
    ["--infra", infra && "infra"],
    ["--defaults", defaults && "defaults"],
  ] as const) {
    if (part && !has(layout, part)) throw new UsageError(`${flag} ${quote(layout[part])}: no such file`);
  }
  const isWithin = root !== undefined || isInside(realPath(layout.root), realPath(place));
  if (!isWithin && defaults === undefined && infra === undefined) return { allowedServiceAccounts: "any" };
  const { draft } = loadEstate(layout);
  return {
    ...((isWithin || infra !== undefined) && { estate: draft }),
    allowedServiceAccounts: isWithin || defaults !== undefined ? allowedAccounts(draft) : "any",
  };
}

/** Where it really is; what is not there is told by whoever reads it. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync.native(path) : resolve(path);
}

function has(layout: Layout, part: "infra" | "defaults"): boolean {
  return existsSync(resolve(layout.root, layout[part]));
}

/** kpromo's `--manifests` is the folder that holds `filestores/` and `manifests/`; ours is the second of these itself. */
function kpromosFolder({ manifests, root }: PromotionFlags): string | undefined {
  if (manifests === undefined) return undefined;
  const folder = resolve(root ?? ".", manifests);
  return ["filestores", "manifests"].every((part) => existsSync(join(folder, part))) ? folder : undefined;
}

function layoutOf(flags: PromotionFlags): Layout {
  const { filestores, root } = flags;
  const folder = filestores === undefined ? kpromosFolder(flags) : undefined;
  if (folder === undefined) return readLayout(flags);
  const parts = { filestores: join(folder, "filestores"), manifests: join(folder, "manifests") };
  if (root !== undefined) {
    const inputs = readLayout({ root }).root;
    const within = (path: string) => relative(inputs, path);
    return readLayout({ ...flags, filestores: within(parts.filestores), manifests: within(parts.manifests) });
  }
  return readLayout({ ...flags, root: folder, filestores: "filestores", manifests: "manifests" });
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

/** A mistake among the groups, or a missing infra.yaml, is for `artifacts check` to tell. */
function concernsPromotion(found: Diagnostic, layout: Layout): boolean {
  const { at, rule } = found;
  if (at === undefined) return true;
  if (rule === "layout/missing") return at.file === layout.filestores || at.file === layout.manifests;
  // What infra.yaml can't say with mistakes in it, such as who is retired, may concern any line.
  return at.file === layout.defaults || (at.file === layout.infra && isError(found)) || concernsLines(found, layout);
}

/** Leaves out what is broken. Lines that contradict one another stay: the engine refuses both, this one would take one. */
function withoutBroken(draft: Requested, problems: readonly Diagnostic[]): Requested {
  const broken = new Set(problems.filter(({ rule }) => rule !== "manifest/conflict").map(({ at }) => at?.file));
  // The rule blames one of two; which of them is in the right is not for a promotion to decide.
  const isOverlapping = problems.some(({ rule }) => rule === "filestore/overlap");
  return {
    ...draft,
    filestores: draft.filestores.filter(
      (directory) => !broken.has(directory.file) && !(isOverlapping && draft.filestores.some(isRivalOf(directory))),
    ),
    manifests: draft.manifests.filter(({ file }) => !broken.has(file)),
  };
}

/** A name that a directory has means this one alone, else all that promote from the staging project's bucket. */
function directoriesOf(draft: Draft, asked: string): readonly string[] {
  const { directory, filestores } = chooseProject(draft, asked);
  if (directory !== undefined) return [directory];
  if (filestores.length > 0) return filestores.map(({ name }) => name);
  throw new UsageError(`staging project ${quote(asked)} has no filestore`);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

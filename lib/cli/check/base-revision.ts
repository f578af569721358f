import { join, relative, resolve } from "node:path";
import { Inputs } from "../../config/inputs";
import { LAYOUT_PARTS, type Layout, type LayoutOverrides, readLayout } from "../../config/layout";
import { loadEstate } from "../../config/load";
import { adoptFolder } from "../../config/load-adoptions";
import { loadGroupsConfig } from "../../config/load-groups-config";
import { isInside } from "../../config/read-text";
import { Tree } from "../../config/tree";
import type { Diagnostic } from "../../diagnostics";
import type { Draft } from "../../model/rules/draft";
import { quote } from "../../model/suggest";
import { type Revision, readRevision } from "../git";
import { UsageError } from "../usage-error";
import { changedFiles } from "./changed-files";

/** The inputs as they were before a change, and the files in which the change differs from them. */
export interface Base {
  readonly revision: string;
  readonly commit: string;
  readonly layout: Layout;
  readonly draft: Draft;

  /** What is wrong with it. */
  readonly diagnostics: readonly Diagnostic[];

  /** Changed, added and removed files, relative to the root of either. */
  readonly changed: readonly string[];
}

/** Both usual places: which of them a base used is seen once it is laid out. */
const USUAL = ["infra", "groups", "filestores", "manifests", "artifacts/filestores", "artifacts/manifests"];

/** Reads the inputs of a base revision. Where they stood is said by its own cdktf.json: the change's has no say in it. */
export async function readBase(head: Layout, flags: LayoutOverrides, revision: string, today: string): Promise<Base> {
  const found = await readRevision(resolve(flags.root ?? "."), revision);
  try {
    const layout = await layOut(found, flags);
    const { draft, diagnostics } = loadEstate(layout, today);
    return { revision, commit: found.commit, layout, draft, diagnostics, changed: changedFiles(layout, head) };
  } finally {
    found.remove();
  }
}

/** Lays out all that a loader reads: where it stands is told by cdktf.json, and of groups by their config.yaml. */
async function layOut(found: Revision, flags: LayoutOverrides): Promise<Layout> {
  await found.layOut(["cdktf.json"]);
  const ofBase = () => readLayout({ ...flags, ...(flags.root !== undefined && { root: "." }) }, found.folder);
  const { root, ...places } = ofBase();
  if (!isInside(found.top, root)) {
    const summary = "the root that cdktf.json names lies outside of its Git repository";
    throw new UsageError(`--base ${found.commit}: ${summary}. Name the folder of the inputs with --root`);
  }
  const inRoot = (paths: readonly string[]) => paths.map((path) => relative(found.folder, join(root, path)) || ".");
  const parts = [...LAYOUT_PARTS.map((part) => places[part]), adoptFolder(places.infra)];
  const named = parts.filter((path) => !path.startsWith("/"));
  await found.layOut(inRoot([...USUAL, ...named]));
  const layout = ofBase();
  refuseSubmodules(found, inRoot(named));
  const groups = loadGroupsConfig(new Inputs(new Tree(root), () => undefined), layout.groups);
  await found.layOut(inRoot([groups.folder, groups.restrictions]));
  return layout;
}

/** What a base has in another repository is not known here: it would be taken for nothing. */
function refuseSubmodules({ commit, submodules }: Revision, places: readonly string[]): void {
  const isAt = (submodule: string) =>
    places.some((place) => `${place}/`.startsWith(`${submodule}/`) || submodule.startsWith(`${place}/`));
  const found = submodules.find(isAt);
  if (found === undefined) return;
  throw new UsageError(
    `--base ${commit}: ${quote(found)} is a submodule, which is not read. Keep inputs in this repository`,
  );
}

import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { ConfigError, type Diagnostic } from "../diagnostics";
import { plainTextProblem } from "../model/plain-text";
import { quote } from "../model/suggest";
import { isInside } from "./read-text";
import { Tree } from "./tree";

/** The inputs that a layout places, each a path relative to the root. */
export const LAYOUT_PARTS = ["infra", "defaults", "groups", "filestores", "manifests"] as const;

export type LayoutPart = (typeof LAYOUT_PARTS)[number];

/** Where the inputs stand. Everything but `root` is relative to it, with `/` between parts. */
export interface Layout extends Readonly<Record<LayoutPart, string>> {
  /** Absolute path of the folder that diagnostics name files relative to. */
  readonly root: string;

  /** The parts that flags or cdktf.json name: where those are missing, somebody mistyped them. */
  readonly named: ReadonlySet<LayoutPart>;

  /** Those of them that a flag names: whoever runs the command may lead it anywhere, a file of the inputs may not. */
  readonly namedByFlag: ReadonlySet<LayoutPart>;
}

/** What flags or cdktf.json's `context` say; anything else in a context is somebody else's. */
export type LayoutOverrides = { readonly [part in LayoutPart | "root"]?: string };

const USUAL: Readonly<Record<LayoutPart, string>> = {
  infra: "infra/gcp/infra.yaml",
  defaults: "infra/gcp/defaults.yaml",
  groups: "groups",
  filestores: "filestores",
  manifests: "manifests",
};

/** In a checkout of kubernetes/k8s.io these two stand one folder further down. */
const K8S_IO: Partial<Readonly<Record<LayoutPart, string>>> = {
  filestores: "artifacts/filestores",
  manifests: "artifacts/manifests",
};

/**
 * Flags win over `context` of the cdktf.json that stands in `--root` (by default the working directory), which wins over
 * the usual places. Its `root` is relative to it, so that a command reads what the app in that folder deploys. Folders
 * that are missing are looked for where k8s.io keeps them.
 */
export function readLayout(flags: LayoutOverrides = {}, cwd: string = process.cwd()): Layout {
  const start = resolve(cwd, flags.root ?? ".");
  const isThere = existsSync(start);
  if (!isThere || !statSync(start).isDirectory()) {
    const what = isThere ? "is no folder" : "does not exist";
    const summary = `--root: ${flags.root ?? start} ${what}`;
    throw new ConfigError([{ severity: "error", rule: "layout/root", summary }]);
  }
  const context = readContext(start);
  const root = resolve(start, context.root ?? ".");
  if (flags.root !== undefined && context.root !== undefined) refuseRootOutside(start, root, context.root);
  return layoutFrom(root, context, flags);
}

/** The layout of a root, for callers that have their own context, such as a CDKTF app. */
export function layoutFrom(root: string, context: LayoutOverrides = {}, flags: LayoutOverrides = {}): Layout {
  const named = new Set<LayoutPart>();
  const namedByFlag = new Set(LAYOUT_PARTS.filter((part) => flags[part] !== undefined));
  const place = (part: LayoutPart): string => {
    const given = flags[part] ?? context[part];
    const chosen = fromRoot(root, clean(given ?? USUAL[part]));
    if (!namedByFlag.has(part)) {
      refuseOutside(root, part, chosen);
      refuseUnshowable(part, chosen);
    }
    const other = K8S_IO[part];
    if (flags[part] === undefined && chosen === USUAL[part] && other !== undefined) {
      if (!existsSync(join(root, chosen)) && existsSync(join(root, other))) return other;
    }
    if (chosen !== USUAL[part] || flags[part] !== undefined) named.add(part);
    return chosen;
  };
  return {
    root: resolve(root),
    infra: place("infra"),
    defaults: place("defaults"),
    groups: place("groups"),
    filestores: place("filestores"),
    manifests: place("manifests"),
    named,
    namedByFlag,
  };
}

/** A folder that a flag names may be a stranger's checkout: its cdktf.json leads to no other, nor does a link of it. */
function refuseRootOutside(start: string, root: string, written: string): void {
  const isThere = !root.includes("\0") && existsSync(root);
  if (isInside(start, root) && (!isThere || isInside(realpathSync.native(start), realpathSync.native(root)))) return;
  const summary = `context.root: ${quote(written)} leaves the folder that --root names`;
  fail({ summary, detail: "Name a folder inside, or name the folder of the inputs itself with --root." });
}

/** A pull request may bring its own cdktf.json: what that names must be part of the pull request as well. */
function refuseOutside(root: string, part: LayoutPart, path: string): void {
  if (!path.includes("\0") && path.length <= MAX_PATH && isInside(resolve(root), resolve(root, path))) return;
  const summary = `context.${part}: ${quote(path)} leaves the folder of the inputs`;
  fail({ summary, detail: `Name a place inside, or use --${part}.` });
}

const MAX_PATH = 1000;

/** Places are what every message begins with. */
function refuseUnshowable(part: LayoutPart, path: string): void {
  if (/^(::|##\[)/.test(path)) {
    fail({
      summary: `context.${part}: ${quote(path)} begins as a command to a CI runner`,
      detail: "Name another place.",
    });
  }
  const problem = plainTextProblem(path);
  if (problem === undefined && !/[\t\n]/.test(path)) return;
  fail({ summary: `context.${part}: ${quote(path)} holds a control character`, detail: "Remove it." });
}

/** The existing folders that flags name outside of the root: what is in them may be read as well. */
export function placesOutside(layout: Layout): readonly string[] {
  return [...layout.namedByFlag].flatMap((part) => {
    const path = resolve(layout.root, layout[part]);
    const folder = part === "infra" || part === "defaults" ? dirname(path) : path;
    return existsSync(folder) ? [folder] : [];
  });
}

/** Read as carefully as the inputs themselves: it may come from the same stranger. */
function readContext(folder: string): LayoutOverrides {
  const tree = new Tree(folder);
  if (!tree.exists(CDKTF_JSON)) return {};
  let problem: Diagnostic | undefined;
  const text = tree.read(CDKTF_JSON, (diagnostic) => {
    problem = diagnostic;
  });
  if (problem !== undefined) fail(problem);
  const parsed = text === undefined ? undefined : parseJson(text);
  const context = isRecord(parsed) && isRecord(parsed.context) ? parsed.context : {};
  const value = (part: LayoutPart | "root") => (typeof context[part] === "string" ? { [part]: context[part] } : {});
  return Object.assign({}, value("root"), ...LAYOUT_PARTS.map(value));
}

const CDKTF_JSON = "cdktf.json";

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own words quote the file, whatever is in it.
    const offset = Number(/at position (\d+)/.exec(String(error))?.[1] ?? 0);
    const before = text.slice(0, offset).split("\n");
    const at = { file: CDKTF_JSON, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    return fail({ summary: "this is no JSON", detail: "Its context says where the inputs stand.", at });
  }
}

function fail({ summary, detail, at }: Pick<Diagnostic, "summary" | "detail" | "at">): never {
  const place = at ?? { file: CDKTF_JSON, line: 1, column: 1 };
  throw new ConfigError([
    { severity: "error", rule: "layout/cdktf-json", summary, ...(detail !== undefined && { detail }), at: place },
  ]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** However a place inside of the root is written, it has one name: the base of a change is looked up by it. */
function fromRoot(root: string, path: string): string {
  const place = resolve(root, path);
  return isInside(resolve(root), place) ? relative(resolve(root), place) || "." : path;
}

/** `./groups/` and `groups` are one folder. */
function clean(path: string): string {
  const parts = path.replaceAll("\\", "/").split("/");
  return parts.filter((part, index) => part !== "." && (part !== "" || index === 0)).join("/") || ".";
}

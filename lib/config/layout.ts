import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../diagnostics";

/** The inputs that a layout places, each a path relative to the root. */
export const LAYOUT_PARTS = ["infra", "defaults", "groups", "filestores", "manifests"] as const;

export type LayoutPart = (typeof LAYOUT_PARTS)[number];

/** Where the inputs stand. Everything but `root` is relative to it, with `/` between parts. */
export interface Layout extends Readonly<Record<LayoutPart, string>> {
  /** Absolute path of the folder that diagnostics name files relative to. */
  readonly root: string;

  /** The parts that flags or cdktf.json name: where those are missing, somebody mistyped them. */
  readonly named: ReadonlySet<LayoutPart>;
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
 * Flags win over `context` of the cdktf.json in the root (or, without `--root`, in the working directory), which wins
 * over the usual places. Folders that are missing there are looked for where k8s.io keeps them.
 */
export function readLayout(flags: LayoutOverrides = {}, cwd: string = process.cwd()): Layout {
  const start = resolve(cwd, flags.root ?? ".");
  if (!existsSync(start)) {
    const summary = `--root: ${flags.root ?? start} does not exist`;
    throw new ConfigError([{ severity: "error", rule: "layout/root", summary }]);
  }
  const context = readContext(join(start, "cdktf.json"));
  return layoutFrom(flags.root === undefined ? resolve(cwd, context.root ?? ".") : start, context, flags);
}

/** The layout of a root, for callers that have their own context, such as a CDKTF app. */
export function layoutFrom(root: string, context: LayoutOverrides = {}, flags: LayoutOverrides = {}): Layout {
  const named = new Set<LayoutPart>();
  const place = (part: LayoutPart): string => {
    const given = flags[part] ?? context[part];
    const chosen = clean(given ?? USUAL[part]);
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
  };
}

/** The existing folders that a layout names outside of its root: what is in them may be read as well. */
export function placesOutside(layout: Layout): readonly string[] {
  return [...layout.named].flatMap((part) => {
    const path = resolve(layout.root, layout[part]);
    const folder = part === "infra" || part === "defaults" ? dirname(path) : path;
    return existsSync(folder) ? [folder] : [];
  });
}

function readContext(file: string): LayoutOverrides {
  if (!existsSync(file)) return {};
  const parsed = parseJson(file);
  const context = isRecord(parsed) && isRecord(parsed.context) ? parsed.context : {};
  const text = (part: LayoutPart | "root") => (typeof context[part] === "string" ? { [part]: context[part] } : {});
  return Object.assign({}, text("root"), ...LAYOUT_PARTS.map(text));
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const summary = `cdktf.json can not be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConfigError([{ severity: "error", rule: "layout/cdktf-json", summary }]);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `./groups/` and `groups` are one folder. */
function clean(path: string): string {
  const parts = path.replaceAll("\\", "/").split("/");
  return parts.filter((part, index) => part !== "." && (part !== "" || index === 0)).join("/") || ".";
}

import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { normalize, resolve } from "node:path";
import type { Report } from "../diagnostics";
import { quote } from "../model/suggest";
import { isInside, readLoosely, readText, reason } from "./read-text";
import { showPlainly, unshowable } from "./unshowable";

export interface Entry {
  readonly name: string;

  /** Path relative to the root. */
  readonly path: string;

  /** What a symbolic link leads to counts. */
  readonly kind: "file" | "folder" | "other";
}

export function isYaml(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

/** How a folder was come by. */
interface Way {
  /** How many folders lie above it, from the one that was asked for by its name. */
  readonly depth: number;

  /** Whether it, or one above it, is a symbolic link. */
  readonly isLinked: boolean;
}

const START: Way = { depth: 0, isLinked: false };

/** Far more levels than any input has. Each costs more than the one above it, as the system walks the whole path again. */
const MAX_DEPTH = 32;

/** The folder that holds the inputs, read with paths relative to it. */
export class Tree {
  /** The folders that were found in others. A link below a link is not followed: a few that lead upwards make endlessly many paths. */
  private readonly found = new Map<string, Way>();

  constructor(
    private readonly root: string,
    /** Folders outside of the root that somebody named on purpose. */
    private readonly named: readonly string[] = [],
  ) {}

  exists(path: string): boolean {
    try {
      return lstatSync(resolve(this.root, path), { throwIfNoEntry: false }) !== undefined;
    } catch {
      // Something stands in the way, such as a file in place of a folder: whoever reads it is told.
      return true;
    }
  }

  /** The text of a file; what stands in the way is reported. */
  read(file: string, report: Report): string | undefined {
    return readText(this.root, file, report, this.named);
  }

  /** What can be made out of a file that `read` has refused. */
  readLoosely(file: string): string {
    return readLoosely(this.root, file, this.named);
  }

  /** What a folder holds, sorted by name; nothing, and a report, when it can not be read. */
  list(folder: string, report: Report): readonly Entry[] {
    return this.listIfReadable(folder, report) ?? [];
  }

  /** The same for whoever has to tell a folder that holds nothing from one of which nobody knows what it holds. */
  listIfReadable(folder: string, report: Report): readonly Entry[] | undefined {
    const way = this.found.get(normalize(folder)) ?? START;
    if (way.depth > MAX_DEPTH) {
      const summary = `the folder lies ${way.depth} levels deep, at most ${MAX_DEPTH} are read`;
      const detail = "Move it further up, or remove it. Nothing in it was checked.";
      report({ severity: "error", rule: "file/depth", summary, detail, at: { file: folder, line: 1, column: 1 } });
      return undefined;
    }
    try {
      const path = realpathSync.native(resolve(this.root, folder));
      if (![this.root, ...this.named].some((each) => isInside(realpathSync.native(each), path))) {
        const summary = "the folder is a symbolic link that leaves the tree";
        const at = { file: folder, line: 1, column: 1 };
        report({ severity: "error", rule: "file/outside", summary, detail: "Put the folder itself here.", at });
        return undefined;
      }
      const names = readdirSync(resolve(this.root, folder)).sort();
      return names
        .filter((name) => this.isReadable(folder, name, report))
        .map((name) => ({ name, path: `${folder}/${name}`, kind: this.kindOf(`${folder}/${name}`, way) }));
    } catch (error) {
      const summary = `the folder can not be read: ${reason(error)}`;
      const at = { file: folder, line: 1, column: 1 };
      report({ severity: "error", rule: "file/unreadable", summary, detail: "Nothing in it was checked.", at });
      return undefined;
    }
  }

  /** A name that can not be shown as it is would make messages lie, and one that is no UTF-8 can not even be opened. */
  private isReadable(folder: string, name: string, report: Report): boolean {
    const odd = unshowable(name);
    if (odd === undefined) return true;
    const at = { file: `${folder}/${showPlainly(name)}`, line: 1, column: 1 };
    const summary = `${quote(name)}: the name holds ${odd}`;
    report({
      severity: "error",
      rule: "file/control-character",
      summary,
      detail: "Rename it. Nothing in it was read.",
      at,
    });
    return false;
  }

  private kindOf(path: string, { depth, isLinked }: Way): Entry["kind"] {
    try {
      const stat = statSync(resolve(this.root, path));
      if (!stat.isDirectory()) return stat.isFile() ? "file" : "other";
      const isLink = lstatSync(resolve(this.root, path)).isSymbolicLink();
      if (isLink && isLinked) return "other";
      this.found.set(normalize(path), { depth: depth + 1, isLinked: isLinked || isLink });
      return "folder";
    } catch {
      return "other";
    }
  }
}

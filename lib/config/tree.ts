import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Report } from "../diagnostics";
import { isInside, readText, reason } from "./read-text";

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

/** The folder that holds the inputs, read with paths relative to it. */
export class Tree {
  constructor(
    private readonly root: string,
    /** Folders outside of the root that somebody named on purpose. */
    private readonly named: readonly string[] = [],
  ) {}

  exists(path: string): boolean {
    return (
      existsSync(resolve(this.root, path)) ||
      lstatSync(resolve(this.root, path), { throwIfNoEntry: false }) !== undefined
    );
  }

  /** The text of a file; what stands in the way is reported. */
  read(file: string, report: Report): string | undefined {
    return readText(this.root, file, report, this.named);
  }

  /** What a folder holds, sorted by name; nothing, and a report, when it can not be read. */
  list(folder: string, report: Report): readonly Entry[] {
    try {
      const path = realpathSync.native(resolve(this.root, folder));
      if (![this.root, ...this.named].some((each) => isInside(realpathSync.native(each), path))) {
        const summary = "the folder is a symbolic link that leaves the tree";
        const at = { file: folder, line: 1, column: 1 };
        report({ severity: "error", rule: "file/outside", summary, detail: "Put the folder itself here.", at });
        return [];
      }
      const names = readdirSync(resolve(this.root, folder)).sort();
      return names.map((name) => ({ name, path: `${folder}/${name}`, kind: this.kindOf(`${folder}/${name}`) }));
    } catch (error) {
      const summary = `the folder can not be read: ${reason(error)}`;
      const at = { file: folder, line: 1, column: 1 };
      report({ severity: "error", rule: "file/unreadable", summary, detail: "Nothing in it was checked.", at });
      return [];
    }
  }

  private kindOf(path: string): Entry["kind"] {
    try {
      const stat = statSync(resolve(this.root, path));
      return stat.isDirectory() ? "folder" : stat.isFile() ? "file" : "other";
    } catch {
      return "other";
    }
  }
}

import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
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
  constructor(private readonly root: string) {}

  exists(path: string): boolean {
    return (
      existsSync(join(this.root, path)) || lstatSync(join(this.root, path), { throwIfNoEntry: false }) !== undefined
    );
  }

  /** The text of a file; what stands in the way is reported. */
  read(file: string, report: Report): string | undefined {
    return readText(this.root, file, report);
  }

  /** What a folder holds, sorted by name; nothing, and a report, when it can not be read. */
  list(folder: string, report: Report): readonly Entry[] {
    try {
      if (!isInside(realpathSync.native(this.root), realpathSync.native(join(this.root, folder)))) {
        const summary = "the folder is a symbolic link that leaves the tree";
        const at = { file: folder, line: 1, column: 1 };
        report({ severity: "error", rule: "file/outside", summary, detail: "Put the folder itself here.", at });
        return [];
      }
      const names = readdirSync(join(this.root, folder)).sort();
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
      const stat = statSync(join(this.root, path));
      return stat.isDirectory() ? "folder" : stat.isFile() ? "file" : "other";
    } catch {
      return "other";
    }
  }
}

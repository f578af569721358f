import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isInside, reason } from "../config/read-text";
import { isYaml } from "../config/tree";
import { EditRefused } from "./plan-types";

/** The path, behind all links, where a file of the inputs stands or would. @throws EditRefused if none may stand there. */
export function inputPlace(root: string, file: string): string {
  const place = behindLinks(file, join(root, file));
  if (!isInside(realpathSync.native(root), place)) {
    throw new EditRefused(
      file,
      "lies outside of the inputs",
      "No link on its way may leave them: put the files themselves there.",
    );
  }
  // What programs run or obey, such as a hook or the configuration of git, has another name.
  if (!isYaml(place) && basename(place) !== "OWNERS") {
    throw new EditRefused(file, "it, or what it is a link to, has no input's name", "Expected .yaml, .yml or OWNERS.");
  }
  if (statSync(place, { throwIfNoEntry: false })?.isFile() === false) {
    throw new EditRefused(file, "expected a file, found something else", "Move that out of the way.");
  }
  return place;
}

/** The text of a file of the inputs; undefined when there is none. @throws EditRefused if none may stand there. */
export function inputText(root: string, file: string): string | undefined {
  const place = inputPlace(root, file);
  return statSync(place, { throwIfNoEntry: false }) && readFileSync(place, "utf8");
}

function behindLinks(file: string, path: string): string {
  try {
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    return isThere ? realpathSync.native(path) : join(behindLinks(file, dirname(path)), basename(path));
  } catch (error) {
    if (error instanceof EditRefused) throw error;
    throw new EditRefused(file, `nothing can be written there: ${reason(error)}`, "Move what is in the way.");
  }
}

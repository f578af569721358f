import { accessSync, constants, existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { reason } from "../config/read-text";
import { UsageError } from "./usage-error";

/** A report that a flag asks for, beside what is printed. */
export interface ReportFile {
  readonly flag: string;
  readonly file: string;
}

/** Refuses, before any work is done for it, a file that can not be written. */
export function requireWritable({ flag, file }: ReportFile): void {
  const refuse = (what: string): never => {
    throw new UsageError(`${flag} ${file === "" ? '""' : file}: ${what}`);
  };
  if (file === "") refuse("expected the name of a file");
  const isThere = existsSync(file);
  const folder = dirname(resolve(file));
  if (isThere && statSync(file).isDirectory()) refuse("expected a file, found a folder");
  if (!isThere && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    refuse(`there is no folder ${folder}. Make it first, or name another file`);
  }
  try {
    accessSync(isThere ? file : folder, constants.W_OK);
  } catch (error) {
    refuse(`it can not be written: ${reason(error)}`);
  }
}

/** Writes it, or tells on standard error why not. */
export function writeReport({ flag, file }: ReportFile, text: string): boolean {
  try {
    writeFileSync(file, text);
    return true;
  } catch (error) {
    process.stderr.write(`artifacts: ${flag} ${file}: it was not written: ${reason(error)}\n`);
    return false;
  }
}

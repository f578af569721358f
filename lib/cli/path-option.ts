import { Option } from "commander";
import { UsageError } from "./usage-error";

/** A flag that names a file or folder. An empty name, as of a variable that is not set, would mean the working directory. */
export function pathOption(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.argParser((path: string) => {
    if (path === "") throw new UsageError(`${option.long} "": expected the name of a file or folder`);
    return path;
  });
}

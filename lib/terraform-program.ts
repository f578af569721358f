import { basename } from "node:path";

/** Whether the program that runs the stacks is OpenTofu: by its name, as `tofu` or `opentofu-1.10`. */
export function isOpenTofu(program: string | undefined): boolean {
  return /^(open)?tofu/i.test(basename(program ?? ""));
}

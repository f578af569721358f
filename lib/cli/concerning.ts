import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Layout } from "../config/layout";
import type { Diagnostic } from "../diagnostics";
import { UsageError } from "./usage-error";

/** Whether it stands where lines to promote come from: in a filestore, a manifest, or the folder of either. */
export function concernsLines({ at }: Diagnostic, { filestores, manifests }: Layout): boolean {
  return [filestores, manifests].some((folder) => at?.file === folder || at?.file.startsWith(`${folder}/`));
}

/** Whether it is about one of these directories, or about something in them. */
export function concernsAny({ at }: Diagnostic, names: readonly string[]): boolean {
  return names.some((name) => `${at?.file}/`.includes(`/${name}/`));
}

/**
 * A job in the wrong folder has nothing to promote and must not end well.
 *
 * @throws {UsageError} where no file of an estate is.
 */
export function assertInputs({ root, infra, filestores, manifests }: Layout): void {
  const parts = [infra, filestores, manifests];
  if (parts.some((part) => existsSync(resolve(root, part)))) return;
  throw new UsageError(`${root}: none of ${parts.join(", ")} is there. Run it in a checkout, or name one with --root`);
}

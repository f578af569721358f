import type { Layout } from "../config/layout";
import type { Diagnostic } from "../diagnostics";

/** Whether it stands where lines to promote come from: in a filestore, a manifest, or the folder of either. */
export function concernsLines({ at }: Diagnostic, { filestores, manifests }: Layout): boolean {
  return [filestores, manifests].some((folder) => at?.file === folder || at?.file.startsWith(`${folder}/`));
}

/** Whether it is about one of these directories, or about something in them. */
export function concernsAny({ at }: Diagnostic, names: readonly string[]): boolean {
  return names.some((name) => `${at?.file}/`.includes(`/${name}/`));
}

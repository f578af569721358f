import type { Draft } from "../../model/rules/draft";

/** What a check looks at, and how many manifests it can't look at in full. */
export interface Judged {
  readonly draft: Draft;
  readonly unread: number;
}

/**
 * The inputs, with the lines that can be made out of manifests with mistakes: all that is wrong with one is told at once.
 * `mistaken` are the files whose mistakes are told.
 */
export function judged(draft: Draft, mistaken: ReadonlySet<string>): Judged {
  const broken = draft.broken.manifests.filter(({ file }) => mistaken.has(file));
  const readable = broken.map((manifest) => ({ ...manifest, lines: manifest.lines.filter(isPlain) }));
  const known = new Set(draft.filestores.map(({ name }) => name));
  const aimless = draft.manifests.filter(
    ({ directory }) => !known.has(directory) && [...mistaken].some((file) => `${file}/`.includes(`/${directory}/`)),
  );
  return {
    draft: { ...draft, manifests: [...draft.manifests, ...readable] },
    unread: broken.length + aimless.length,
  };
}

/** Text that begins with a sign may be more YAML than name. */
function isPlain({ name }: { readonly name: string }): boolean {
  return /^\w/.test(name);
}

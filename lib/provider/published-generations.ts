import type { Outcome } from "../promotion/types";

/** Which version of each published file was found right, by name. Terraform keeps it beside the state. */
export type Generations = Readonly<Record<string, string>>;

/** What another version of this program kept is worth nothing, and no failure. */
export function readGenerations(kept: string | undefined): Generations {
  try {
    const { generations } = JSON.parse(kept ?? "{}") as { readonly generations?: unknown };
    const entries = Object.entries(typeof generations === "object" && generations !== null ? generations : {});
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return {};
  }
}

/** The text to keep: of the files of a state only, in the order of their names. */
export function writeGenerations(generations: Generations, files: Readonly<Record<string, string>>): string {
  const names = Object.keys(files)
    .filter((name) => Object.hasOwn(generations, name))
    .sort();
  return JSON.stringify({ generations: Object.fromEntries(names.map((name) => [name, generations[name]])) });
}

/** What a run has found right or written. */
export function generationsOf(
  lines: readonly { readonly line: { readonly name: string }; readonly outcome: Outcome | undefined }[],
): Generations {
  return Object.fromEntries(
    lines.flatMap(({ line, outcome }) =>
      outcome?.status === "copied" || outcome?.status === "published"
        ? [[line.name, outcome.published.generation]]
        : [],
    ),
  );
}

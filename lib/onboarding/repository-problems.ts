import { quote } from "../model/suggest";

/** What is wrong with the source repository of a new subproject; `name` is the subproject's. */
export function repositoryProblems(repository: string, name: string): readonly string[] {
  if (/^[a-z0-9][\w-]*\/(?!\.{1,2}$)[\w.-]*[\w-]$/i.test(repository) && !/\.git$/i.test(repository)) return [];
  const parts = repository
    .trim()
    .replace(/[?#].*$/s, "")
    .replace(/^[a-z+]+:\/\/[^/]*/i, "")
    .replace(/^[^/]*:/, "")
    .split(/[/\\\s]+/)
    .map((part) =>
      part
        .normalize("NFKD")
        .replaceAll(/\p{M}/gu, "")
        .replaceAll(/[^\w.-]+/g, "-"),
    )
    .map((part) => part.replaceAll(/^-+|(\.git|[-.])+$/gi, ""))
    .filter((part) => part !== "");
  // Of what has a dot in front, such as github.com/example-org/anvil, the first part is a host.
  const [owner = "", ofOwner] = parts[0]?.includes(".") ? parts.slice(1) : parts;
  const plainOwner = ofOwner === undefined ? "" : owner.replaceAll(".", "-").replace(/^[-_]+/, "");
  const meant = `${plainOwner || "example-org"}/${ofOwner ?? (owner || name)}`;
  return [`--repository ${quote(repository)}: expected OWNER/NAME. Use ${quote(meant)}, for example.`];
}

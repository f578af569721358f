import type { Diagnostic, Position } from "../../diagnostics";
import { type Claim, type Claiming, withBroken } from "../../model/claims";
import { fileUrl, isSameBase } from "../../model/filestore-base";
import type { Draft } from "../../model/rules/draft";
import { resolve } from "../../promotion/engine";
import type { LineTarget, PromotionOptions, Resolution } from "../../promotion/types";
import { requestFor } from "../promotion-request";

/** What became of the lines that a change takes out. */
export interface Withdrawn {
  /** Of those that are published, or of which nobody can tell. */
  readonly findings: readonly Diagnostic[];

  /** All of them, as their destinations were asked for them. */
  readonly lines: Resolution["lines"];
}

/**
 * Lines that a change takes out, and that are published. What never was (a name that does not exist, a release that was
 * called off) may go: the destinations themselves are asked, not the manifests.
 */
export async function findWithdrawn(
  withdrawn: readonly Claim[],
  brokenFiles: ReadonlySet<string>,
  base: Draft,
  head: Claiming,
  options: PromotionOptions,
): Promise<Withdrawn> {
  const claims = withdrawn.filter(
    ({ manifest, directory }) => !brokenFiles.has(manifest.file) && !brokenFiles.has(directory.file),
  );
  if (claims.length === 0) return { findings: [], lines: [] };
  // Whatever account the base named: nothing is written here.
  const { onEvent: _, allowedServiceAccounts: __, ...quiet } = options;
  const resolution = await resolve(requestFor(withBroken(base), claims), quiet);
  const gone = new Set(claims.map(({ url }) => url));
  const lines = resolution.lines.filter((result) => gone.has(fileUrl(result.destination, result.line.name)));
  const findings = lines.flatMap((result): readonly Diagnostic[] => {
    const what = whatStands(result);
    if (what === undefined) return [];
    const { part, repair, at } = missingPart(result, head);
    return [
      {
        severity: "error",
        rule: "change/published-line-removed",
        summary: `${fileUrl(result.destination, result.line.name)}: this change takes its ${part} out, and ${what}`,
        detail: `Published files stay published: ${repair}.`,
        at,
      },
    ];
  });
  return { findings, lines };
}

interface MissingPart {
  readonly part: "line" | "manifest" | "destination" | "filestore";
  readonly repair: string;
  readonly at: Position;
}

/** What the change has no more: whatever else went with it comes after, once that is put back. */
function missingPart({ directory, destination, manifest, line }: LineTarget, head: Claiming): MissingPart {
  const { at, base } = destination;
  const filestores = head.filestores.find(({ name }) => name === directory);
  if (filestores === undefined) return { part: "filestore", repair: `put ${at.file} back`, at: start(at.file) };
  const { destinations, file } = filestores;
  if (!destinations.some((each) => isSameBase(each.base, base))) {
    const now = destinations.find((each) => each.at.line === at.line);
    const repair = `put the destination ${base} back (it stood in ${place(at)})`;
    return { part: "destination", repair, at: now?.at ?? start(file) };
  }
  if (!head.manifests.some((each) => each.file === manifest)) {
    const repair = `put ${manifest} back, or its line ${line.at.line} into another manifest of ${directory}`;
    return { part: "manifest", repair, at: start(manifest) };
  }
  return { part: "line", repair: `put the line back (it stood in ${place(line.at)})`, at: start(manifest) };
}

function place({ file, line }: Position): string {
  return `${file}:${line}`;
}

function start(file: string): Position {
  return { file, line: 1, column: 1 };
}

/** What is under the name in the destination; undefined if nothing is. */
function whatStands(result: Resolution["lines"][number]): string | undefined {
  if (result.outcome === undefined) return result.pending === "destination" ? "the file is published" : undefined;
  if (result.outcome.status === "published") return "the file is published";
  if (result.outcome.status !== "failed") return undefined;
  switch (result.outcome.failure.reason) {
    // Each of these is only found out once the destination is known to be free.
    case "missing-in-source":
    case "source-retired":
    case "conflicting-lines":
    case "hash-differs":
    case "source-unreadable":
    case "source-changed":
    case "corrupt":
      return undefined;
    case "destination-differs":
      return "a file is published under its name";
    default:
      return `nobody can tell whether the file is published (${result.outcome.failure.message})`;
  }
}

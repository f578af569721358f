import type { Diagnostic, Report } from "../diagnostics";
import { didYouMean, quote } from "../model/suggest";
import { ownersFile } from "./schema/owners-file";
import { Source } from "./source";
import type { Tree } from "./tree";

/** What Prow reads of an OWNERS file. Who writes anything else may have another reader in mind, unless it is almost one of these. */
const KEYS = [
  "approvers",
  "reviewers",
  "required_reviewers",
  "emeritus_approvers",
  "emeritus_reviewers",
  "labels",
  "options",
  "filters",
];

/** The approvers that an OWNERS file names, sorted. Other tools rule over what is in these files: mistakes there are warnings. */
export function readOwners(tree: Tree, file: string, report: Report): readonly string[] {
  const lenient = (diagnostic: Diagnostic) => report({ ...diagnostic, severity: "warning" });
  const text = tree.read(file, report);
  const source = text === undefined ? undefined : Source.read(file, text, lenient);
  const yaml = source?.parse(ownersFile, lenient);
  if (source === undefined || yaml === undefined) return [];
  for (const key of Object.keys(yaml)) {
    const near = KEYS.includes(key) ? undefined : didYouMean(key, KEYS);
    if (near === undefined) continue;
    const summary = `unknown key ${quote(key)}`;
    lenient({ severity: "warning", rule: "schema/unknown-key", summary, detail: near, at: source.positionOf([key]) });
  }
  const filtered = Object.values(yaml.filters ?? {}).flatMap((filter) => filter?.approvers ?? []);
  const approvers = [...new Set([...(yaml.approvers ?? []), ...filtered])].sort();
  if (approvers.length === 0) {
    const summary = "this OWNERS file names no approvers";
    const detail = "Nobody in particular approves what is published from here. List logins under approvers.";
    lenient({ severity: "warning", rule: "owners/empty", summary, detail, at: source.positionOf([]) });
  }
  return approvers;
}

import type { LineOutcome, PlanSummary } from "../../promotion/types";
import { expiredOnes } from "../check/check-text";
import { count, formatBytes, formatCount, formatSeconds, printable } from "../format";

/** One line for what happened, or would, to a file; undefined for what is published already and for failures. */
export function outcomeLine({ outcome, line, source, destination }: LineOutcome): string | undefined {
  if (outcome.status !== "copied" && outcome.status !== "verified") return undefined;
  const what = outcome.status === "copied" ? "copied" : "would copy";
  const size = formatBytes(outcome.source.size);
  return printable(
    `${what} ${source.base.replace(/\/?$/, "/")}${line.name} to ${destination.base.replace(/\/?$/, "/")}${line.name} (${size})`,
  );
}

export function promotionSummary(summary: PlanSummary, isDryRun: boolean, problems: number, seconds: number): string {
  const { verified, copied, published, expired, failed, objects, bytes } = summary;
  const twice = verified > objects ? `, which ${count(verified, "line")} list` : "";
  const done = isDryRun
    ? `dry run: ${count(objects, "file")} would be copied (${formatBytes(bytes)}${twice})`
    : `${count(copied, "file")} copied (${formatBytes(bytes)})`;
  const parts = [
    done,
    `${formatCount(published)} already published${expiredOnes(expired)}`,
    `${formatCount(failed)} failed`,
    ...(problems > 0 ? [`${count(problems, "mistake")} in the inputs`] : []),
  ];
  const next = isDryRun && verified > 0 ? "\nNothing was written. Run again with --confirm to copy." : "";
  return `${parts.join(", ")} in ${formatSeconds(seconds)}${next}\n`;
}

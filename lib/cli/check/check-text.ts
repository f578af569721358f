import { abridgeDiagnostics } from "../../diagnostics";
import { count, formatBytes, formatCount, printable } from "../format";
import type { CheckResult } from "./check-run";
import type { CheckedFile, CheckSummary } from "./check-summary";

/** Addresses of one manifest that are printed. */
const SHOWN = 10;

/** For people: what it comes to, then what to repair, then what will be where. */
export function checkText({ findings, base }: CheckResult, summary: CheckSummary): string {
  const errors = findings.filter(({ severity }) => severity === "error");
  const warnings = findings.filter(({ severity }) => severity === "warning");
  const sections = [
    headline(summary, base?.revision),
    abridgeDiagnostics(errors).join("\n"),
    abridgeDiagnostics(warnings).join("\n"),
    summary.manifests
      .map(({ file, files }) => manifestText(file, files))
      .filter(Boolean)
      .join("\n"),
    inheritedOnes(summary, base?.revision),
    summary.ok ? "" : `failed: ${count(summary.errors, "error")}`,
  ];
  return `${printable(sections.filter((section) => section !== "").join("\n\n"))}\n`;
}

/** One line with the figures. */
export function headline(
  { ok, files, verified, published, expired, failed, unread, bytes, manifests }: CheckSummary,
  base?: string,
): string {
  const since = base === undefined ? "" : ` since ${base}`;
  const rest = unread === 0 ? "" : `; mistakes keep ${count(unread, "manifest")} from being looked at in full`;
  if (files === 0) {
    const what = unread === 0 ? "files to promote" : "files that could be looked at";
    return `${ok ? "ok" : "FAILED"}: no ${base === undefined ? "" : "new "}${what}${since}${rest}`;
  }
  const what = `${count(files, base === undefined ? "file" : "new file")} in ${count(manifests.length, "manifest")}${since}`;
  const parts = [
    ...(verified > 0 ? [`${formatCount(verified)} verified (${formatBytes(bytes)} to copy)`] : []),
    ...(published > 0 ? [`${formatCount(published)} published${expiredOnes(expired)}`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
  ];
  return `${ok ? "ok" : "FAILED"}: ${what}: ${parts.join(", ")}${rest}`;
}

/** What is not told one by one. */
export function inheritedOnes({ inherited: { errors, warnings } }: CheckSummary, base = ""): string {
  if (errors + warnings === 0) return "";
  const parts = [
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ];
  return `${base} has ${parts.join(" and ")} of its own that this change does not touch: npx artifacts validate tells them`;
}

/** Said of published files that auto-deletion took from staging. */
export function expiredOnes(expired: number): string {
  return expired === 0 ? "" : ` (${formatCount(expired)} expired in staging, which is fine)`;
}

function manifestText(file: string, files: readonly CheckedFile[]): string {
  const coming = files.filter(({ status }) => status === "verified");
  if (coming.length === 0) return "";
  const bytes = coming.reduce((sum, { size = 0 }) => sum + size, 0);
  const urls = coming.flatMap((each) => each.urls);
  const more = urls.length > SHOWN ? [`  ... and ${formatCount(urls.length - SHOWN)} more`] : [];
  return [
    `${file}: ${count(coming.length, "file")}, ${formatBytes(bytes)}, will be at`,
    ...urls.slice(0, SHOWN).map((url) => `  ${url}`),
    ...more,
  ].join("\n");
}

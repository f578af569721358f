import type { Diagnostic } from "../../diagnostics";
import { count, formatBytes, printable } from "../format";
import type { CheckResult } from "./check-run";
import type { CheckSummary } from "./check-summary";
import { headline, inheritedOnes } from "./check-text";

/** Nobody reads the five hundredth failure. */
const SHOWN = 50;

/** A comment on GitHub takes 65,536 characters: of these, the report has so many, and each list or table in it so many. */
const MAX_REPORT = 60_000;
const MAX_LIST = 20_000;

/** For a comment on the pull request or a job's summary page. */
export function checkMarkdown({ findings, base }: CheckResult, summary: CheckSummary): string {
  const errors = findings.filter(({ severity }) => severity === "error");
  const warnings = findings.filter(({ severity }) => severity === "warning");
  const head = [
    `### Artifacts check`,
    `${summary.ok ? "✅" : "❌"} ${text(headline(summary, base?.revision))}`,
    list("To repair", errors),
    list("Warnings", warnings),
    text(inheritedOnes(summary, base?.revision)),
  ].filter((section) => section !== "");
  const manifests = summary.manifests.map(manifest).filter((section) => section !== "");
  const shown = fitting(manifests, MAX_REPORT - head.join("\n\n").length);
  const left = manifests.length - shown.length;
  const more = left > 0 ? [`... and ${count(left, "more manifest")}`] : [];
  return `${[...head, ...shown, ...more].join("\n\n")}\n`;
}

/** The first of the texts, until the next one would not fit. */
function fitting(texts: readonly string[], characters: number): readonly string[] {
  let left = characters;
  const end = texts.findIndex((each) => {
    left -= each.length + "\n\n".length;
    return left < 0;
  });
  return end < 0 ? texts : texts.slice(0, end);
}

function list(title: string, diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return "";
  const items = diagnostics.slice(0, SHOWN).map(({ at, summary, detail }) => {
    const place = at === undefined ? "" : `${code(`${at.file}:${at.line}`)} `;
    return `- ${place}${code(summary)}${detail === undefined ? "" : `\n  ${text(detail)}`}`;
  });
  const shown = fitting(items, MAX_LIST);
  const more = diagnostics.length > shown.length ? [`- ... and ${diagnostics.length - shown.length} more`] : [];
  return [`**${title}**`, "", ...shown, ...more].join("\n");
}

function manifest({ file, files }: CheckSummary["manifests"][number]): string {
  const coming = files.filter(({ status }) => status === "verified");
  if (coming.length === 0) return "";
  const bytes = coming.reduce((sum, { size = 0 }) => sum + size, 0);
  const rows = coming
    .slice(0, SHOWN)
    .map(({ size, urls }) => `| ${urls.map(code).join("<br>")} | ${size === undefined ? "" : formatBytes(size)} |`);
  const shown = fitting(rows, MAX_LIST);
  const more = coming.length > shown.length ? [`| ... and ${coming.length - shown.length} more | |`] : [];
  return [
    `<details><summary><code>${html(printable(file))}</code>: ${count(coming.length, "file")}, ${formatBytes(bytes)}</summary>`,
    "",
    "| will be at | size |",
    "| --- | ---: |",
    ...shown,
    ...more,
    "",
    "</details>",
  ].join("\n");
}

/** What comes from a pull request is shown, never obeyed: no markup, no mention, no link of its making. */
function code(value: string): string {
  const plain = printable(value).replaceAll("\n", " ").replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 ? " " : "";
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/**
 * Sentences of ours that quote the inputs. GitHub looks for mentions and issue numbers after Markdown's escapes are
 * gone; a comment behind the sign keeps them from being one.
 */
function text(value: string): string {
  return html(printable(value).replaceAll("\n", " "))
    .replace(/[\\`*_[\]()~!|]/g, "\\$&")
    .replace(/[@#]/g, "$&<!-- -->");
}

function html(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

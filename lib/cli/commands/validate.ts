import type { Command } from "commander";
import { type LayoutOverrides, readLayout } from "../../config/layout";
import { type Counts, type Loaded, loadEstate } from "../../config/load";
import { abridgeDiagnostics, countBySeverity, formatDiagnostic, hasErrors, sortDiagnostics } from "../../diagnostics";
import { utcDay } from "../../model/retirement";
import { remindOfRetirements } from "../../model/rules/retirements";
import { diagnosticRow } from "../diagnostic-row";
import { ExitCode } from "../exit-codes";
import { count } from "../format";
import { addLayoutOptions } from "../layout-options";

interface Options extends LayoutOverrides {
  readonly json?: boolean;
  readonly all?: boolean;
}

export function define(command: Command): void {
  addLayoutOptions(command);
  command
    .option("--all", "print every warning, not only the first of each rule")
    .option("--json", "print one JSON document instead of text")
    .addHelpText("after", EXAMPLES)
    .action((options: Options) => {
      const loaded = withReminders(loadEstate(readLayout(options)), new Date());
      process.stdout.write(options.json ? asJson(loaded) : asText(loaded, options.all ?? false));
      process.exitCode = hasErrors(loaded.diagnostics) ? ExitCode.failed : ExitCode.ok;
    });
}

const EXAMPLES = `
Reads files only: no network, no credentials. docs/rules.md explains every rule.

Examples:
  artifacts validate
  artifacts validate --root ../k8s.io
  artifacts validate --root ../k8s.io --defaults ../estate/defaults.yaml --json

Exit codes: 0 valid (warnings allowed), 1 mistakes in the inputs, 2 usage.
`;

/** Retirements that could go on are told with the mistakes; being late with them is none. */
function withReminders(loaded: Loaded, now: Date): Loaded {
  const reminders = remindOfRetirements(loaded.draft.staging, utcDay(now));
  return { ...loaded, diagnostics: sortDiagnostics([...loaded.diagnostics, ...reminders]) };
}

function asText({ diagnostics, counts }: Loaded, all: boolean): string {
  const lines = all ? diagnostics.map(formatDiagnostic) : abridgeDiagnostics(diagnostics);
  const { errors, warnings } = countBySeverity(diagnostics);
  const outcome = errors > 0 ? "not valid" : "valid";
  const found = `${count(errors, "error")}, ${count(warnings, "warning")}`;
  return [...lines, `${outcome}: ${found} in ${describeCounts(counts)}`, ""].join("\n");
}

function asJson({ diagnostics, counts }: Loaded): string {
  const { errors, warnings } = countBySeverity(diagnostics);
  const document = { ok: errors === 0, errors, warnings, counts, diagnostics: diagnostics.map(diagnosticRow) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function describeCounts({ projects, staging, groups, filestores, manifests, lines }: Counts): string {
  return [
    `${count(projects, "project")} (${staging} managed here)`,
    count(groups, "group"),
    count(filestores, "filestore"),
    `${count(manifests, "manifest")} with ${count(lines, "line")}`,
  ].join(", ");
}

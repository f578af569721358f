import { type Command, Option } from "commander";
import { LAYOUT_PARTS, type LayoutOverrides, readLayout } from "../../config/layout";
import { loadEstate } from "../../config/load";
import { formatDiagnostic, hasErrors } from "../../diagnostics";
import { ExitCode } from "../exit-codes";

/** Adds the flags that say where the inputs stand. */
export function addLayoutOptions(command: Command): void {
  command.option(
    "--root <folder>",
    "folder that holds the inputs (default: from cdktf.json, else the working directory)",
  );
  for (const part of LAYOUT_PARTS) {
    command.addOption(new Option(`--${part} <path>`, `where ${part} stands, relative to the root`));
  }
}

export function define(command: Command): void {
  addLayoutOptions(command);
  command
    .option("--json", "print one JSON document instead of text")
    .action((options: LayoutOverrides & { json?: boolean }) => {
      const { estate, diagnostics } = loadEstate(readLayout(options));
      if (options.json) process.stdout.write(`${JSON.stringify({ ok: estate !== undefined, diagnostics }, null, 2)}\n`);
      else for (const diagnostic of diagnostics) process.stdout.write(`${formatDiagnostic(diagnostic)}\n`);
      process.exitCode = hasErrors(diagnostics) ? ExitCode.failed : ExitCode.ok;
    });
}

import { Command, CommanderError } from "commander";
import { ConfigError, type Diagnostic, formatDiagnostic } from "../diagnostics";
import { quote } from "../model/suggest";
import { EditRefused } from "../onboarding/plan-types";
import { goOnWithoutReader } from "./closed-output";
import { commandTable } from "./command-table";
import { ExitCode } from "./exit-codes";
import { refusalJson } from "./refusal";
import { UsageError } from "./usage-error";
import { version } from "./version";

async function run(argv: readonly string[]): Promise<void> {
  const program = new Command("artifacts")
    .description("Declarative staging and promotion of release artifacts on Google Cloud")
    .version(version(), "--version", "print the version")
    .exitOverride()
    .showHelpAfterError("(run with --help for usage)");
  const asked = argv.find((word) => !word.startsWith("-"));
  for (const { name, summary, isHidden = false, load } of commandTable) {
    const command = program.command(name, { hidden: isHidden }).description(summary).exitOverride();
    if (name === asked) (await load()).define(command);
  }
  await program.parseAsync(plainFlags(argv), { from: "user" });
}

/** How Go programs write a boolean: https://pkg.go.dev/strconv#ParseBool */
const GO_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((text) => [text, false] as const),
]);

/** Jobs written for Go programs say `--confirm=true`. Of several the last one counts. */
function plainFlags(argv: readonly string[]): readonly string[] {
  const last = new Map<string, boolean>();
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const others = argv.slice(0, end).filter((word) => {
    const [, flag, value = "true"] = /^(--confirm|--use-service-account)(?:=(.*))?$/s.exec(word) ?? [];
    if (flag === undefined) return true;
    const isSet = GO_BOOLEANS.get(value);
    if (isSet === undefined) throw new UsageError(`${flag}: is ${quote(value)}, must be true or false`);
    last.set(flag, isSet);
    return false;
  });
  return [...others, ...[...last].flatMap(([flag, isSet]) => (isSet ? [flag] : [])), ...argv.slice(end)];
}

function diagnosticsOf(error: Error): readonly Diagnostic[] {
  if (error instanceof EditRefused) return [error.diagnostic];
  const told = error instanceof ConfigError ? error.diagnostics : [];
  return told.length > 0 ? told : [{ severity: "error", summary: error.message }];
}

goOnWithoutReader();
run(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    return;
  }
  if (error instanceof UsageError || error instanceof ConfigError || error instanceof EditRefused) {
    const said = error instanceof EditRefused ? formatDiagnostic(error.diagnostic) : `artifacts: ${error.message}`;
    process.stderr.write(`${said}\n`);
    if (process.argv.includes("--json")) process.stdout.write(refusalJson(diagnosticsOf(error)));
    process.exitCode = ExitCode.usage;
    return;
  }
  process.stderr.write(
    `artifacts: ${error instanceof Error ? (process.env.DEBUG ? error.stack : error.message) : error}\n`,
  );
  process.exitCode = ExitCode.couldNotRun;
});

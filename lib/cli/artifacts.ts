import { Command, CommanderError } from "commander";
import { ConfigError } from "../diagnostics";
import { goOnWithoutReader } from "./closed-output";
import { commandTable } from "./command-table";
import { ExitCode } from "./exit-codes";
import { UsageError } from "./usage-error";

async function run(argv: readonly string[]): Promise<void> {
  const program = new Command("artifacts")
    .description("Declarative staging and promotion of release artifacts on Google Cloud")
    .exitOverride()
    .showHelpAfterError("(run with --help for usage)");
  const asked = argv.find((word) => !word.startsWith("-"));
  for (const { name, summary, isHidden = false, load } of commandTable) {
    const command = program.command(name, { hidden: isHidden }).description(summary).exitOverride();
    if (name === asked) (await load()).define(command);
  }
  await program.parseAsync(plainFlags(argv), { from: "user" });
}

/** Jobs written for Go programs say `--confirm=true`. */
function plainFlags(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word) => {
    const [, flag, value] = /^(--confirm|--use-service-account)=(true|false)$/.exec(word) ?? [];
    return flag === undefined ? [word] : value === "true" ? [flag] : [];
  });
}

goOnWithoutReader();
run(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    return;
  }
  if (error instanceof UsageError || error instanceof ConfigError) {
    process.stderr.write(`artifacts: ${error.message}\n`);
    process.exitCode = ExitCode.usage;
    return;
  }
  process.stderr.write(
    `artifacts: ${error instanceof Error ? (process.env.DEBUG ? error.stack : error.message) : error}\n`,
  );
  process.exitCode = ExitCode.couldNotRun;
});

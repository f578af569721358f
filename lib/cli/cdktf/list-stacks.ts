import { Command } from "commander";
import { outputFolder, readManifest, synthesize, wanted } from "./app";
import { GLOBS_IN_NAMES, parseWords } from "./parse-words";

interface ListOptions {
  readonly app?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** Whether `list` is asked for what cdktf-cli's own can't do: some of the stacks, `--json`, or help about that. */
export function isOwnList([verb, ...words]: readonly string[]): boolean {
  return verb === "list" && words.some((word) => !word.startsWith("-") || ["--json", "-h", "--help"].includes(word));
}

/** Synthesizes, and prints the stacks that are asked for with their folders. */
export async function listStacks(words: readonly string[], upstream: string): Promise<void> {
  const command = listCommand();
  parseWords(command, words);
  const { app, output, json } = command.opts<ListOptions>();
  const folder = outputFolder(output);
  await synthesize(upstream, [...(app === undefined ? [] : ["--app", app]), "--output", folder]);
  const stacks = readManifest(folder);
  const asked = command.args.length === 0 ? stacks : wanted(stacks, command.args);
  if (json) {
    process.stdout.write(`${JSON.stringify({ stacks: asked }, null, 2)}\n`);
    return;
  }
  const rows = [{ name: "Stack name", folder: "Path" }, ...asked];
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const row of rows) process.stdout.write(`${row.name.padEnd(width)}  ${row.folder}\n`);
}

function listCommand(): Command {
  return new Command("cdktf list")
    .description("Lists the stacks of the app, or those that are named")
    .argument("[stacks...]", GLOBS_IN_NAMES)
    .option("-a, --app <command>", "command that runs the CDKTF app (default: what cdktf.json says)")
    .option("-o, --output <folder>", "where the synthesized stacks are (default: what cdktf.json says, or cdktf.out)")
    .option("--json", "print one JSON document: per stack its name and folder")
    .addHelpText("after", "\nExamples:\n  npx cdktf list\n  npx cdktf list 'staging-*' --json\n");
}

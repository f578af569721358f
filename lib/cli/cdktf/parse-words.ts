import { type Command, CommanderError } from "commander";
import { UsageError } from "../usage-error";

/** Says in `--help` how stacks are named. */
export const GLOBS_IN_NAMES = "names of stacks or globs, e.g. 'staging-*'";

/**
 * Parses the words behind a verb. Help is printed, and ends the process.
 * @throws UsageError if the words are not the command's
 */
export function parseWords(command: Command, words: readonly string[]): void {
  try {
    command
      .configureOutput({ writeErr: () => {} })
      .exitOverride()
      .parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) process.exit(0);
    throw new UsageError(error.message.replace(/^error: /, ""));
  }
}

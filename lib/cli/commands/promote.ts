import { type Command, Option } from "commander";
import { addEngineOptions } from "../engine-options";
import { addLayoutOptions } from "../layout-options";
import { pathOption } from "../path-option";
import { type PromoteFlags, runPromote } from "../promote/promote-run";

export function define(command: Command): void {
  addLayoutOptions(command);
  addEngineOptions(command);
  command
    .argument(
      "[directory...]",
      "filestore directories or staging projects, e.g. k8s-staging-kops or kops (default: all)",
    )
    .option("--confirm", "copy; without it nothing is written")
    .addOption(
      pathOption("--files <path>", "with --filestores FILE: one project's manifest, or the folder of its manifests"),
    )
    .option("--use-service-account", "in a dry run, read as the destinations' service accounts (--confirm always does)")
    .option("--service-account <email>", "act as this account where a destination names none")
    .option("--own-credentials", "act as yourself and impersonate nobody, whatever the filestores say")
    .option("--json", "print one JSON object a line, while it happens")
    .addOption(new Option("--log-level <level>", "of kpromo; has no effect").hideHelp())
    .addHelpText("after", EXAMPLES)
    .action(async (directories: readonly string[], flags: PromoteFlags) => {
      process.exitCode = await runPromote(directories, flags);
    });
}

const EXAMPLES = `
A dry run hashes everything that a promotion would copy. What is published is left alone, whoever published it; other
bytes under a published name are a failure. Stop it anywhere and run it again.
The flags of "kpromo run files" mean what they mean there: --manifests FOLDER (with filestores/ and manifests/ in it),
or --filestores FILE with --files PATH; "artifacts run files" is another name of this command.

Examples:
  artifacts promote
  artifacts promote --confirm
  artifacts promote k8s-staging-kops --confirm --deadline 50m
  artifacts run files --manifests ./artifacts --use-service-account --confirm
  artifacts promote --json | jq 'select(.type == "done" and .status == "failed")'

Exit codes: 0 all well, 1 some lines failed or could not be read, 2 bad usage or inputs, 3 nothing could be reached.
`;

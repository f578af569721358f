import type { Command } from "commander";
import type { LayoutOverrides } from "../../config/layout";
import type { AwaitedStep } from "../../model/rules/retirements";
import { isCutOff } from "../cut-off";
import { diagnosticRow } from "../diagnostic-row";
import { addEngineOptions, type EngineFlags, engineSettings } from "../engine-options";
import { ExitCode } from "../exit-codes";
import { interruptible } from "../interrupt";
import { addLayoutOptions } from "../layout-options";
import { positiveNumber } from "../numbers";
import { createProgress } from "../progress";
import { isWell, statusRow } from "../status/status-row";
import { readStatus } from "../status/status-run";
import { statusText } from "../status/status-text";

interface Options extends LayoutOverrides, EngineFlags {
  readonly deep?: boolean;
  readonly idleDays?: string;
  readonly lines?: boolean;
  readonly authenticate?: boolean;
  readonly json?: boolean;
}

const DEFAULT_IDLE_DAYS = 90;

export function define(command: Command): void {
  addLayoutOptions(command);
  addEngineOptions(command);
  command
    .argument("[project]", "only this staging project, e.g. k8s-staging-kops or kops; shows every line of it")
    .option("--deep", "download every public address and hash what comes")
    .option("--lines", "show every line, not only what is wrong")
    .option("--idle-days <days>", `list staging projects without an upload for so long (default: ${DEFAULT_IDLE_DAYS})`)
    .option("--authenticate", "use your own credentials for listing (default: none)")
    .option("--json", "print one JSON document instead of text")
    .addHelpText("after", EXAMPLES)
    .action(async (project: string | undefined, options: Options) => {
      process.exitCode = await showStatus(project, options);
    });
}

const EXAMPLES = `
Also lists retirements that are not over, with the line that takes the next step.
Asks destinations and public addresses, not states or logs. Length and CRC32C of each address are compared; --deep
downloads it. What is published and carries no record that fits is not known to be right until it is read, by --deep or a dry
run of artifacts promote, and fails; where a record contradicts its object it is read at once. With STORAGE_EMULATOR_HOST only addresses below https://storage.googleapis.com/ can be asked.

Examples:
  artifacts status
  artifacts status k8s-staging-kops --deep
  artifacts status --json | jq '.lines[] | select(.state != "published")'

Exit codes: 0 everything is published and public, 1 something is not, or is not known, 2 bad usage, 3 could not run.
`;

async function showStatus(project: string | undefined, options: Options): Promise<ExitCode> {
  const idleDays = positiveNumber("--idle-days", options.idleDays) ?? DEFAULT_IDLE_DAYS;
  const identity = options.authenticate ? "ambient" : "anonymous";
  const progress = createProgress({ what: "asking", things: "addresses", isSilent: options.json === true });
  const status = await interruptible((signal) =>
    readStatus({
      ...options,
      engine: { ...engineSettings(options), identity, signal },
      project,
      isDeep: options.deep === true,
      idleDays,
      now: new Date(),
      progress,
    }),
  ).finally(progress.stop);
  const rows = status.lines.map(statusRow);
  const ok = isWell(rows) && status.unread.length === 0;
  const { idle, unread } = status;
  const document = {
    ok,
    lines: rows,
    unread: unread.map(diagnosticRow),
    idle,
    retirements: status.retirements.map(retirementRow),
  };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(document, null, 2)}\n`
      : statusText(rows, status, idleDays, options.lines === true || project !== undefined),
  );
  if (unread.length === 0 && isCutOff(status.lines.map(({ result }) => result))) return ExitCode.couldNotRun;
  return ok ? ExitCode.ok : ExitCode.failed;
}

function retirementRow({ project, ...awaited }: AwaitedStep) {
  const { projectId, name, retired, at } = project;
  return { projectId, name, ...awaited, at: retired?.at ?? at };
}

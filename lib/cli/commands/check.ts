import type { Command } from "commander";
import type { LayoutOverrides } from "../../config/layout";
import { annotations, repositoryFolder } from "../check/annotations";
import { checkJson } from "../check/check-json";
import { checkMarkdown } from "../check/check-markdown";
import { type CheckResult, couldNotRun, isFailed, runCheck } from "../check/check-run";
import { type CheckSummary, summarizeCheck } from "../check/check-summary";
import { checkText } from "../check/check-text";
import { sarif } from "../check/sarif";
import { addEngineOptions, type EngineFlags, engineSettings } from "../engine-options";
import { followEvents } from "../event-progress";
import { ExitCode } from "../exit-codes";
import { interruptible } from "../interrupt";
import { addLayoutOptions } from "../layout-options";
import { createProgress } from "../progress";
import { type ReportFile, requireWritable, writeReport } from "../report-files";
import { version } from "../version";

interface Options extends LayoutOverrides, EngineFlags {
  readonly base?: string;
  readonly json?: boolean;
  readonly markdown?: string;
  readonly sarif?: string;
  readonly authenticate?: boolean;
}

export function define(command: Command): void {
  addLayoutOptions(command);
  addEngineOptions(command);
  command
    .option("--base <revision>", "check only what differs from this Git revision, and what may not differ")
    .option("--authenticate", "use your own credentials for reading (default: none)")
    .option("--json", "print one JSON document instead of text")
    .option("--markdown <file>", "also write a report for a comment or for $GITHUB_STEP_SUMMARY")
    .option("--sarif <file>", "also write the findings for code scanning")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await checkInputs(options);
    });
}

const EXAMPLES = `
Reads the inputs and hashes the bytes of every new line, without credentials. Inside GitHub Actions, findings are put
beside their lines. Run the engine of the base branch on the files of the pull request: see docs/cli.md.

Examples:
  artifacts check
  artifacts check --base origin/main
  artifacts check --root pull-request --base origin/main --markdown "$GITHUB_STEP_SUMMARY" --sarif check.sarif
  artifacts check --json

Exit codes: 0 all well, 1 findings, 2 bad usage, 3 nothing could be reached.
`;

async function checkInputs(options: Options): Promise<ExitCode> {
  const files = reportFiles(options);
  for (const file of files) requireWritable(file);
  const progress = createProgress({ what: "checking", isSilent: options.json === true });
  const engine = { ...engineSettings(options), identity: options.authenticate ? "ambient" : "anonymous" } as const;
  const result = await interruptible((signal) =>
    runCheck({ ...options, engine: { ...engine, signal }, onEvent: followEvents(progress) }),
  ).finally(progress.stop);
  const summary = summarizeCheck(result);
  // What was found is printed first: nothing that befalls a file takes it away.
  print(result, summary, options);
  const isWritten = files.map((file) => writeReport(file, file.textOf(result, summary))).every(Boolean);
  if (couldNotRun(result)) return ExitCode.couldNotRun;
  if (isFailed(result)) return ExitCode.failed;
  return isWritten ? ExitCode.ok : ExitCode.couldNotRun;
}

interface CheckReport extends ReportFile {
  textOf(result: CheckResult, summary: CheckSummary): string;
}

function reportFiles({ markdown, sarif: findings }: Options): readonly CheckReport[] {
  const files: CheckReport[] = [];
  if (markdown !== undefined) files.push({ flag: "--markdown", file: markdown, textOf: checkMarkdown });
  if (findings !== undefined) {
    const textOf = (result: CheckResult) => sarif(result.findings, version(), repositoryFolder(result.layout.root));
    files.push({ flag: "--sarif", file: findings, textOf });
  }
  return files;
}

function print(result: CheckResult, summary: CheckSummary, options: Options): void {
  process.stdout.write(options.json ? checkJson(result, summary) : checkText(result, summary));
  // The runner reads both streams; a JSON document stays one.
  (options.json ? process.stderr : process.stdout).write(annotations(result.findings, result.layout.root));
}

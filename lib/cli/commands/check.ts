import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { LayoutOverrides } from "../../config/layout";
import { annotations, repositoryFolder } from "../check/annotations";
import { checkJson } from "../check/check-json";
import { checkMarkdown } from "../check/check-markdown";
import { type CheckResult, isCutOff, isFailed, runCheck } from "../check/check-run";
import { type CheckSummary, summarizeCheck } from "../check/check-summary";
import { checkText } from "../check/check-text";
import { sarif } from "../check/sarif";
import { addEngineOptions, type EngineFlags, engineSettings } from "../engine-options";
import { followEvents } from "../event-progress";
import { ExitCode } from "../exit-codes";
import { interruptible } from "../interrupt";
import { addLayoutOptions } from "../layout-options";
import { createProgress } from "../progress";
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
  const progress = createProgress({ what: "checking", isSilent: options.json === true });
  const engine = { ...engineSettings(options), identity: options.authenticate ? "ambient" : "anonymous" } as const;
  const result = await interruptible((signal) =>
    runCheck({ ...options, engine: { ...engine, signal }, onEvent: followEvents(progress) }),
  ).finally(progress.stop);
  const summary = summarizeCheck(result);
  report(result, summary, options);
  if (isCutOff(result)) return ExitCode.couldNotRun;
  return isFailed(result) ? ExitCode.failed : ExitCode.ok;
}

function report(result: CheckResult, summary: CheckSummary, options: Options): void {
  const { findings, layout } = result;
  if (options.markdown !== undefined) writeFileSync(options.markdown, checkMarkdown(result, summary));
  if (options.sarif !== undefined) {
    writeFileSync(options.sarif, sarif(findings, version(), repositoryFolder(layout.root)));
  }
  process.stdout.write(options.json ? checkJson(result, summary) : checkText(result, summary));
  // The runner reads both streams; a JSON document stays one.
  (options.json ? process.stderr : process.stdout).write(annotations(findings, layout.root));
}

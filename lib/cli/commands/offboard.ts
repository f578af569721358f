import type { Command } from "commander";
import { type LayoutOverrides, readLayout } from "../../config/layout";
import { loadEstate } from "../../config/load";
import { didYouMean, quote } from "../../model/suggest";
import { inputReader } from "../../onboarding/input-files";
import { planRemoval, planRetirement } from "../../onboarding/offboard-plan";
import { EditRefused } from "../../onboarding/plan-types";
import { changeInputs } from "../change-inputs";
import { ExitCode } from "../exit-codes";
import { addLayoutOptions } from "../layout-options";
import { validEstate } from "../valid-estate";

interface Options extends LayoutOverrides {
  readonly since?: string;
  readonly remove?: boolean;
  readonly neverDeployed?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function define(command: Command): void {
  addLayoutOptions(command);
  command
    .argument("<name>", "staging name, e.g. kops")
    .option("--since <date>", "the day of the decision, e.g. 2026-05-01 (default: today)")
    .option("--remove", "take the project out of the inputs: only after its retirement is over")
    .option("--never-deployed", "with --remove: an onboarding that was never deployed; no retirement is needed")
    .option("--dry-run", "show the change, write nothing")
    .option("--json", "print one JSON document instead of text")
    .addHelpText("after", EXAMPLES)
    .action((name: string, options: Options) => {
      process.exitCode = offboard(name, options);
    });
}

const EXAMPLES = `
Without --remove this declares the retirement: writers go, public access goes, promotion sources are refused,
published files stay. Vanishing is not deleting: a project that is taken out of infra.yaml without it is an error.

Examples:
  artifacts offboard anvil
  artifacts offboard anvil --remove                    after its retirement is over
  artifacts offboard anvil --remove --never-deployed   undoes an onboarding that was not deployed

Exit codes: 0 written (or shown), 2 refused.
`;

function offboard(name: string, options: Options): ExitCode {
  const layout = readLayout(options);
  const estate = validEstate(loadEstate(layout));
  if (estate === undefined) return ExitCode.usage;
  const project = estate.staging.find((each) => each.name === name);
  if (project === undefined) {
    const names = estate.staging.map((each) => each.name);
    return refuse(`name ${quote(name)}: no staging project of ours has it. ${didYouMean(name, names) ?? ""}`);
  }
  const isRemoval = options.remove ?? false;
  if (isRemoval && project.retired === undefined && !options.neverDeployed) {
    return refuse(
      `${project.projectId}: is not retired. Run \`artifacts offboard ${name}\` first, or add --never-deployed if it was never deployed.`,
    );
  }
  if (isRemoval && project.retired !== undefined && project.retired.step !== "shut-down") {
    return refuse(
      `${project.projectId}: its retirement is not over, it still exists. Its entries may go after "step: shut-down" was deployed; docs/staging.md has the steps.`,
    );
  }
  if (!isRemoval && project.retired !== undefined) {
    return refuse(
      `${project.projectId}: is retired since ${project.retired.since} already (${project.at.file}:${project.at.line}).`,
    );
  }
  try {
    const read = inputReader(layout);
    const since = options.since ?? new Date().toISOString().slice(0, 10);
    const changes = isRemoval
      ? planRemoval(name, estate, layout, read)
      : planRetirement(name, since, estate, layout, read);
    return changeInputs(layout, changes, {
      dryRun: options.dryRun ?? false,
      json: options.json ?? false,
      nextSteps: isRemoval
        ? ["open a pull request", "after approval: nothing is left to deploy for this project"]
        : [
            `open a pull request; its check plans the stack "staging-${name}"`,
            `after approval: cdktf deploy staging-${name}`,
            `docs/staging.md lists the further steps of a retirement`,
          ],
    });
  } catch (error) {
    if (error instanceof EditRefused) return refuse(error.message);
    throw error;
  }
}

function refuse(problem: string): ExitCode {
  process.stderr.write(`error: ${problem}\nNothing was written.\n`);
  return ExitCode.usage;
}

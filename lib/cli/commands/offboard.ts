import type { Command } from "commander";
import { type Layout, type LayoutOverrides, readLayout } from "../../config/layout";
import type { Estate } from "../../model/estate";
import type { RetirementStep, StagingProject } from "../../model/projects";
import { earliestDay, isDay, isDue, nextRetirementStep, RETIREMENT_STEPS, utcDay } from "../../model/retirement";
import { meantProject, stagingName } from "../../model/staging-names";
import { didYouMean, quote, quoteList } from "../../model/suggest";
import { inputReader, loadSettled } from "../../onboarding/input-files";
import { planNextStep, planRemoval, planRetirement } from "../../onboarding/offboard-plan";
import { subprojectFiles } from "../../onboarding/onboard-plan";
import type { FileChange, ReadInput } from "../../onboarding/plan-types";
import { type ChangeOptions, changeInputs, completeEarlierChange, tellDone } from "../change-inputs";
import type { ExitCode } from "../exit-codes";
import { addLayoutOptions } from "../layout-options";
import { refuse, refuseInputs } from "../refusal";
import { validForProject } from "../valid-estate";

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
    .argument("<project>", "staging project id or staging name, e.g. k8s-staging-kops or kops")
    .option("--since <date>", "the day of the decision, e.g. 2026-05-01 (default: today)")
    .option("--remove", "take the project out of the inputs: only after its retirement is over")
    .option("--never-deployed", "with --remove: an onboarding that was never deployed; no retirement is needed")
    .option("--dry-run", "show the change, write nothing")
    .option("--json", "print one JSON document instead of text")
    .addHelpText("after", EXAMPLES)
    .action((project: string, options: Options) => {
      process.exitCode = offboard(project, options);
    });
}

const EXAMPLES = `
Without --remove this declares the retirement: writers go, public access goes, promotion sources are refused,
published files stay. Run again, it writes the next step when its day has come: "released" and "shut-down" 30 days
after the retirement was decided, each after the one before it was deployed. Vanishing is not deleting: a project
that is taken out of infra.yaml without all that is an error.

Examples:
  artifacts offboard anvil                             the first step, or the next one that is due
  artifacts offboard anvil --remove                    after its retirement is over
  artifacts offboard anvil --remove --never-deployed   undoes an onboarding that was not deployed

Exit codes: 0 written (or shown), 2 refused.
`;

function offboard(asked: string, options: Options): ExitCode {
  const layout = readLayout(options);
  const { dryRun = false, json = false } = options;
  const completed = dryRun ? undefined : completeEarlierChange(layout);
  const loaded = loadSettled(layout);
  const { staging, defaults } = loaded.draft;
  const project = meantProject(asked, staging, defaults.stagingPrefix);
  const name = project?.name ?? stagingName(asked, defaults.stagingPrefix) ?? asked;
  const command = `offboard ${name}${options.remove ? " --remove" : ""}`;
  if (completed?.command === command) return tellDone(completed, json);
  const estate = validForProject(loaded, project?.projectId ?? asked);
  if (estate === undefined) return refuseInputs(loaded, options);
  if (project === undefined) return refuse([unknownProject(asked, estate)], options);
  const read = inputReader(layout);
  const planned = options.remove
    ? removal(project, options, estate, layout, read)
    : retirement(project, options, utcDay(new Date()), estate, layout, read);
  if (typeof planned === "string") return refuse([planned], options);
  const { changes, nextSteps } = planned;
  return changeInputs(layout, loaded, changes, { dryRun, json, command, nextSteps });
}

interface Planned extends Pick<ChangeOptions, "nextSteps"> {
  readonly changes: readonly FileChange[];
}

/** The first step, or the one after that which is declared; a sentence when its day has not come. */
function retirement(
  project: StagingProject,
  { since, neverDeployed }: Options,
  today: string,
  { manifests }: Estate,
  layout: Layout,
  read: ReadInput,
): Planned | string {
  const { name, projectId, retired } = project;
  const hasManifests = manifests.some(({ directory }) => directory === projectId);
  const end = hasManifests ? `then nothing is left to do. ${STAYS}` : `then: npx artifacts offboard ${name} --remove`;
  if (neverDeployed) return "--never-deployed: goes with --remove. Add it, or leave both out to declare a retirement.";
  if (retired === undefined) {
    const problem = since === undefined ? undefined : sinceProblem(since, today);
    if (problem !== undefined) return problem;
    const changes = planRetirement(projectId, since ?? today, layout, read);
    return { changes, nextSteps: (stacks) => stepsAfter("closed", name, stacks, since ?? today, end) };
  }
  const place = `${(retired.at ?? project.at).file}:${(retired.at ?? project.at).line}`;
  if (since !== undefined) {
    return `--since: ${projectId} is retired since ${retired.since} (${place}), and the notice counts from that day. Leave the flag out.`;
  }
  const next = nextRetirementStep(project);
  if (next === undefined) {
    const after = hasManifests
      ? `${STAYS}.`
      : `Once it is deployed, \`npx artifacts offboard ${name} --remove\` takes its entries out.`;
    return `${projectId}: "step: shut-down" is declared (${place}), the last one. ${after}`;
  }
  if (!isDue(next, retired.since, today)) {
    return `${projectId}: retired since ${retired.since} (${place}); "step: ${next}" may be declared from ${earliestDay(next, retired.since)} on (UTC), today is ${today}. Run this again then; npx artifacts status tells.`;
  }
  return {
    changes: planNextStep(projectId, next, layout, read),
    nextSteps: (stacks) => stepsAfter(next, name, stacks, retired.since, end),
  };
}

const STAYS = "It stays in infra.yaml, retired, as its published files stay declared";

function sinceProblem(since: string, today: string): string | undefined {
  if (!isDay(since)) return `--since ${quote(since)}: is no day. Write it as ${today}.`;
  if (since > today) return `--since ${quote(since)}: is still to come (today is ${today}, in UTC). Write ${today}.`;
  return undefined;
}

function stepsAfter(
  step: RetirementStep,
  name: string,
  stacks: readonly string[],
  since: string,
  end: string,
): readonly string[] {
  const next = RETIREMENT_STEPS[RETIREMENT_STEPS.indexOf(step) + 1];
  return [
    ...(RETIREMENT_STEPS.indexOf(step) > 0
      ? [`make sure that "step: ${RETIREMENT_STEPS[RETIREMENT_STEPS.indexOf(step) - 1]}" was deployed`]
      : []),
    `open a pull request; its check plans ${stacks.length === 1 ? "the stack" : "the stacks"} ${quoteList(stacks)}`,
    `after approval: npx cdktf deploy ${stacks.join(" ")}`,
    next === undefined
      ? end
      : `from ${earliestDay(next, since)} on: npx artifacts offboard ${name} (it writes "step: ${next}")`,
  ];
}

function removal(
  { name, projectId, retired }: StagingProject,
  { since, neverDeployed }: Options,
  estate: Estate,
  layout: Layout,
  read: ReadInput,
): Planned | string {
  if (since !== undefined) return "--since: goes without --remove. Leave one of them out.";
  if (retired === undefined && !neverDeployed) {
    return `${projectId}: is not retired. Run \`npx artifacts offboard ${name}\` first, or add --never-deployed if it was never deployed.`;
  }
  if (retired !== undefined && retired.step !== "shut-down") {
    return `${projectId}: its retirement is not over, it still exists. Its entries may go after "step: shut-down" was deployed: \`npx artifacts offboard ${name}\` writes the next step.`;
  }
  const changes = planRemoval(name, estate, layout, read);
  const { build, job } = subprojectFiles(layout, projectId, "");
  const kept = [build, job].filter(
    (file) => read(file) !== undefined && !changes.some((change) => change.file === file),
  );
  return {
    changes,
    nextSteps: (stacks) => [
      ...(retired === undefined ? [TOGETHER] : stepsAfterRemoval(stacks.includes("groups"))),
      ...kept.map((file) => `see whether anything needs ${file}: it is not as an onboarding writes it, and stays`),
    ],
  };
}

const TOGETHER =
  "commit it together with the onboarding that it takes back; one that is merged is retired instead, as its check will say";

function stepsAfterRemoval(hasGroup: boolean): readonly string[] {
  if (!hasGroup) return ["open a pull request", "after approval: nothing is left to deploy for this project"];
  return [
    'open a pull request; its check plans the stack "groups"',
    "after approval: npx cdktf deploy groups. The Google Group stays, with its members, unless it is retired first (docs/groups.md)",
  ];
}

function unknownProject(asked: string, { staging, defaults, projects }: Estate): string {
  const other = meantProject(asked, projects, defaults.stagingPrefix);
  if (other !== undefined) {
    return `name ${quote(asked)}: ${other.projectId} is managed by ${other.managedBy ?? "nobody we know"} (${other.at.file}:${other.at.line}). What made it has to retire it.`;
  }
  const names = staging.map((each) => each.name);
  const meant =
    didYouMean(asked, names) ?? `There are: ${names.slice(0, 20).join(", ")}${names.length > 20 ? ", ..." : ""}.`;
  return `name ${quote(asked)}: no staging project of ours has it. ${meant}`;
}

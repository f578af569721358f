import type { Command } from "commander";
import type { AdoptionPlan } from "../../adoption/found";
import { planAdoption } from "../../adoption/plan-adoption";
import { planServingAdoption } from "../../adoption/plan-serving";
import { ambient, tokenSource } from "../../cloud/auth";
import { estateReader } from "../../cloud/estate-reader";
import { readLayout } from "../../config/layout";
import { loadEstate, requireDefaults } from "../../config/load";
import { formatDiagnostic } from "../../diagnostics";
import type { StagingProject } from "../../model/projects";
import { retirementStep } from "../../model/retirement";
import { servingRecipe } from "../../model/serving-recipe";
import { stagingRecipe, stagingRecipes } from "../../model/staging-recipe";
import { report, reportShutDown } from "../adopt/report";
import { writeAdoption } from "../adopt/write-adoption";
import { ExitCode } from "../exit-codes";
import { findStagingProject } from "../find-staging-project";
import { addGoogleOptions, type GroupsOptions } from "../groups-options";
import { addLayoutOptions } from "../layout-options";
import { validApartFromManifests } from "../valid-estate";

interface Options extends GroupsOptions {
  readonly dryRun?: boolean;
}

export function define(command: Command): void {
  addLayoutOptions(command);
  addGoogleOptions(
    command
      .argument("<what>", "staging project id or staging name, e.g. k8s-staging-kops or kops; serving; groups")
      .option("--dry-run", "look and show, write nothing")
      .option("--json", "print one JSON document instead of text"),
  );
  command.addHelpText("after", EXAMPLES).action(async (what: string, options: Options) => {
    process.exitCode = await adopt(what, options);
  });
}

const EXAMPLES = `
Looks at what exists of a staging project, of the production side (serving) or of the declared Google Groups (groups);
read-only. Writes import blocks for exactly that into infra/gcp/adopt/<stack>.yaml, and shows what the next plan would
still change. The migration of a project itself is one line: its managed_by in infra.yaml names this repository.
A staging project that is called serving or groups is named by its id. The flags that say who asks are for groups.

Examples:
  artifacts adopt kops
  artifacts adopt k8s-staging-kops --dry-run --json
  artifacts adopt serving
  artifacts adopt groups --subject groups-bot@example.org

Exit codes: 0 done, 1 something stands in the way, 2 bad input, 3 Google Cloud could not be read.
`;

async function adopt(what: string, options: Options): Promise<ExitCode> {
  if (what === "groups") return (await import("../adopt/adopt-groups")).adoptGroups(options);
  return what === "serving" ? adoptServing(options) : adoptProject(what, options);
}

async function adoptProject(asked: string, options: Options): Promise<ExitCode> {
  const found = findStagingProject(loadEstate(readLayout(options)), asked);
  if (found === undefined) return ExitCode.usage;
  const { estate, project } = found;
  const recipes = stagingRecipes(estate).map(({ recipe }) => recipe);
  const plan = await planAdoption(stagingRecipe(project, estate), estateReader(tokenSource(ambient)), recipes);
  const { projectId, name } = project;
  const shutDown = retirementStep(project) === "shut-down" ? project : undefined;
  return told({ subject: projectId, stack: `staging-${name}`, projectId, shutDown }, plan, options);
}

async function adoptServing(options: Options): Promise<ExitCode> {
  const layout = readLayout(options);
  const estate = validApartFromManifests(loadEstate(layout));
  if (estate === undefined) return ExitCode.usage;
  const missing = requireDefaults(estate, layout);
  if (missing.length > 0) {
    process.stderr.write(`${missing.map(formatDiagnostic).join("\n")}\n`);
    return ExitCode.usage;
  }
  const recipe = servingRecipe(estate.defaults);
  const plan = await planServingAdoption(recipe, estateReader(tokenSource(ambient)));
  return told({ subject: "the production side", stack: "serving", projectId: recipe.projectId }, plan, options);
}

interface Place {
  readonly subject: string;
  readonly stack: string;
  readonly projectId: string;

  /** The project itself, if its retirement is over. */
  readonly shutDown?: StagingProject | undefined;
}

function told({ subject, stack, projectId, shutDown }: Place, plan: AdoptionPlan, options: Options): ExitCode {
  const isBlocked = plan.obstacles.length > 0;
  const adoption = { subject, stack, imports: plan.imports };
  const { file, isWritten, diff } = writeAdoption(readLayout(options), adoption, !options.dryRun && !isBlocked);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ projectId, stack, file, written: isWritten, ...plan }, null, 2)}\n`);
  } else {
    if (!isBlocked) process.stdout.write(diff);
    process.stdout.write(shutDown ? reportShutDown(shutDown) : report(subject, stack, plan, isWritten));
  }
  return isBlocked ? ExitCode.failed : ExitCode.ok;
}

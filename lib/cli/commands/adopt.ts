import { dirname } from "node:path";
import type { Command } from "commander";
import { adoptionFile } from "../../adoption/adoption-file";
import { type AdoptionPlan, planAdoption } from "../../adoption/plan-adoption";
import type { PolicyDifference } from "../../adoption/policy-difference";
import { ambient, tokenSource } from "../../cloud/auth";
import { estateReader } from "../../cloud/estate-reader";
import { type LayoutOverrides, readLayout } from "../../config/layout";
import { loadEstate } from "../../config/load";
import { stagingRecipe } from "../../model/staging-recipe";
import { inputReader } from "../../onboarding/input-files";
import { writeChanges } from "../../onboarding/write-changes";
import { ExitCode } from "../exit-codes";
import { findStagingProject } from "../find-staging-project";
import { addLayoutOptions } from "../layout-options";
import { unifiedDiff } from "../show-changes";

interface Options extends LayoutOverrides {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function define(command: Command): void {
  addLayoutOptions(command);
  command
    .argument("<project>", "staging project id or staging name, e.g. k8s-staging-kops or kops")
    .option("--dry-run", "look and show, write nothing")
    .option("--json", "print one JSON document instead of text")
    .addHelpText("after", EXAMPLES)
    .action(async (project: string, options: Options) => {
      process.exitCode = await adopt(project, options);
    });
}

const EXAMPLES = `
Looks at what exists of a staging project (read-only), writes import blocks for exactly that into
infra/gcp/adopt/<stack>.yaml, and shows what the next plan would still change. The migration itself is one line:
the project's managed_by in infra.yaml names this repository.

Examples:
  artifacts adopt kops
  artifacts adopt k8s-staging-kops --dry-run --json

Exit codes: 0 done, 1 something stands in the way, 2 bad input, 3 Google Cloud could not be read.
`;

async function adopt(asked: string, options: Options): Promise<ExitCode> {
  const layout = readLayout(options);
  const found = findStagingProject(loadEstate(layout), asked);
  if (found === undefined) return ExitCode.usage;
  const { estate, project } = found;
  const plan = await planAdoption(stagingRecipe(project, estate), estateReader(tokenSource(ambient)));
  const stack = `staging-${project.name}`;
  const file = `${dirname(layout.infra)}/adopt/${stack}.yaml`;
  const hasImports = Object.keys(plan.imports).length > 0;
  const change = {
    file,
    before: inputReader(layout)(file),
    after: hasImports ? adoptionFile(project.projectId, stack, plan) : undefined,
  };
  const isWritten = !options.dryRun && plan.obstacles.length === 0 && change.before !== change.after;
  if (isWritten) writeChanges(layout.root, [change]);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ projectId: project.projectId, stack, file, written: isWritten, ...plan }, null, 2)}\n`,
    );
  } else {
    if (change.before !== change.after && plan.obstacles.length === 0) process.stdout.write(unifiedDiff([change]));
    process.stdout.write(report(project.projectId, stack, plan, isWritten));
  }
  return plan.obstacles.length > 0 ? ExitCode.failed : ExitCode.ok;
}

function report(projectId: string, stack: string, plan: AdoptionPlan, isWritten: boolean): string {
  const count = Object.keys(plan.imports).length;
  const isBlocked = plan.obstacles.length > 0;
  const lines = ["", headline(projectId, count, isBlocked), ...section("In the way:", plan.obstacles)];
  // Of a project that can't be seen nothing is known that could be told.
  if (count > 0 || !isBlocked) {
    lines.push(
      ...section("Will be made, as it does not exist or can't be imported:", isBlocked ? [] : plan.toCreate),
      ...section("Will be changed, beside policies:", plan.changes),
      ...plan.policies.flatMap(policyLines),
      ...section(
        "Granted on the project and not declared; it stays, declare or remove it by hand:",
        plan.foreignGrants,
      ),
    );
    if (plan.policies.length === 0 && count > 0)
      lines.push("", "No authoritative policy takes anything away or gives anything new.");
  }
  const next = isBlocked
    ? "Nothing was written. Remove what is in the way, and run this again."
    : `Next: cdktf plan ${stack}`;
  lines.push("", isWritten ? `Written. ${next}` : next, "");
  return lines.join("\n");
}

function headline(projectId: string, count: number, isBlocked: boolean): string {
  if (count > 0) return `${projectId}: ${count} existing ${count === 1 ? "object" : "objects"} to take over`;
  if (isBlocked) return `${projectId}: can't be taken over as it is`;
  return `${projectId}: does not exist, or can't be seen with these credentials; if it does not, a deploy makes it all`;
}

function policyLines({ on, takesAway, gives, conditionalRoles }: PolicyDifference): readonly string[] {
  return [
    "",
    `The authoritative policy of ${on} would change:`,
    ...takesAway.map(({ role, member }) => `  - ${role} ${member}${givenByItself(role, member)}`),
    ...gives.map(({ role, member }) => `  + ${role} ${member}`),
    ...conditionalRoles.map((role) => `  - ${role} (granted under a condition)`),
  ];
}

/** Cloud Storage grants these when a bucket is made; nobody chose them. */
function givenByItself(role: string, member: string): string {
  return /^project(Owner|Editor|Viewer):/.test(member) && role.includes("/storage.legacy")
    ? " (Cloud Storage's own, from when the bucket was made)"
    : "";
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

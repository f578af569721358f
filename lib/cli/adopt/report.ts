import type { AdoptionPlan } from "../../adoption/found";
import type { PolicyDifference } from "../../adoption/policy-difference";
import type { StagingProject } from "../../model/projects";

/** What was found, for people. */
export function report(subject: string, stack: string, plan: AdoptionPlan, isWritten: boolean): string {
  const count = Object.keys(plan.imports).length;
  const isBlocked = plan.obstacles.length > 0;
  const lines = ["", headline(subject, count, isBlocked), ...section("In the way:", plan.obstacles)];
  // Of a project that can't be seen nothing is known that could be told.
  if (count > 0 || !isBlocked) {
    lines.push(
      ...section("Will be made, as it does not exist or can't be imported:", isBlocked ? [] : plan.toCreate),
      ...section("Will be changed, beside policies:", plan.changes),
      ...section("Will be locked for good, which nobody can undo:", isBlocked ? [] : plan.toLock),
      ...section("Not looked at, as these credentials may not:", plan.unseen),
      ...plan.policies.flatMap(policyLines),
      ...section(
        "Granted on the project and not declared; it stays, declare or remove it by hand:",
        plan.foreignGrants,
      ),
      ...section("Exists beside that and is not declared; it stays as it is:", plan.undeclared),
    );
    if (plan.policies.length === 0 && count > 0)
      lines.push("", "No authoritative policy takes anything away or gives anything new.");
  }
  lines.push("", next(stack, isBlocked, isWritten), "");
  return lines.join("\n");
}

/** Of a project whose retirement is over; what its change needs to take it back into use. */
export function reportShutDown({ projectId, mode, retired, at }: StagingProject): string {
  const { file, line } = retired?.at ?? at;
  const undelete =
    mode === "shared" ? "" : `within 30 days of the shutdown gcloud projects undelete ${projectId}, then `;
  return [
    `\n${projectId}: retired and shut down (${file}:${line}): there is nothing to take over, and no deploy makes it`,
    `To bring it back: ${undelete}take "retired" out of infra.yaml and run this again; what it writes belongs to the same change.\n`,
  ].join("\n");
}

export function next(stack: string, isBlocked: boolean, isWritten: boolean): string {
  if (isBlocked) return "Nothing was written. Remove what is in the way, and run this again.";
  return `${isWritten ? "Written. " : ""}Next: npx cdktf plan ${stack}`;
}

function headline(subject: string, count: number, isBlocked: boolean): string {
  if (count > 0) return `${subject}: ${count} existing ${count === 1 ? "object" : "objects"} to take over`;
  if (isBlocked) return `${subject}: can't be taken over as it is`;
  return `${subject}: does not exist, or can't be seen with these credentials; if it does not, a deploy makes it all`;
}

function policyLines({ on, takesAway, gives, conditional }: PolicyDifference): readonly string[] {
  return [
    "",
    `The authoritative policy of ${on} would change:`,
    ...takesAway.map(({ role, member }) => `  - ${role} ${member}${givenByItself(role, member)}`),
    ...gives.map(({ role, member }) => `  + ${role} ${member}`),
    ...conditional.map(
      ({ role, member, condition }) => `  - ${role} ${member} (under the condition ${JSON.stringify(condition)})`,
    ),
  ];
}

/** Cloud Storage grants these when a bucket is made; nobody chose them. */
function givenByItself(role: string, member: string): string {
  return /^project(Owner|Editor|Viewer):/.test(member) && role.includes("/storage.legacy")
    ? " (Cloud Storage's own, from when the bucket was made)"
    : "";
}

export function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

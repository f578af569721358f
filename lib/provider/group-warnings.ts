import { normalAddress } from "../groups/addresses";
import type { DesiredGroup } from "../groups/desired-group";
import type { ObservedGroup } from "../groups/observed-group";
import { formatReview, reviewGroup } from "../groups/review";
import type { PluginDiagnostic } from "../tfplugin/diagnostics";

/** What a reviewer should know about a planned change beside the change itself. */
export function planWarnings(desired: DesiredGroup, observed: ObservedGroup | undefined): readonly PluginDiagnostic[] {
  const { risks, steps } = reviewGroup(desired, observed);
  if (steps.length === 0 || risks.length === 0) return [];
  const lines = risks.map(({ subject, why }) => {
    const value = desired.settings[subject];
    return `- ${subject === desired.email ? "" : `${subject}${value === undefined ? "" : `=${value}`}: `}${why}`;
  });
  const count = risks.length === 1 ? "a risky change" : `${risks.length} risky changes`;
  return [{ severity: "warning", summary: `${desired.email}: ${count}`, detail: lines.join("\n") }];
}

/** A new resource for a group that exists: Terraform's own plan can't show what the group has and would lose. */
export function adoptionWarning(desired: DesiredGroup, observed: ObservedGroup): PluginDiagnostic {
  const review = formatReview(reviewGroup(desired, observed));
  return {
    severity: "warning",
    summary: `${desired.email}: the group exists already and will be adopted`,
    detail: review.length === 0 ? "It is as declared: nothing changes." : ["What changes:", ...review].join("\n"),
  };
}

/** A group that is planned all the same, so that the others are: its apply, if there is to be one, says how it went. */
export function unreadWarning({ email }: DesiredGroup, reason: string): PluginDiagnostic {
  return {
    severity: "warning",
    summary: `${email}: could not be read`,
    detail: `${withoutStop(reason)}.\n\nWhat the plan says of this group may be out of date. The other groups are planned as usual. Unless this one is taken out, the apply looks again, and fails for it alone if it still can't be read.`,
  };
}

/** Google ends some of its sentences, and others not. */
export function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

/** The first change after an import: Terraform's plan shows as a loss what only leaves the state. */
export function leavingWarning({ email }: DesiredGroup): PluginDiagnostic {
  return {
    severity: "warning",
    summary: `${email}: after its import, what is not declared leaves the state`,
    detail:
      "Settings that the plan takes to null stay as they are at Google, " +
      "and so do members that it removes while reconcile_members is not true.",
  };
}

/** Members that leave the configuration, but not the group. */
export function stayingWarning(desired: DesiredGroup, before: readonly string[]): readonly PluginDiagnostic[] {
  if (desired.reconcileMembers) return [];
  const listed = new Set([...desired.owners, ...desired.managers, ...desired.members].map(normalAddress));
  const staying = before.filter((address) => !listed.has(normalAddress(address)));
  if (staying.length === 0) return [];
  return [
    {
      severity: "warning",
      path: ["members"],
      summary: `${desired.email}: ${staying.length} unlisted member${staying.length === 1 ? " stays" : "s stay"} in the group`,
      detail: `reconcile_members is not true, so members are added and never removed: ${staying.join(", ")}.`,
    },
  ];
}

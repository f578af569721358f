import type { Position } from "../../diagnostics";
import { mergeGrants } from "../iam-policy";
import type { IamGrant } from "../projects";
import type { Draft } from "./draft";
import type { Findings } from "./place";

const GIVE = "give roles";
const ACT_AS = "act as its service accounts";

/**
 * What holders of a role on a whole project may do that ends in access: by its permissions to set policies, to make keys
 * and to act as accounts. https://cloud.google.com/iam/docs/roles-permissions
 */
const POWERFUL: Readonly<Record<string, string>> = {
  "roles/owner": GIVE,
  "roles/editor": ACT_AS,
  "roles/iam.roleAdmin": "change what custom roles are",
  "roles/iam.securityAdmin": GIVE,
  "roles/iam.serviceAccountAdmin": "give roles on its service accounts",
  "roles/iam.serviceAccountKeyAdmin": ACT_AS,
  "roles/iam.serviceAccountTokenCreator": ACT_AS,
  "roles/iam.serviceAccountUser": ACT_AS,
  "roles/iam.workloadIdentityUser": ACT_AS,
  "roles/resourcemanager.projectIamAdmin": GIVE,
};

const DETAIL = 'No review shows what they do with it. Give a narrower role, or this one on a single thing ("iam-on").';

/** Roles on a project that let access change without a change of the inputs. */
export function checkPowerfulRoles({ defaults, defaultsPlace, staging }: Draft, { warn, place }: Findings): void {
  const check = (subject: string, given: readonly IamGrant[], placeOf: (role: string) => Position) => {
    for (const { role } of given) {
      const power = POWERFUL[role];
      if (power === undefined) continue;
      warn("iam/powerful-role", placeOf(role), `${subject}: ${role} on a project lets its holders ${power}`, DETAIL);
    }
  };
  const usual = mergeGrants(defaults.staging.iam);
  if (defaultsPlace !== undefined) {
    check("staging.iam", usual, (role) => place(defaultsPlace, "staging", "iam", role));
  }
  const known = new Map(usual.map(({ role, members }) => [role, members.length]));
  for (const project of staging.filter(({ mode, retired }) => mode === "project" && retired === undefined)) {
    // A project has what the defaults say as well: one with more holders says so itself.
    const own = project.iam.filter(({ role, members }) => members.length > (known.get(role) ?? 0));
    check(`${project.projectId}: iam`, own, (role) => place(project, "iam", role));
  }
}

import type { Report } from "../../diagnostics";
import { checkAdoptions } from "./adoptions";
import type { Draft } from "./draft";
import { checkEarlySteps } from "./early-steps";
import { checkExternalMembers } from "./external-members";
import { checkFilestores } from "./filestores";
import { checkGroupConventions } from "./group-conventions";
import { checkGroupMembers } from "./group-members";
import { checkRestrictions } from "./group-restrictions";
import { checkGuards } from "./guarded-groups";
import { checkManifests } from "./manifests";
import { checkNamedGroups } from "./named-groups";
import { findings, type PlaceOf } from "./place";
import { checkPowerfulRoles } from "./powerful-roles";
import { checkProductionSide } from "./production-side";
import { checkProjects } from "./projects";
import { checkRetiredGroups } from "./retired-groups";
import { checkStagingGroups } from "./staging-groups";

/** Every rule that takes more than one file, or a file and the defaults or the day, to check. `today` as `YYYY-MM-DD`, in UTC. */
export function checkEstate(draft: Draft, today: string, place: PlaceOf, report: Report): void {
  const found = findings(place, report);
  checkProductionSide(draft, found);
  checkProjects(draft, found);
  checkEarlySteps(draft, today, found);
  checkAdoptions(draft, found);
  checkStagingGroups(draft, found);
  checkGroupConventions(draft, found);
  checkGroupMembers(draft, found);
  checkExternalMembers(draft, found);
  checkNamedGroups(draft, found);
  checkPowerfulRoles(draft, found);
  checkRetiredGroups(draft, found);
  checkGuards(draft, found);
  checkRestrictions(draft, found);
  checkFilestores(draft, found);
  checkManifests(draft, found);
}

import { groupSetting, riskOf } from "../model/group-settings";
import { domainOf } from "../model/principals";
import type { DesiredGroup } from "./desired-group";
import type { ObservedGroup } from "./observed-group";
import type { Deletion, Step } from "./steps";

/** Why a reviewer should look twice. */
export interface Risk {
  /** What carries the risk: a setting's key, an address, or the group's address. */
  readonly subject: string;
  readonly why: string;
}

/** What `steps` would open or take away, most telling first. A group that stays as it is has no risks to review. */
export function risksOf(
  desired: DesiredGroup,
  observed: ObservedGroup | undefined,
  steps: readonly Step[],
): readonly Risk[] {
  return [...steps.flatMap((step) => risksOfStep(desired, observed, step)), ...losses(desired, observed, steps)];
}

function risksOfStep(desired: DesiredGroup, observed: ObservedGroup | undefined, step: Step): readonly Risk[] {
  switch (step.kind) {
    case "set":
      return step.changes.flatMap(({ key, to }) => {
        const why = riskOf(key, to);
        // Every new group has the defaults; a mark on each would hide the others.
        const isUsual = observed === undefined && groupSetting(key)?.default === to;
        return why === undefined || isUsual ? [] : [{ subject: key, why }];
      });
    case "add":
      return step.role === "MEMBER" ? [] : external(desired, step.address, step.role);
    case "change-role":
      return step.to === "MEMBER" ? [] : external(desired, step.address, step.to);
    case "delete":
      return deletion(desired, step);
    default:
      return [];
  }
}

function deletion({ email }: DesiredGroup, { staying, isOpen }: Deletion): readonly Risk[] {
  const whys = [
    "deleted with its messages: Google can not bring it back, and others may get the address",
    ...(staying.length > 0 ? [notWhile(`${staying.length} members or managers are in it`)] : []),
    ...(isOpen ? [notWhile("messages can be posted to it")] : []),
  ];
  return whys.map((why) => ({ subject: email, why }));
}

function notWhile(use: string): string {
  return `not deleted while ${use}: deploy step closed first`;
}

function external({ email }: DesiredGroup, address: string, role: string): readonly Risk[] {
  const isExternal = domainOf(address) !== domainOf(email);
  return isExternal ? [{ subject: address, why: `${role} from outside the domain: may change who is a member` }] : [];
}

/** Removals that look more like a mistake than like housekeeping. */
function losses(desired: DesiredGroup, observed: ObservedGroup | undefined, steps: readonly Step[]): readonly Risk[] {
  const found = observed?.members ?? [];
  const removed = steps.filter(({ kind }) => kind === "remove").length;
  const owners = found.filter(({ role }) => role === "OWNER").length;
  const subject = desired.email;
  const risks: Risk[] = [];
  if (desired.retired !== undefined) {
    if (removed > 0) risks.push({ subject, why: `retired: ${removed} of ${found.length} members are removed` });
  } else if (removed > 0 && removed === found.length && !steps.some(({ kind }) => kind === "add")) {
    risks.push({ subject, why: `nobody is left: all ${found.length} members are removed` });
  } else if (removed >= 5 && removed * 2 > found.length) {
    risks.push({ subject, why: `${removed} of ${found.length} members are removed` });
  }
  if (owners > 0 && desired.owners.length === 0 && desired.retired !== "deleted")
    risks.push({ subject, why: "the group will have no owner" });
  const everyone = steps.filter((step) => step.kind === "remove" && !step.address.includes("@"));
  for (const step of everyone) {
    if (step.kind === "remove")
      risks.push({ subject: step.address, why: "has no address: everyone in the organization, or a deleted account" });
  }
  return risks;
}

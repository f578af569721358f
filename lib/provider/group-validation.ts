import { normalAddress } from "../groups/addresses";
import { groupSetting, groupSettings, settingConflicts } from "../model/group-settings";
import { accountAddress, emailProblem } from "../model/principals";
import type { Problem } from "../model/problem";
import { didYouMean, quote, quoteList } from "../model/suggest";
import type { AttributePath, ReportDiagnostic } from "../tfplugin/diagnostics";
import { isWhollyKnown, type MaybeUnknown, type PartlyKnown } from "../tfplugin/types";
import { deletionPolicies, type GroupConfig, retirementSteps } from "./group-schema";
import { refuseNulls } from "./refuse-nulls";

const memberSets = ["owners", "managers", "members"] as const;

/** Every mistake that can be seen in the configuration alone. Values that are not known yet are not judged. */
export function validateGroup(config: PartlyKnown<GroupConfig>, report: ReportDiagnostic): void {
  if (refuseNulls(config, report)) return;
  const wrong = (path: AttributePath, summary: string, detail?: string) =>
    report({ severity: "error", path, summary, ...(detail !== undefined && { detail }) });
  const judge = (path: AttributePath, name: string, problem: Problem | undefined) => {
    if (problem !== undefined) wrong(path, `${name}: ${problem.what}`, problem.repair);
  };

  if (isWhollyKnown(config.email)) judge(["email"], "email", emailProblem(config.email));
  for (const name of [...memberSets, "aliases"] as const) {
    for (const address of known(config[name])) judge([name], name, emailProblem(address));
  }
  validateRoles(config, wrong);
  validateSettings(config.settings, wrong, report);

  for (const [name, values] of [
    ["deletion_policy", deletionPolicies],
    ["retired", retirementSteps],
  ] as const) {
    const value = config[name];
    if (!isWhollyKnown(value) || value === undefined || values.includes(value)) continue;
    wrong([name], `${name}: ${quote(value)} is not one of ${quoteList(values)}`, didYouMean(value, values));
  }
}

type Wrong = (path: AttributePath, summary: string, detail?: string) => void;

/** Google would keep one role of an address that is listed twice, and the plan would never be empty. */
function validateRoles(config: PartlyKnown<GroupConfig>, wrong: Wrong): void {
  const first = new Map<string, string>();
  for (const name of memberSets) {
    for (const address of known(config[name]).map(normalAddress)) {
      const account = accountAddress(address);
      const before = first.get(account);
      if (before !== undefined)
        wrong([name], `${name}: ${address} stands among the ${before} as well`, "List each account once.");
      else first.set(account, name);
    }
  }
  const email = isWhollyKnown(config.email) ? normalAddress(config.email) : undefined;
  const own = email === undefined ? undefined : first.get(email);
  if (own !== undefined) wrong([own], `${own}: ${email} can not be in itself`);
}

function validateSettings(
  settings: MaybeUnknown<GroupConfig["settings"]>,
  wrong: Wrong,
  report: ReportDiagnostic,
): void {
  if (!isWhollyKnown(settings) || settings === undefined) return;
  for (const [key, value] of Object.entries(settings)) {
    const path = ["settings", { key }];
    const setting = groupSetting(key);
    if (setting === undefined) {
      const near = didYouMean(
        key,
        groupSettings.map((each) => each.key),
      );
      wrong(path, `settings: ${quote(key)} is not a setting of the Groups Settings API`, near);
    } else if (setting.values !== undefined && !setting.values.includes(value)) {
      const near = didYouMean(value, setting.values);
      wrong(path, `settings: ${key}: ${quote(value)} is not one of ${quoteList(setting.values)}`, near);
    } else if (setting.maxLength !== undefined && [...value].length > setting.maxLength) {
      wrong(path, `settings: ${key}: has ${[...value].length} characters, at most ${setting.maxLength} are allowed`);
    }
  }
  for (const conflict of settingConflicts(settings)) {
    report({ severity: "warning", path: ["settings"], summary: `settings: ${conflict}` });
  }
}

/** The elements that are known; of an unknown set, none. */
function known(set: MaybeUnknown<readonly string[] | undefined>): readonly string[] {
  return Array.isArray(set) ? set.filter((element): element is string => typeof element === "string") : [];
}

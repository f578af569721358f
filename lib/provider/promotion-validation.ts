import { baseProblem } from "../model/filestore-base";
import { objectNameProblem } from "../model/object-names";
import { serviceAccountProblem } from "../model/principals";
import type { Problem } from "../model/problem";
import { isDay } from "../model/retirement";
import { sha256Problem } from "../model/sha256";
import { quote } from "../model/suggest";
import type { AttributePath, ReportDiagnostic } from "../tfplugin/diagnostics";
import { isUnknown, isWhollyKnown, type PartlyKnown } from "../tfplugin/types";
import type { PromotionConfig } from "./promotion-schema";
import { refuseNulls } from "./refuse-nulls";

/** Every mistake that can be seen in the configuration alone. Values that are not known yet are not judged. */
export function validatePromotion(config: PartlyKnown<PromotionConfig>, report: ReportDiagnostic): void {
  if (refuseNulls(config, report)) return;
  const judge = (path: AttributePath, name: string, problem: Problem | undefined) => {
    if (problem === undefined) return;
    const { what, repair } = problem;
    report({ severity: "error", path, summary: `${name}: ${what}`, ...(repair !== undefined && { detail: repair }) });
  };
  const { source, destination, service_account: account, files, retired_sources: retired = {} } = config;
  if (isWhollyKnown(source)) judge(["source"], "source", baseProblem(source));
  if (isWhollyKnown(destination)) judge(["destination"], "destination", baseProblem(destination));
  if (isWhollyKnown(account) && account !== undefined)
    judge(["service_account"], "service_account", serviceAccountProblem(account));
  for (const [base, since] of isUnknown(retired) ? [] : Object.entries(retired)) {
    const path = ["retired_sources", { key: base }] as const;
    judge(path, "retired_sources", baseProblem(base));
    if (isWhollyKnown(since)) judge(path, base, dayProblem(since));
  }
  if (isUnknown(files)) return;
  for (const [name, sha256] of Object.entries(files)) {
    const path = ["files", { key: name }] as const;
    judge(path, "files", objectNameProblem(name));
    if (isWhollyKnown(sha256)) judge(path, name, sha256Problem(sha256));
  }
}

function dayProblem(text: string): Problem | undefined {
  if (isDay(text)) return undefined;
  return { what: `${quote(text)} is not a day: expected YYYY-MM-DD`, rule: "project/retired" };
}

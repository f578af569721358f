import { quote } from "../model/suggest";
import type { AttributePath, ReportDiagnostic } from "../tfplugin/diagnostics";
import { isUnknown } from "../tfplugin/types";

/** Reports each null in a set or a map of the configuration. Whether there is one: then nothing else can be judged. */
export function refuseNulls(config: object, report: ReportDiagnostic): boolean {
  let isFound = false;
  const refuse = (path: AttributePath, summary: string) => {
    isFound = true;
    report({ severity: "error", path, summary, detail: "Write a value, or leave it out." });
  };
  for (const [name, value] of Object.entries(config)) {
    if (isUnknown(value)) continue;
    if (Array.isArray(value)) {
      if (value.includes(undefined)) refuse([name], `${name}: an element is null`);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, element] of Object.entries(value)) {
        if (element === undefined) refuse([name, { key }], `${name}: the value of ${quote(key)} is null`);
      }
    }
  }
  return isFound;
}

import { googleError } from "../http/errors";
import type { Shape } from "../services/request-body";
import type { LifecycleRule } from "./records";
import { checkStorageClass } from "./storage-class";

const ACTIONS = ["Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"];

const CONDITIONS: Readonly<Record<string, "count" | "date" | "boolean" | "list">> = {
  age: "count",
  createdBefore: "date",
  customTimeBefore: "date",
  daysSinceCustomTime: "count",
  daysSinceNoncurrentTime: "count",
  isLive: "boolean",
  matchesPrefix: "list",
  matchesStorageClass: "list",
  matchesSuffix: "list",
  noncurrentTimeBefore: "date",
  numNewerVersions: "count",
};

/** What a lifecycle configuration must look like before its rules can be checked. */
export const LIFECYCLE: Shape = { rule: [{ action: { type: "text", storageClass: "text" }, condition: {} }] };

/** Refuses a lifecycle configuration that Google would not take. */
export function checkLifecycle({ rule: rules = [] }: { readonly rule?: readonly Partial<LifecycleRule>[] } = {}): void {
  if (rules.length > 100) throw invalid(`lifecycle has ${rules.length} rules, which is more than 100.`);
  for (const rule of rules) {
    if (!ACTIONS.includes(rule.action?.type ?? "")) {
      throw invalid(`lifecycle action ${JSON.stringify(rule.action?.type)}; known are ${ACTIONS.join(", ")}.`);
    }
    if (rule.action?.type === "SetStorageClass") checkStorageClass(rule.action.storageClass ?? "");
    const conditions = Object.entries(rule.condition ?? {});
    if (conditions.length === 0) throw invalid("a lifecycle rule needs at least one condition.");
    for (const [name, value] of conditions) {
      const kind = CONDITIONS[name];
      if (kind === undefined) throw invalid(`lifecycle condition "${name}" is unknown.`);
      if (!fits(kind, value)) throw invalid(`lifecycle condition ${name}: ${JSON.stringify(value)}.`);
    }
  }
}

function fits(kind: "count" | "date" | "boolean" | "list", value: unknown): boolean {
  switch (kind) {
    case "count":
      return typeof value === "number" && Number.isInteger(value) && value >= 0;
    case "date":
      return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
    case "boolean":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
  }
}

function invalid(message: string) {
  return googleError(400, "invalid", `Invalid argument: ${message}`);
}

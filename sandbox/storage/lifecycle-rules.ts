import { googleError } from "../http/errors";
import type { LifecycleRule } from "./records";

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

/** Refuses a lifecycle configuration that Google would not take. */
export function checkLifecycle(lifecycle: { readonly rule?: readonly LifecycleRule[] } | undefined): void {
  const rules: unknown = lifecycle?.rule ?? [];
  if (!Array.isArray(rules)) throw invalid("lifecycle.rule is not a list.");
  if (rules.length > 100) throw invalid(`lifecycle has ${rules.length} rules, which is more than 100.`);
  for (const rule of rules as readonly Partial<LifecycleRule>[]) {
    if (!ACTIONS.includes(rule.action?.type ?? "")) {
      throw invalid(`lifecycle action ${JSON.stringify(rule.action?.type)}; known are ${ACTIONS.join(", ")}.`);
    }
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

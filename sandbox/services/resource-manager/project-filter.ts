import type { ProjectRecord } from "../../state/records";

/**
 * Whether a project fits a list filter of Resource Manager: terms such as `id:kops*`, `name:kops`, `labels.env:staging`,
 * `lifecycleState:ACTIVE`, `parent.type:folder parent.id:123`, all of which must hold. Nothing fits a term that the
 * sandbox doesn't know.
 */
export function fitsFilter(project: ProjectRecord, filter: string | null): boolean {
  const terms = (filter ?? "").match(/[\w.-]+\s*[:=]\s*(?:"[^"]*"|\S+)/g) ?? [];
  return terms.every((term) => fitsTerm(project, term));
}

function fitsTerm(project: ProjectRecord, term: string): boolean {
  const [, key = "", operator, quoted = ""] = /^([\w.-]+)\s*([:=])\s*(.*)$/s.exec(term) ?? [];
  const wanted = quoted.replaceAll(/^"|"$/g, "").toLowerCase();
  const value = fieldOf(project, key);
  if (value === undefined) return false;
  const actual = value.toLowerCase();
  if (operator === "=") return actual === wanted;
  if (!wanted.includes("*")) return actual === wanted || (key === "name" && actual.split(/[\s-]+/).includes(wanted));
  const pattern = wanted.split("*").map((piece) => piece.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`, "s").test(actual);
}

function fieldOf(project: ProjectRecord, key: string): string | undefined {
  if (key.startsWith("labels.")) return project.labels?.[key.slice("labels.".length)];
  switch (key) {
    case "id":
    case "projectId":
      return project.projectId;
    case "name":
    case "displayName":
      return project.name;
    case "projectNumber":
      return project.projectNumber;
    case "lifecycleState":
    case "state":
      return project.lifecycleState;
    case "parent.type":
      return project.parent?.type;
    case "parent.id":
      return project.parent?.id;
    case "parent":
      return project.parent && `${project.parent.type}s/${project.parent.id}`;
    default:
      return undefined;
  }
}

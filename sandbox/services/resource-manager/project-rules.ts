import { googleError } from "../../http/errors";
import type { ProjectRecord } from "../../state/records";

/** Refuses ids, names and labels that Resource Manager refuses. */
export function checkProject({ projectId, name, labels }: Partial<ProjectRecord>): void {
  if (typeof projectId !== "string" || !/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(projectId)) {
    throw invalid(
      `project_id: ${JSON.stringify(projectId ?? "")}: project_id must be 6 to 30 lowercase letters, digits and hyphens, start with a letter and not end with a hyphen.`,
    );
  }
  if (name !== undefined) checkName(name);
  if (labels !== undefined) checkLabels(labels);
}

export function checkName(name: unknown): void {
  if (typeof name !== "string" || !/^[\p{L}\p{N}'" !-]{4,30}$/u.test(name)) {
    throw invalid(
      `display name: ${JSON.stringify(name)}: must be 4 to 30 letters, digits, hyphens, single or double quotes, spaces and exclamation points.`,
    );
  }
}

export function checkLabels(labels: unknown): void {
  if (typeof labels !== "object" || labels === null) throw invalid("labels: expected a map of texts");
  const entries = Object.entries(labels);
  if (entries.length > 64) throw invalid(`labels: ${entries.length} labels; at most 64 are allowed`);
  for (const [key, value] of entries) {
    const valueFits = typeof value === "string" && /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value);
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key) || !valueFits) {
      throw invalid(
        `label ${JSON.stringify(key)}: ${JSON.stringify(value)}: must be lowercase letters, digits, underscores and hyphens, at most 63 of them.`,
      );
    }
  }
}

/** Checks the form of a parent; whether a folder outside the sandbox exists can't be known. */
export function checkParent(parent: ProjectRecord["parent"]): void {
  if (parent === undefined) return;
  if ((parent.type !== "organization" && parent.type !== "folder") || !/^\d+$/.test(String(parent.id))) {
    throw invalid(`parent: ${JSON.stringify(parent)}: expected type organization or folder, and a numeric id.`);
  }
}

function invalid(message: string) {
  return googleError(400, "badRequest", `Request contains an invalid argument: ${message}`);
}

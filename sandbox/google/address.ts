import type { Entries } from "../../lib/tfplugin/types";

/** Fills `{attribute}` of an address from a state; `{attribute|segment}` with everything but letters and digits encoded. */
export function fill(template: string, state: Entries): string {
  return template.replace(/\{(\w+)(\|segment)?\}/g, (_, name: string, encoded: string | undefined) => {
    const value = state[name];
    if (typeof value !== "string") throw new Error(`${name}: is needed for ${template}, and not set`);
    return encoded === undefined ? value : encodeURIComponent(value);
  });
}

/** The attributes that `id` gives by the first of `templates` that it fits; the forms of `terraform import`. */
export function parse(templates: readonly string[], id: string): Record<string, string> {
  for (const template of templates) {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    // The last part may hold slashes, as names of folders and objects do.
    const pattern = names.reduce(
      (text, name, index) => text.replace(`{${name}}`, index === names.length - 1 ? "(.+)" : "([^/]+)"),
      template,
    );
    const match = new RegExp(`^${pattern}$`).exec(id);
    if (match !== null) return Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? ""]));
  }
  throw new Error(`${id}: is no import id of this type; its forms are ${templates.join(", ")}`);
}

export function lastSegment(path: unknown): string {
  return String(path).split("/").at(-1) ?? "";
}

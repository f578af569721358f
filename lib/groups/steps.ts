import type { GroupRole } from "../model/groups";

export interface Change {
  /** Undefined when the group does not exist yet. */
  readonly from?: string;
  readonly to: string;
}

export interface SettingChange extends Change {
  readonly key: string;
}

/** The end of a group, and what of its use still stands against it. */
export interface Deletion {
  readonly kind: "delete";

  /** Members and managers that are still in it: it is not deleted under them. */
  readonly staying: readonly string[];

  /** Messages can be posted to it although its declaration archives it: it was never closed, or was opened again. */
  readonly isOpen: boolean;
}

/** One idempotent act on a group: done twice it does no harm, and what it leaves is the same. */
export type Step =
  | { readonly kind: "create"; readonly name: string; readonly description: string }
  | Deletion
  | { readonly kind: "describe"; readonly name?: Change; readonly description?: Change }
  | { readonly kind: "set"; readonly changes: readonly SettingChange[] }
  | { readonly kind: "add-alias"; readonly alias: string }
  | { readonly kind: "remove-alias"; readonly alias: string }
  | {
      readonly kind: "change-role";
      readonly address: string;
      readonly key: string;
      readonly from: GroupRole;
      readonly to: GroupRole;
    }
  | { readonly kind: "add"; readonly address: string; readonly role: GroupRole }
  | {
      readonly kind: "remove";
      readonly address: string;
      readonly key: string;
      readonly role: GroupRole;

      /** Why it may be somebody who is declared: then it is not removed. */
      readonly doubt?: string;
    };

export function isMembershipStep({ kind }: Step): boolean {
  return kind === "add" || kind === "remove" || kind === "change-role";
}

/** One line that names the step, e.g. `add a@example.org as MEMBER`. */
export function stepTitle(step: Step): string {
  switch (step.kind) {
    case "create":
      return "create the group";
    case "delete":
      return "delete the group";
    case "describe":
      return `change its ${[step.name && "name", step.description && "description"].filter(Boolean).join(" and ")}`;
    case "set":
      return `set ${step.changes.map(({ key, to }) => `${key}=${to}`).join(", ")}`;
    case "add-alias":
      return `add the alias ${step.alias}`;
    case "remove-alias":
      return `remove the alias ${step.alias}`;
    case "change-role":
      return `make ${step.address} ${step.to}, from ${step.from}`;
    case "add":
      return `add ${step.address} as ${step.role}`;
    case "remove":
      return `remove ${step.address}, ${step.role}`;
  }
}

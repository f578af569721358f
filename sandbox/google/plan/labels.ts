import { type Entries, isEntries, isUnknown, isWhollyKnown, UNKNOWN, type Value } from "../../../lib/tfplugin/types";
import type { Session } from "../api/session";

/**
 * `terraform_labels` are the configured labels and the provider's default ones; `effective_labels` are those and what
 * others put onto the object, so that labels nobody declared are left alone.
 */
export function withLabels(session: Session, prior: Entries | undefined, planned: Entries): Entries {
  const own = planned.labels ?? {};
  if (isUnknown(own) || !isWhollyKnown<Value>(own)) {
    return { ...planned, terraform_labels: UNKNOWN, effective_labels: UNKNOWN };
  }
  const terraform: Record<string, Value> = { ...session.defaultLabels, ...(own as Entries) };
  const effective: Record<string, Value> = { ...foreignLabels(prior), ...terraform };
  return { ...planned, terraform_labels: terraform, effective_labels: effective };
}

/** What `labels` shows of all labels of an object: those that are declared. */
export function declaredLabels(state: Entries, all: Readonly<Record<string, string>>): Value {
  const declared = state.labels;
  if (!isEntries(declared)) return undefined;
  return Object.fromEntries(Object.keys(declared).flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])));
}

function foreignLabels(prior: Entries | undefined): Readonly<Record<string, Value>> {
  const effective = isEntries(prior?.effective_labels) ? prior.effective_labels : {};
  const ours = isEntries(prior?.terraform_labels) ? prior.terraform_labels : {};
  return Object.fromEntries(Object.entries(effective).filter(([key]) => !Object.hasOwn(ours, key)));
}

import type { Diagnostic, Position } from "../../diagnostics";
import type { Defaults, Serving, ServingPart } from "../defaults";
import { resourceAddress, without } from "../planned-resources";
import { backupProject, servingRecipe } from "../serving-recipe";
import { servingResources, servingResourcesToForget } from "../serving-resources";
import { quote } from "../suggest";
import type { Draft } from "./draft";

interface Named {
  readonly key: string;
  readonly nameIn: (defaults: Defaults) => string | undefined;

  /** What `existing` calls it. Undefined for what all the rest of production is in. */
  readonly part?: ServingPart;
}

const NAMED: readonly Named[] = [
  { key: "serving.project", nameIn: ({ serving }) => serving.projectId },
  { key: "serving.bucket", nameIn: ({ serving }) => serving.bucket },
  { key: "serving.backup-bucket", nameIn: ({ serving }) => serving.backupBucket, part: "backup-bucket" },
  { key: "serving.backup-project", nameIn: ({ serving }) => backupProject(serving), part: "backup-project" },
  { key: "logs-bucket", nameIn: ({ logsBucket }) => logsBucket, part: "logs-bucket" },
];

/**
 * Projects and buckets of the production side that are not named any more, or would move or lose their locked retention.
 * An address stands for what was made under it: Terraform would have to destroy that.
 */
export function vanishedServing(base: Draft, head: Draft): readonly Diagnostic[] {
  if (base.defaultsPlace === undefined) return [];
  if (!head.hasDefaults) return [removed(base.defaultsPlace.at)];
  if (head.defaultsPlace === undefined) return [];
  const { at } = head.defaultsPlace;
  const [before, after] = [base.defaults, head.defaults];
  // What was let go of before, or is now, stays as it is.
  const letGo = new Set([...(before.serving.existing ?? []), ...(after.serving.existing ?? [])]);
  const vanished = NAMED.filter(({ part }) => part === undefined || !letGo.has(part)).flatMap(
    ({ key, nameIn, part }) => {
      const [was, is] = [nameIn(before), nameIn(after)];
      if (was === undefined || was === is) return [];
      const end = is === undefined ? "is not named any more" : `gives way to ${quote(is)}`;
      return [refused(`${key}: ${quote(was)} ${end}`, wayOut(part), at)];
    },
  );
  return [
    ...vanished,
    ...movedPlace(before.serving, after.serving, at),
    ...weakenedLock(before.serving, after.serving, at),
    ...(letGo.has("backup-bucket") ? [] : movedBackup(before.serving, after.serving, at)),
    ...tidiedParts(before, after, at),
  ];
}

/**
 * Letting go takes out of the state what today's declaration would make, address by address. What the same change takes out
 * of it is still in the state, and would be destroyed.
 */
function tidiedParts(before: Defaults, after: Defaults, at: Position): readonly Diagnostic[] {
  const { existing = [] } = after.serving;
  const letGo = { ...before, serving: { ...before.serving, existing } };
  const leaving = without(servingResources(servingRecipe(before)), servingResources(servingRecipe(letGo)));
  const lost = without(leaving, servingResourcesToForget(servingRecipe(after)));
  if (lost.length === 0) return [];
  const addresses = lost.map(resourceAddress).map(quote).join(", ");
  return [
    refused(
      `serving.existing: this change lets go of a part, and destroys what it takes out of its declaration: ${addresses}`,
      "What is let go of stays as it is, as far as it is declared. Make two changes: serving.existing alone, and the other one once that is deployed.",
      at,
    ),
  ];
}

/** One setting places all buckets of the production side, and the production bucket is always one of them. */
function movedPlace({ bucket, location: from }: Serving, { location: to }: Serving, at: Position) {
  if (from.toUpperCase() === to.toUpperCase()) return [];
  const detail = `What was published is there and can't move: no plan would succeed. Write ${quote(`location: ${from}`)} under "serving".`;
  return [
    refused(
      `serving.location: ${quote(bucket)} and what serving keeps beside it would move from ${from} to ${to}`,
      detail,
      at,
    ),
  ];
}

/** A lock goes only with its bucket, and a locked retention only grows. The production bucket is always one of those. */
function weakenedLock(before: Serving, after: Serving, at: Position): readonly Diagnostic[] {
  if (!before.isRetentionLocked) return [];
  const { bucket, retentionDays: from } = before;
  const { isRetentionLocked, retentionDays: to } = after;
  const putBack = (line: string) =>
    `Nobody can undo a lock, nor shorten what is locked: no deploy would succeed. Write ${quote(line)} under "serving".`;
  return [
    ...(isRetentionLocked
      ? []
      : [
          refused(
            `serving.retention-locked: the retention of ${quote(bucket)} is locked, and would not be any more`,
            putBack("retention-locked: true"),
            at,
          ),
        ]),
    ...(to < from
      ? [
          refused(
            `serving.retention-days: the locked retention of ${quote(bucket)} would shrink from ${from} to ${to} days`,
            putBack(`retention-days: ${from}`),
            at,
          ),
        ]
      : []),
  ];
}

function movedBackup(before: Serving, after: Serving, at: Position): readonly Diagnostic[] {
  const { backupBucket: name } = before;
  const [from, to] = [backupProject(before) ?? before.projectId, backupProject(after) ?? after.projectId];
  if (name === undefined || name !== after.backupBucket || from === to) return [];
  return [
    refused(`serving.backup-bucket: ${quote(name)} would move from ${from} to ${to}`, wayOut("backup-bucket"), at),
  ];
}

function removed(at: Position): Diagnostic {
  const summary =
    "this change takes the file out: nothing would say any more which accounts may promote, nor what production is";
  return { severity: "error", rule: "change/defaults-removed", summary, detail: "Put it back.", at };
}

function refused(summary: string, detail: string, at: Position): Diagnostic {
  return { severity: "error", rule: "change/serving-vanished", summary, detail, at };
}

function wayOut(part: ServingPart | undefined): string {
  return part === undefined
    ? "What was published is there and can't move: no plan would succeed. Put it back."
    : `Vanishing is not deleting, and nothing moves between projects. Leave it as it was, and add "${part}" to serving.existing: once that is deployed, serving has let go of it, and the next change may name another one or none. docs/staging.md has the steps.`;
}

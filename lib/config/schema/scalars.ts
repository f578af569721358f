import { z } from "zod";
import {
  accountIdProblem,
  billingAccountProblem,
  bucketNameProblem,
  labelKeyProblem,
  labelValueProblem,
  locationProblem,
  projectIdProblem,
  registryLocationProblem,
  repositoryProblem,
  serviceProblem,
} from "../../model/gcp-names";
import { plainTextProblem } from "../../model/plain-text";
import {
  domainProblem,
  emailProblem,
  principalProblem,
  roleOnProblem,
  roleProblem,
  serviceAccountProblem,
} from "../../model/principals";
import type { Check, Problem } from "../../model/problem";
import { isDay } from "../../model/retirement";
import { quote } from "../../model/suggest";
import type { IssueParams } from "../issues";

/** Text that a check of the model finds nothing wrong with; without one, any that can be shown. */
export function text(check: Check = plainTextProblem): z.ZodString {
  return z.string().superRefine((value, ctx) => addProblem(ctx, check(value)));
}

/**
 * The same, with what of it a JSON Schema can say: editors then mark most of what the check refuses, and nothing else. The
 * check alone decides, and finds the words.
 */
export function shapedText(
  check: Check,
  shape: { readonly pattern?: string; readonly minLength?: number; readonly maxLength?: number },
): z.ZodString {
  return text(check).meta({ ...shape });
}

/** Adds what a check found to the issues of a schema, at `path` below the value that is checked. */
export function addProblem(ctx: z.core.$RefinementCtx, problem: Problem | undefined, path: PropertyKey[] = []): void {
  if (problem === undefined) return;
  const { what, rule, repair } = problem;
  const params: IssueParams = repair === undefined ? { rule } : { rule, repair };
  ctx.addIssue({ code: "custom", message: what, path, params: { ...params } });
}

/** A list whose absence, or emptiness as `key:`, means no entries. */
export function list<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

/** The one list that a file holds. It may be empty, also as `key:`, but a file that does not have it says nothing. */
export function listOfFile<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullable()
    .transform((items) => items ?? []);
}

/** A mapping of checked keys to checked values. */
export function mapping<T extends z.ZodType>(check: Check, value: T) {
  return z.record(text(check), value);
}

/** A day, as text; `rule` names what asks for it. */
export function day(rule: string): z.ZodString {
  return text((value) =>
    isDay(value) ? undefined : { what: `expected a date such as 2026-05-01, found ${quote(value)}`, rule },
  );
}

const ADDRESS = { pattern: "^[^@\\s]+@[^@\\s]+$" };

export const projectId = () => text(projectIdProblem);
export const bucketName = () => text(bucketNameProblem);
export const location = () => text(locationProblem);
export const registryLocation = () => text(registryLocationProblem);
export const service = () => text(serviceProblem);
export const billingAccount = () => text(billingAccountProblem);
export const repositoryName = () => text(repositoryProblem);
export const accountId = () => text(accountIdProblem);
export const email = () => shapedText(emailProblem, ADDRESS);
export const serviceAccount = () => shapedText(serviceAccountProblem, ADDRESS);
export const principal = () => text(principalProblem);
export const domain = () => text(domainProblem);
export const labels = () => mapping(labelKeyProblem, shapedText(labelValueProblem, { minLength: 1, maxLength: 63 }));
export const grants = () => mapping(roleProblem, z.array(principal()).min(1));

/** Roles on one kind of thing, e.g. of the family `storage` on a bucket. */
export const grantsOn = (family: string, thing: string) =>
  mapping((role) => roleOnProblem(role, family, thing), z.array(principal()).min(1));

import { type PlannedResource, resourceAddress } from "../model/planned-resources";
import { isSame, type PolicyDifference } from "./policy-difference";

export interface AdoptionPlan {
  /** What exists: import ids by address, in the order of the recipe. */
  readonly imports: Readonly<Record<string, string>>;

  /** Addresses of what does not exist yet, or can't be imported; the next deploy makes it. */
  readonly toCreate: readonly string[];

  /** What the authoritative policies would change on existing objects. */
  readonly policies: readonly PolicyDifference[];

  /** Roles on the project that nobody declares: they stay, as members are added and never taken away. */
  readonly foreignGrants: readonly string[];

  /** What exists in the project and no recipe has: it stays as it is. */
  readonly undeclared: readonly string[];

  /** What the next plan changes on existing objects beside policies, where it can surprise. */
  readonly changes: readonly string[];

  /** What the next deploy locks, on existing objects and on new ones: nobody can undo that. */
  readonly toLock: readonly string[];

  /** What these credentials may not look at, so that the next plan can show more. */
  readonly unseen: readonly string[];

  /** Why an object can't be taken over, and what to do, e.g. a bucket that another project owns. */
  readonly obstacles: readonly string[];
}

/** What a look at one part of the cloud found. */
export interface Found extends Partial<Omit<AdoptionPlan, "imports" | "toCreate">> {
  /** Import ids of what exists. */
  readonly ids?: readonly string[];

  /** By address, where only the service knows the id. */
  readonly importIds?: ReadonlyMap<string, string>;
}

export const nothing: Found = {};

/** What can't be told from what does not exist: nothing is written that leaves out what is there. */
export function hidden(what: string, projectId: string): Found {
  const obstacle = `${what}: these credentials may not look whether it exists. Run this as somebody with roles/viewer on ${projectId}.`;
  return { obstacles: [obstacle] };
}

export function adoptionPlan(resources: readonly PlannedResource[], parts: readonly Found[]): AdoptionPlan {
  const ids = new Set(parts.flatMap((part) => part.ids ?? []));
  const named = new Map(parts.flatMap((part) => [...(part.importIds ?? [])]));
  const imports: Record<string, string> = {};
  const toCreate: string[] = [];
  for (const resource of resources) {
    const address = resourceAddress(resource);
    const importId = named.get(address) ?? (ids.has(resource.importId ?? "") ? resource.importId : undefined);
    if (importId === undefined) toCreate.push(address);
    else imports[address] = importId;
  }
  const all = <K extends "foreignGrants" | "undeclared" | "changes" | "toLock" | "unseen" | "obstacles">(key: K) =>
    parts.flatMap((part) => part[key] ?? []);
  return {
    imports,
    toCreate,
    policies: parts.flatMap((part) => part.policies ?? []).filter((policy) => !isSame(policy)),
    foreignGrants: all("foreignGrants"),
    undeclared: all("undeclared"),
    changes: all("changes"),
    toLock: all("toLock"),
    unseen: all("unseen"),
    obstacles: all("obstacles"),
  };
}

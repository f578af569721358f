import type { Claim } from "../model/claims";
import type { Manifest, ManifestLine } from "../model/manifests";
import { pushableBuckets } from "../model/pushable-buckets";
import { retiredSources } from "../model/retired-sources";
import type { Draft } from "../model/rules/draft";
import type { AllowedAccounts, PromotionDirectory, PromotionRequest } from "../promotion/types";

/** What the inputs say of the projects whose buckets are promoted from or to. */
export type Surroundings = Pick<Draft, "projects" | "staging">;

/** Where no inputs are around. */
export const NO_SURROUNDINGS: Surroundings = { projects: [], staging: [] };

/** What a request needs of the inputs. */
export type Requested = Pick<Draft, "filestores" | "manifests"> & Surroundings;

/** The accounts that may be acted as. A defaults.yaml with a mistake allows nobody: it must not take away the list by being unreadable. */
export function allowedAccounts({ hasDefaults, hasDefaultsFile, defaults }: Draft): AllowedAccounts {
  if (hasDefaultsFile) return defaults.promoterServiceAccounts;
  return hasDefaults ? "unknown" : "any";
}

/** Asks for every line of the inputs, or only for those behind `claims`. */
export function requestFor(draft: Requested, claims?: readonly Claim[]): PromotionRequest {
  const lines = claims && new Set<ManifestLine>(claims.map(({ line }) => line));
  const manifests = new Map<string, Manifest[]>();
  for (const manifest of draft.manifests) {
    const wanted = lines === undefined ? manifest.lines : manifest.lines.filter((line) => lines.has(line));
    if (wanted.length === 0) continue;
    const others = manifests.get(manifest.directory);
    if (others === undefined) manifests.set(manifest.directory, [{ ...manifest, lines: wanted }]);
    else others.push({ ...manifest, lines: wanted });
  }
  const ages = new Map(draft.staging.map(({ bucket, deleteAfterDays }) => [bucket, deleteAfterDays]));
  const pushedTo = pushableBuckets(draft.projects, draft.staging);
  const retiredOf = retiredSources(draft.staging);
  const directories = draft.filestores.flatMap((filestores): readonly PromotionDirectory[] => {
    const own = manifests.get(filestores.name);
    const deleteAfterDays = ages.get(filestores.source.bucket);
    if (own === undefined) return [];
    const retired = retiredOf(filestores.source);
    const age = deleteAfterDays !== undefined && { deleteAfterDays };
    return [{ filestores, manifests: own, pushedTo, retired, ...age }];
  });
  return { directories };
}

import type { Claim } from "../../model/claims";
import type { Draft } from "../../model/rules/draft";
import { resolve } from "../../promotion/engine";
import { standingObject } from "../../promotion/standing";
import type { PromotionOptions } from "../../promotion/types";
import { requestFor } from "../promotion-request";

/** Those of the claims that are not published yet. Where the others come from does not matter any more. */
export async function unpublished(
  claims: readonly Claim[],
  draft: Draft,
  options: PromotionOptions,
): Promise<readonly Claim[]> {
  if (claims.length === 0) return [];
  const { onEvent: _, ...quiet } = options;
  const { lines } = await resolve(requestFor(draft, claims), quiet);
  const open = new Set(lines.filter((result) => standingObject(result) === undefined).map(({ line }) => line));
  return claims.filter(({ line }) => open.has(line));
}

import type { Shared } from "../promotion/shared";
import type {
  LineOutcome,
  PendingLine,
  PromotionOptions,
  PromotionPlan,
  PromotionRequest,
  Resolution,
} from "../promotion/types";

/** The engine as one operation of the provider uses it. */
export interface PromotionSession {
  /** Verifies every line, by its bytes where listings do not tell; writes nothing. */
  check(request: PromotionRequest): Promise<PromotionPlan>;

  /** Looks at listings only. */
  look(request: PromotionRequest): Promise<Resolution>;

  /** Copies, as the service account that the resource names. Which ones may be named was decided at synth. */
  promote(request: PromotionRequest, commit: string | undefined): Promise<PromotionPlan>;
}

/** Opens the engine on first use: the provider starts several times per plan, and most starts reach no cloud. */
export type OpenPromotion = (signal: AbortSignal) => Promise<PromotionSession>;

/** All operations of the process share bounds, tokens, listings and the cache. */
export function promotionConnection(overrides: Partial<PromotionOptions> = {}): OpenPromotion {
  let shared: Shared | undefined;
  return async (signal) => {
    const engine = await import("../promotion/engine");
    const { shareBetweenRuns } = await import("../promotion/shared");
    const { cacheFolder } = await import("../promotion/cache-folder");
    shared ??= shareBetweenRuns({ cacheDir: cacheFolder(), ...overrides });
    const common = { ...overrides, shared, signal };
    return {
      check: (request) =>
        readAsLittleAsNeeded(
          (identity) => engine.check(request, { ...common, identity }),
          ({ outcomes }) => outcomes,
        ),
      look: (request) =>
        readAsLittleAsNeeded(
          (identity) => engine.resolve(request, { ...common, identity }),
          ({ lines }) => lines,
        ),
      promote: (request, commit = process.env.ARTIFACTS_COMMIT || undefined) =>
        engine.promote(request, { ...common, identity: "accounts", allowedServiceAccounts: "any", commit }),
    };
  };
}

/** Most buckets are public: a plan of them needs no credentials. Where one is not, whoever runs Terraform is asked. */
async function readAsLittleAsNeeded<T>(
  read: (identity: "anonymous" | "ambient") => Promise<T>,
  linesOf: (result: T) => readonly (LineOutcome | PendingLine)[],
): Promise<T> {
  const result = await read("anonymous");
  return linesOf(result).some(isUnreadable) ? read("ambient") : result;
}

function isUnreadable({ outcome }: LineOutcome | PendingLine): boolean {
  if (outcome?.status !== "failed") return false;
  const { reason } = outcome.failure;
  return reason === "source-unreadable" || reason === "destination-unreadable";
}

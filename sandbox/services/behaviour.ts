import { googleError } from "../http/errors";
import { get, json, patch, type Service } from "../http/service";
import type { World } from "../state/world";

/** How the sandbox's Google behaves where the real one has moods, and where tests want it stricter. */
export interface Behaviour {
  /** Long-running operations are done after so much of the sandbox's time; their effect shows at once. */
  readonly operationDelaySeconds: number;

  /** Refuse policies that name a group or service account that doesn't exist, as Google does. */
  readonly checkPrincipals: boolean;

  /** Refuse calls to Artifact Registry, Cloud Build and Compute where the project hasn't enabled them, as Google does. */
  readonly checkEnabledServices: boolean;

  /**
   * What adding a member of another domain does to a group that allows no external members: a 412; or it succeeds, and
   * the setting turns to true by itself.
   */
  readonly externalMembers: "refuse" | "flip";

  /** The first membership change after a write of `allowExternalMembers` turns that setting round once. */
  readonly revertExternalMembersOnce: boolean;

  /** Refuse to remove or demote the only owner of a group that has other members. */
  readonly keepLastOwner: boolean;

  /** Addresses that no account has: adding them to a group answers 404, unless a group has them. Lower case. */
  readonly missingAccounts: readonly string[];

  /** Tokens of `generateAccessToken` live so long at most. */
  readonly tokenLifetimeSeconds: number;
}

const DEFAULTS: Behaviour = {
  operationDelaySeconds: 0,
  checkPrincipals: false,
  checkEnabledServices: false,
  externalMembers: "refuse",
  revertExternalMembersOnce: false,
  keepLastOwner: false,
  missingAccounts: [],
  tokenLifetimeSeconds: 3600,
};

const CHECKS: { readonly [Key in keyof Behaviour]: (value: unknown) => boolean } = {
  operationDelaySeconds: isCount,
  checkPrincipals: isBoolean,
  checkEnabledServices: isBoolean,
  externalMembers: (value) => value === "refuse" || value === "flip",
  revertExternalMembersOnce: isBoolean,
  keepLastOwner: isBoolean,
  missingAccounts: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  tokenLifetimeSeconds: isCount,
};

const KEY = "current";

export function behaviourOf(world: World): Behaviour {
  return { ...DEFAULTS, ...world.store.collection<Partial<Behaviour>>("behaviour").get(KEY) };
}

/** The control API's switches: GET shows them all, PATCH sets those that its body names. They persist. */
export function behaviourControl(world: World): Service {
  return {
    name: "sandbox-behaviour",
    prefix: "/sandbox/v1/behaviour",
    routes: [
      get("", async () => json(behaviourOf(world))),
      patch("", async (call) => {
        const change = await call.json<Behaviour>();
        for (const [key, value] of Object.entries(change)) check(key, value);
        world.store.collection<Behaviour>("behaviour").put(KEY, { ...behaviourOf(world), ...change });
        return json(behaviourOf(world));
      }),
    ],
  };
}

function check(key: string, value: unknown): void {
  // Own keys of the table only: a text from outside may be `constructor`.
  const fits = Object.hasOwn(CHECKS, key) ? CHECKS[key as keyof Behaviour] : undefined;
  if (fits === undefined) {
    throw googleError(400, "invalid", `behaviour.${key}: unknown. Known are ${Object.keys(CHECKS).join(", ")}`);
  }
  if (!fits(value))
    throw googleError(400, "invalid", `behaviour.${key}: ${JSON.stringify(value)} is of the wrong kind`);
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

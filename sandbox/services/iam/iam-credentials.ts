import { type GoogleError, googleError } from "../../http/errors";
import { type Call, json, type Principal, post, type Service } from "../../http/service";
import type { World } from "../../state/world";
import { behaviourOf } from "../behaviour";
import { readBody, TEXTS } from "../request-body";
import type { AccountRecord } from "./account-record";
import { findAccount } from "./service-accounts";

interface TokenRequest {
  readonly scope: readonly string[];

  /** E.g. `3600s`. */
  readonly lifetime: string;

  /** `projects/-/serviceAccounts/EMAIL` of accounts through which the caller reaches the target. */
  readonly delegates: readonly string[];
}

const LARGEST_LIFETIME = 3600;

/** Impersonation: hands out tokens of service accounts to whoever may act as them. */
export function iamCredentials(world: World): Service {
  return {
    name: "iamcredentials",
    prefix: "/iam-credentials",
    routes: [
      post("/v1/projects/{project}/serviceAccounts/{account}:generateAccessToken", async (call) => {
        const {
          scope = [],
          lifetime,
          delegates = [],
        } = await readBody<TokenRequest>(call, { scope: TEXTS, lifetime: "text", delegates: TEXTS });
        if (scope.length === 0) throw googleError(400, "badRequest", "scope: at least one scope is required");
        const seconds = Math.min(parseLifetime(lifetime), behaviourOf(world).tokenLifetimeSeconds);
        const { email } = reach(world, call, delegates, "iam.serviceAccounts.getAccessToken");
        const expires = world.clock.now() + seconds * 1000;
        return json({
          accessToken: `serviceAccount:${email};expires=${expires}`,
          // Google gives whole seconds.
          expireTime: new Date(expires).toISOString().replace(/\.\d+Z$/, "Z"),
        });
      }),
    ],
  };
}

/** Goes from the caller over each delegate to the account, and checks that each may impersonate the next. */
function reach(world: World, call: Call, delegates: readonly string[], permission: string): AccountRecord {
  const target = call.param("account");
  const chain = [...delegates.map((name) => name.split("/").at(-1) ?? ""), target];
  let caller: Principal = call.principal;
  let reached: AccountRecord | undefined;
  for (const [index, address] of chain.entries()) {
    const needed = index === chain.length - 1 ? permission : "iam.serviceAccounts.implicitDelegation";
    const account = findAccount(world, address);
    if (caller === undefined) world.access.require(caller, needed, `projects/-/serviceAccounts/${address}`);
    if (account === undefined || !world.access.allows(caller, needed, account.name)) throw denied(needed);
    if (account.disabled === true) throw denied(needed);
    caller = `serviceAccount:${account.email}`;
    reached = account;
  }
  if (reached === undefined) throw denied(permission);
  return reached;
}

function denied(permission: string): GoogleError {
  return googleError(403, "forbidden", `Permission '${permission}' denied on resource (or it may not exist).`);
}

function parseLifetime(lifetime: string | undefined): number {
  if (lifetime === undefined || lifetime === "") return LARGEST_LIFETIME;
  const seconds = Number(/^(\d+(?:\.\d+)?)s$/.exec(lifetime)?.[1]);
  if (seconds > 0 && seconds <= LARGEST_LIFETIME) return seconds;
  throw googleError(
    400,
    "badRequest",
    `lifetime: "${lifetime}": expected a duration such as 3600s, up to ${LARGEST_LIFETIME}s`,
  );
}

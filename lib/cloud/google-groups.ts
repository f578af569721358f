import { ambientDelegation } from "./ambient-delegation";
import { ambient, type TokenSource, tokenSource } from "./auth";
import { delegatedTokens } from "./delegated-tokens";
import { type Directory, googleDirectory } from "./directory";
import { type Environment, serviceEndpoint } from "./endpoints";
import { isPassing } from "./google-api-error";
import { googleCaller, identify } from "./google-caller";
import { type GroupSettingsApi, googleGroupSettings } from "./group-settings";

/** What managing groups takes, and nothing else. */
const scopes = [
  "https://www.googleapis.com/auth/admin.directory.group",
  "https://www.googleapis.com/auth/admin.directory.group.member",
  "https://www.googleapis.com/auth/apps.groups.settings",
];

export interface GoogleGroupsOptions {
  /** @default - the process's */
  readonly env?: Environment;

  /** Workspace user to act as, by domain-wide delegation. @default - `ARTIFACTS_GROUPS_SUBJECT`, else nobody */
  readonly subject?: string;

  /** Service account to act as. @default - `ARTIFACTS_GROUPS_SERVICE_ACCOUNT`, else the ambient identity */
  readonly serviceAccount?: string;

  /** Of each of the two APIs. @default - `ARTIFACTS_GROUPS_REQUESTS_PER_MINUTE`, else the engine's */
  readonly requestsPerMinute?: number;
}

export interface GoogleGroups {
  readonly directory: Directory;
  readonly settings: GroupSettingsApi;

  /** For messages: on whose behalf calls are made. */
  readonly identity: string;

  /** Fails where no call could be made, for lack of credentials; what passes by itself is left to the calls. */
  requireCredentials(): Promise<void>;
  readonly requestsPerMinute?: number;
}

/** Google's group APIs as the environment describes them. Nothing is loaded or asked before the first call. */
export function googleGroups(options: GoogleGroupsOptions = {}): GoogleGroups {
  const env = options.env ?? process.env;
  const tokens = tokensFor(
    env,
    options.serviceAccount ?? (env.ARTIFACTS_GROUPS_SERVICE_ACCOUNT || undefined),
    options.subject ?? (env.ARTIFACTS_GROUPS_SUBJECT || undefined),
  );
  const requestsPerMinute = options.requestsPerMinute ?? numberIn(env, "ARTIFACTS_GROUPS_REQUESTS_PER_MINUTE");
  return {
    directory: googleDirectory(googleCaller({ rootUrl: serviceEndpoint("ADMIN", env), tokens })),
    settings: googleGroupSettings(googleCaller({ rootUrl: serviceEndpoint("GROUPS_SETTINGS", env), tokens })),
    identity: tokens.description,
    async requireCredentials() {
      await identify("Google's groups", tokens).catch((error: unknown) => {
        if (!isPassing(error)) throw error;
      });
    },
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
  };
}

function tokensFor(env: Environment, serviceAccount?: string, subject?: string): TokenSource {
  if (serviceAccount !== undefined && subject !== undefined)
    return delegatedTokens({ env, scopes, serviceAccount, subject });
  if (serviceAccount !== undefined)
    return tokenSource({ kind: "serviceAccount", email: serviceAccount }, { env, scopes });
  if (subject !== undefined) return ambientDelegation({ env, scopes, subject });
  return tokenSource(ambient, { env, scopes });
}

function numberIn(env: Environment, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${name}: expected a whole number of requests above 0, found ${JSON.stringify(text)}`);
}

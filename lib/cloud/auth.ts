import { createHash } from "node:crypto";
import { type Environment, isStorageEmulated, serviceEndpoint } from "./endpoints";
import { pooledFetch } from "./pooled-fetch";

/** On whose behalf a client calls. */
export type Identity =
  | { readonly kind: "anonymous" }
  /** `GOOGLE_OAUTH_ACCESS_TOKEN`, else Application Default Credentials. */
  | { readonly kind: "ambient" }
  /** The ambient identity impersonates this service account. */
  | { readonly kind: "serviceAccount"; readonly email: string };

export const anonymous: Identity = { kind: "anonymous" };
export const ambient: Identity = { kind: "ambient" };

export const storageReadWriteScope = "https://www.googleapis.com/auth/devstorage.read_write";
export const cloudPlatformScope = "https://www.googleapis.com/auth/cloud-platform";

export interface AuthOptions {
  readonly env?: Environment;

  /** OAuth scopes of the tokens. @default cloud-platform */
  readonly scopes?: readonly string[];

  /** A token service that has not answered after so long is given up. @default 60 */
  readonly timeoutSeconds?: number;

  /** Domain-wide delegation: the Workspace user that the service account of a key file acts as. */
  readonly subject?: string;
}

/** Hands out access tokens and renews them. Safe to share between concurrent calls. */
export interface TokenSource {
  /** For messages: `anonymous`, an e-mail address, `application default credentials`, `access token of the environment`. */
  readonly description: string;

  /** A token that is valid now; undefined when calls carry none. */
  token(): Promise<string | undefined>;

  /** The service refused this token: the next `token()` fetches another one. Returns false if there can be no other. */
  renew(refused: string): boolean;
}

/** Where tokens for an identity come from. Loads google-auth-library only when the first token is needed. */
export function tokenSource(identity: Identity, options: AuthOptions = {}): TokenSource {
  const env = options.env ?? process.env;
  if (identity.kind === "anonymous") return noTokens("anonymous");
  const fixed = env.GOOGLE_OAUTH_ACCESS_TOKEN;
  // An emulator without a token has no identities at all: Google's libraries send it none either.
  if (!fixed && isStorageEmulated(env)) return noTokens("anonymous (emulator)");
  if (identity.kind === "serviceAccount") return impersonated(identity.email, env, options);
  return fixed ? fixedToken(fixed) : applicationDefault(options);
}

/** One way of trying again for all calls, and it is ours: the library makes each call once. */
const transporterOptions = {
  fetchImplementation: pooledFetch,
  retryConfig: { retry: 0, noResponseRetries: 0 },
  timeout: 60_000,
};

function noTokens(description: string): TokenSource {
  return { description, token: async () => undefined, renew: () => false };
}

function fixedToken(token: string): TokenSource {
  return { description: "access token of the environment", token: async () => token, renew: () => false };
}

interface AuthClientLike {
  getAccessToken(): Promise<{ token?: string | null }>;
}

function applicationDefault(options: AuthOptions): TokenSource {
  const { scopes = [cloudPlatformScope], subject } = options;
  return renewing("application default credentials", options, async () => {
    return (await googleAuth(scopes, subject)).getClient();
  });
}

/** Application Default Credentials. Only a key file heeds `subject`. */
export async function googleAuth(scopes: readonly string[], subject?: string) {
  const { GoogleAuth } = await import("google-auth-library");
  const clientOptions = { transporterOptions, ...(subject && { subject }) };
  return new GoogleAuth({ scopes: [...scopes], clientOptions });
}

function impersonated(email: string, env: Environment, options: AuthOptions): TokenSource {
  const { scopes = [cloudPlatformScope] } = options;
  return renewing(email, options, async () => {
    const { Impersonated, OAuth2Client } = await import("google-auth-library");
    const fixed = env.GOOGLE_OAUTH_ACCESS_TOKEN;
    const own = await googleAuth([cloudPlatformScope]);
    // Who is the account already needs no right to impersonate it, and often has none.
    if (!fixed && (await accountOf(own)) === email) return (await googleAuth(scopes)).getClient();
    return new Impersonated({
      sourceClient: fixed ? bearer(new OAuth2Client({ transporterOptions }), fixed) : await own.getClient(),
      targetPrincipal: email,
      targetScopes: [...scopes],
      delegates: [],
      transporterOptions,
      lifetime: 3600,
      // The library appends /v1 itself.
      endpoint: serviceEndpoint("IAM_CREDENTIALS", env).replace(/\/v1$/, ""),
    });
  });
}

/** The service account that Application Default Credentials belong to; undefined for a person, or where nobody says. */
async function accountOf(auth: { getCredentials(): Promise<{ client_email?: string }> }): Promise<string | undefined> {
  try {
    return (await auth.getCredentials()).client_email;
  } catch {
    return undefined;
  }
}

function bearer<T extends { setCredentials(credentials: object): void }>(client: T, token: string): T {
  // Without an expiry the library takes the token for valid, which is all that anyone knows about it.
  client.setCredentials({ access_token: token });
  return client;
}

/** Whether there are no Application Default Credentials at all. */
export function isWithoutCredentials(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Could not load the default credentials");
}

/**
 * Credentials where there are any, else nobody: what is public can be read by a job that has credentials for another cloud
 * only. What is not public is refused to nobody, with that name in the message.
 */
export function tokensOrNobody(source: TokenSource): TokenSource {
  let isNobody = false;
  return {
    get description() {
      return isNobody ? "nobody, as no Google credentials were found" : source.description;
    },
    async token() {
      if (isNobody) return undefined;
      try {
        return await source.token();
      } catch (error) {
        isNobody = isWithoutCredentials(error);
        if (!isNobody) throw error;
        return undefined;
      }
    },
    renew: (refused) => source.renew(refused),
  };
}

/** One client at a time, made on first use and thrown away when its token is refused: a fresh one has no cached token. */
function renewing(
  description: string,
  { timeoutSeconds = 60 }: AuthOptions,
  connect: () => Promise<AuthClientLike>,
): TokenSource {
  let client: Promise<AuthClientLike> | undefined;
  let current: Promise<string> | undefined;
  let fetchedAt = 0;
  let refusedDigest = "";

  async function fetchToken(): Promise<string> {
    client ??= connect();
    const { token } = await (await client).getAccessToken().catch((error: unknown) => {
      if (isWithoutToken(error)) return { token: undefined };
      throw error;
    });
    if (!token) throw unusable("the token service answered without a token");
    // No header can carry it: kept, it would fail every call to come.
    if (!/^[ -~]+$/.test(token)) throw unusable("the access token arrived damaged");
    return token;
  }

  /** Nothing was refused, and the next answer may be whole. */
  function unusable(what: string): Error {
    return Object.assign(new Error(`${description}: ${what}`), { code: "EBADMSG" });
  }

  return {
    description,
    async token() {
      // The library renews five minutes before expiry; asking it once a minute is enough and keeps the hot path free of it.
      if (current === undefined || Date.now() - fetchedAt > 60_000) {
        fetchedAt = Date.now();
        current = withTimeout(fetchToken(), timeoutSeconds, description);
        current.catch(() => {
          current = undefined;
          client = undefined;
        });
      }
      return current;
    },
    renew(refused) {
      const digest = createHash("sha256").update(refused).digest("hex");
      // Many calls in flight are refused together: only the first of them throws the client away.
      if (digest !== refusedDigest) {
        refusedDigest = digest;
        client = undefined;
        current = undefined;
      }
      return true;
    },
  };
}

/** What the library says, and no more, when an answer was a success and held no token. */
function isWithoutToken(error: unknown): boolean {
  return error instanceof Error && error.message === "Could not refresh access token.";
}

/** The library waits for a token service as long as it takes; a run must not. */
function withTimeout<T>(work: Promise<T>, seconds: number, description: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = Object.assign(new Error(`${description}: no access token after ${seconds} s`), { code: "ETIMEDOUT" });
    const timer = setTimeout(() => reject(late), seconds * 1000);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

import { ambient, cloudPlatformScope, googleAuth, type TokenSource, tokenSource } from "./auth";
import { type DelegationOptions, delegatedTokens } from "./delegated-tokens";
import type { Environment } from "./endpoints";

export type AmbientDelegationOptions = Omit<DelegationOptions, "serviceAccount" | "signer">;

/**
 * Domain-wide delegation of the ambient identity, whatever it is made of. Only a key can sign for itself, and Google's library
 * passes over the subject of every other kind of credentials: those are asked for their service account, for which IAM signs.
 */
export function ambientDelegation(options: AmbientDelegationOptions): TokenSource {
  const { env = process.env, scopes, subject } = options;
  const description = `${subject} through the ambient identity`;
  const refusal = delegationRefusal(subject, env);
  if (refusal !== undefined) return refusing(description, refusal);
  let source: Promise<TokenSource> | undefined;

  async function connect(): Promise<TokenSource> {
    const auth = await googleAuth([cloudPlatformScope]);
    const [{ JWT }, client] = [await import("google-auth-library"), await auth.getClient()];
    if (client instanceof JWT) return tokenSource(ambient, { env, scopes, subject });
    const { client_email: serviceAccount = "" } = await auth.getCredentials();
    // Kubernetes' metadata name a pool where no service account stands behind the workload.
    if (serviceAccount.endsWith(".gserviceaccount.com")) return delegatedTokens({ ...options, serviceAccount });
    const who = serviceAccount === "" ? "they are of no service account" : `they are of ${serviceAccount}`;
    throw new Error(`the application default credentials can't act as ${subject}: ${who}. ${NAME_ACCOUNT}`);
  }

  return {
    description,
    async token() {
      source ??= connect();
      // The environment may be put right while a long run waits: ask again.
      source.catch(() => {
        source = undefined;
      });
      return (await source).token();
    },
    renew(refused) {
      source?.then((connected) => connected.renew(refused)).catch(() => undefined);
      return true;
    },
  };
}

/** Why no ambient identity can act as `subject`, as far as the environment alone tells. */
export function delegationRefusal(subject: string, env: Environment = process.env): string | undefined {
  if (!env.GOOGLE_OAUTH_ACCESS_TOKEN) return undefined;
  return `GOOGLE_OAUTH_ACCESS_TOKEN is used as it is, so it can't be made to act as ${subject}. ${NAME_ACCOUNT}`;
}

const NAME_ACCOUNT = "Name the service account that delegates with ARTIFACTS_GROUPS_SERVICE_ACCOUNT.";

function refusing(description: string, message: string): TokenSource {
  return { description, token: () => Promise.reject(new Error(message)), renew: () => false };
}

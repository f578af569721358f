import { ambient, cloudPlatformScope, type TokenSource, tokenSource } from "./auth";
import { type Environment, serviceEndpoint } from "./endpoints";
import { explanation } from "./gcs-errors";
import { answeredObject } from "./google-answer";
import { errorOfAnswer, GoogleApiError, isPassing, parseJson } from "./google-api-error";
import { readText, send } from "./http";

export interface DelegationOptions {
  readonly env?: Environment;
  readonly scopes: readonly string[];

  /** The service account that Workspace's administrators trust. */
  readonly serviceAccount: string;

  /** The Workspace user it acts as. */
  readonly subject: string;

  /** Who may sign for the service account. @default - the ambient identity */
  readonly signer?: TokenSource;

  /** @default - Google's */
  readonly tokenUrl?: string;
}

/** Tokens live an hour; a new one is asked for well before. */
const LIFETIME_SECONDS = 3600;
const RENEW_AFTER_SECONDS = 3000;

/** Domain-wide delegation without a key file: IAM signs the assertion for whoever may act as the service account. */
export function delegatedTokens(options: DelegationOptions): TokenSource {
  const {
    env = process.env,
    scopes,
    serviceAccount,
    subject,
    tokenUrl = "https://oauth2.googleapis.com/token",
  } = options;
  const signer = options.signer ?? tokenSource(ambient, { env, scopes: [cloudPlatformScope] });
  let current: { readonly token: Promise<string>; readonly since: number } | undefined;

  async function fetchToken(): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: serviceAccount,
      sub: subject,
      aud: tokenUrl,
      scope: scopes.join(" "),
      iat: now,
      exp: now + LIFETIME_SECONDS,
    };
    const token = await signer.token();
    const url = `${serviceEndpoint("IAM_CREDENTIALS", env)}/projects/-/serviceAccounts/${encodeURIComponent(serviceAccount)}:signJwt`;
    const { signedJwt } = await post(
      `sign for ${serviceAccount}`,
      url,
      JSON.stringify({ payload: JSON.stringify(payload) }),
      {
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      `Give whoever runs this roles/iam.serviceAccountTokenCreator on ${serviceAccount}, if there is such a service account.`,
    );
    const grant = new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: text(signedJwt),
    });
    const answer = await post(
      `act as ${subject} through ${serviceAccount}`,
      tokenUrl,
      grant.toString(),
      { "content-type": "application/x-www-form-urlencoded" },
      `Allow the client id of ${serviceAccount} domain-wide delegation in the Workspace admin console, for ${scopes.join(", ")}, if ${subject} is a user there.`,
    );
    return text(answer.access_token);
  }

  return {
    description: `${subject} through ${serviceAccount}`,
    token() {
      if (current === undefined || Date.now() - current.since > RENEW_AFTER_SECONDS * 1000) {
        current = { token: fetchToken(), since: Date.now() };
        current.token.catch(() => {
          current = undefined;
        });
      }
      return current.token;
    },
    renew() {
      current = undefined;
      return true;
    },
  };
}

async function post(
  what: string,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  repair: string,
): Promise<Readonly<Record<string, unknown>>> {
  const about = { subject: what };
  const request = { method: "POST", url, body, headers, answerTimeoutSeconds: 30, idleTimeoutSeconds: 30 } as const;
  const answer = await send({ ...about, ...request });
  const said = await readText(answer, about);
  if (answer.status < 200 || answer.status >= 300) {
    const told = errorOfAnswer(what, answer, said, explanation(said) || "no explanation");
    const says = isPassing(told) ? told.says : `${told.says.replace(/\.$/, "")}. ${repair}`;
    throw new GoogleApiError(what, says, told.status, told.reason, told.retryAfterSeconds);
  }
  return answeredObject(what, parseJson(said) as Readonly<Record<string, unknown>> | undefined);
}

function text(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new Error("Google's answer holds no token");
}

import type { IncomingHttpHeaders } from "node:http";
import { GoogleError } from "./errors";
import type { Principal } from "./service";

/**
 * Reads who is calling. In the sandbox a bearer token is the name of its principal: an IAM member
 * (`user:alice@example.org`) or a bare e-mail address. `NAME;expires=MILLISECONDS` is a token that ends, by the sandbox's
 * clock. A token that names nobody is refused as Google refuses one that it never issued.
 */
export function principalOf(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  now: number,
  fallback: Principal,
): Principal {
  const token = bearerOf(headers) ?? query.get("access_token") ?? undefined;
  if (token === undefined) return fallback;
  const [name = "", expires] = token.split(";expires=");
  const member = memberOf(name);
  if (member === undefined || (expires !== undefined && !(Number(expires) > now))) throw invalidCredentials();
  return member;
}

/** The token of the `Authorization` header, which a browser sends for no other origin without asking first. */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  return /^bearer +(.+)$/i.exec(headers.authorization ?? "")?.[1]?.trim();
}

/** The IAM member that a token or an option names; undefined if it names none. */
export function memberOf(name: string): string | undefined {
  if (/^(user|serviceAccount):[^\s@:]+@[^\s@:]+$/.test(name)) return name;
  if (/^principal(Set)?:\/\/\S+$/.test(name)) return name;
  if (!/^[^\s@:/]+@[^\s@:/]+$/.test(name)) return undefined;
  return name.endsWith(".gserviceaccount.com") ? `serviceAccount:${name}` : `user:${name}`;
}

export function invalidCredentials(): GoogleError {
  return new GoogleError(401, "authError", "Invalid Credentials", "UNAUTHENTICATED", {
    "www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
  });
}

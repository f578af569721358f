import { isObject, type Json, type JsonObject } from "./json";

/** An answer that says no. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** Worded as the real provider words it: `Error 403: …, forbidden`, with the call that failed. */
export function apiErrorOf(status: number, body: Buffer, call: string): ApiError {
  const error = errorIn(body);
  const message = String(error.message ?? body.toString("utf8").slice(0, 300));
  const details = Array.isArray(error.errors) ? (error.errors as readonly JsonObject[]) : [];
  const reason = String(details[0]?.reason ?? error.status ?? "");
  return new ApiError(status, reason, `googleapi: Error ${status}: ${message}${reason && `, ${reason}`} (${call})`);
}

function errorIn(body: Buffer): JsonObject {
  try {
    const { error } = JSON.parse(body.toString("utf8")) as { readonly error?: Json };
    return isObject(error) ? error : {};
  } catch {
    return {};
  }
}

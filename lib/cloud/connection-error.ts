import { StoreError } from "./object-store";

/** Of the system or of undici. A file or key of credentials that can't be read (`ENOENT`, `ERR_OSSL_…`) does not mend itself. */
const CONNECTION_CODE = /^((?!ENOENT$|ERR_)E[A-Z]|UND_ERR_|ERR_STREAM_PREMATURE_CLOSE$)/;

/** Without a code: what undici says of a body that ended too early, and the client library of an answer that never came. */
const CUT_OFF = /^terminated$|\baborted due to timeout$/;

/** Whether the connection failed on the way to a token, which may pass. Google's libraries wrap the error, some of them twice. */
export function isConnectionError(error: unknown): boolean {
  if (error instanceof StoreError) return error.kind === "unavailable";
  if (typeof error !== "object" || error === null) return false;
  const { code, name, message, cause } = error as Readonly<Partial<Record<string, unknown>>>;
  const isCutOff = name === "AbortError" || name === "TimeoutError" || CUT_OFF.test(String(message));
  return isCutOff || (typeof code === "string" && CONNECTION_CODE.test(code)) || isConnectionError(cause);
}

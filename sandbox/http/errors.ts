/** Google's canonical status names, as the newer services send them beside the HTTP code. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ALREADY_EXISTS",
  412: "FAILED_PRECONDITION",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
};

/** An answer in Google's error shape. A handler throws it; the server turns it into the response. */
export class GoogleError extends Error {
  override readonly name = "GoogleError";

  constructor(
    readonly status: number,
    /** Google's short word, e.g. `notFound`, `conditionNotMet`; clients compare it. */
    readonly reason: string,
    message: string,
    /** Canonical name where it isn't the usual one of the code, e.g. `ABORTED` for a 409 on an etag. */
    readonly statusName: string = STATUS_NAMES[status] ?? "UNKNOWN",
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  /** Where Google names the place of the mistake, as `"location": "If-Match"`. */
  location?: { readonly locationType: string; readonly location: string };
}

/** E.g. `throw googleError(404, "notFound", "The specified bucket does not exist.")`. */
export function googleError(status: number, reason: string, message: string, statusName?: string): GoogleError {
  return new GoogleError(status, reason, message, statusName);
}

/** `rpc` adds the canonical status name, which Cloud Storage's JSON API leaves out; `xml` is its other interface. */
export type ErrorStyle = "rpc" | "storage" | "xml";

/** The JSON body of an error response. */
export function errorBody(error: GoogleError, style: Exclude<ErrorStyle, "xml">): object {
  const { status: code, message, reason, statusName, location } = error;
  return {
    error: {
      code,
      message,
      ...(style === "rpc" ? { status: statusName } : {}),
      errors: [{ message, domain: "global", reason, ...location }],
    },
  };
}

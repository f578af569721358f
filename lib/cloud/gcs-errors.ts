import type { IncomingHttpHeaders } from "node:http";
import { StoreError, type StoreErrorKind } from "./object-store";
import { isPassingStatus, retryAfterSeconds } from "./retry";

const THROTTLED = /rateLimitExceeded|userRateLimitExceeded|slowDown/i;

interface Refusal {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Turns a refusal of Cloud Storage into a `StoreError` whose message says what was asked, by whom, and what came back. */
export function answerError(
  subject: string,
  identity: string,
  { status, headers, text }: Refusal,
  repair?: string,
): StoreError {
  const told = explanation(text);
  const isPassing = isPassingStatus(status) || (status === 403 && THROTTLED.test(told));
  const wait = retryAfterSeconds(single(headers["retry-after"]));
  return new StoreError(
    kindOf(status, isPassing),
    `${subject}: ${status} ${told || "no explanation"} (as ${identity})`,
    {
      retriable: isPassing,
      ...(wait !== undefined && { retryAfterSeconds: wait }),
      ...(repair !== undefined && { repair }),
    },
  );
}

function kindOf(status: number, isPassing: boolean): StoreErrorKind {
  if (isPassing) return "unavailable";
  switch (status) {
    case 401:
      return "unauthenticated";
    case 403:
      return "forbidden";
    case 404:
    case 410:
      return "notFound";
    case 304:
    case 412:
      return "exists";
    default:
      return "refused";
  }
}

/** The message of a JSON error, of an XML one, or the first line; never more than a line. */
export function explanation(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown; errors?: { reason?: unknown }[] } | string };
    if (typeof error === "string") return oneLine(error);
    const reason = error?.errors?.[0]?.reason;
    const message = typeof error?.message === "string" ? error.message : (error?.message && text) || undefined;
    return oneLine([message, reason && `(${reason})`].filter(Boolean).join(" "));
  } catch {
    return oneLine(/<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? text);
  }
}

function oneLine(text: string): string {
  // A server's words end up in terminals and logs: control characters do not.
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return plain.length > 300 ? `${plain.slice(0, 297)}...` : plain;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

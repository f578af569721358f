import { type ErrorStyle, errorBody, type GoogleError } from "./errors";
import type { Reply } from "./service";
import { element, xmlDocument } from "./xml";

/** The answer to a request that failed, in the words of the interface that was asked. */
export function errorReply(error: GoogleError, style: ErrorStyle, query: URLSearchParams): Reply {
  const { status, headers } = error;
  if (style === "xml") return xmlReply(error);
  if (style === "storage" && query.get("alt") === "media") {
    return { status, headers: { "content-type": "text/html; charset=UTF-8", ...headers }, body: error.message };
  }
  return { status, headers, body: errorBody(error, style) };
}

/** The XML interface knows no 401, and says in Details what the JSON interface says at once. */
function xmlReply(error: GoogleError): Reply {
  const [code, message] = xmlError(error);
  const details = message === error.message ? [] : [element("Details", error.message)];
  return {
    status: error.status === 401 ? 403 : error.status,
    headers: { "content-type": "application/xml; charset=UTF-8", ...error.headers },
    body: xmlDocument("Error", [element("Code", code), element("Message", message), ...details]),
  };
}

function xmlError({ status, message }: GoogleError): readonly [code: string, message: string] {
  switch (status) {
    case 401:
    case 403:
      return ["AccessDenied", "Access denied."];
    case 404:
      return message.includes("bucket does not exist")
        ? ["NoSuchBucket", "The specified bucket does not exist."]
        : ["NoSuchKey", "The specified key does not exist."];
    case 412:
      return ["PreconditionFailed", "At least one of the pre-conditions you specified did not hold."];
    case 416:
      return ["InvalidRange", "The requested range cannot be satisfied."];
    case 501:
      return ["NotImplemented", "A header or query you provided requested a function that is not implemented."];
    default:
      return status < 500
        ? ["InvalidArgument", "Invalid argument."]
        : ["InternalError", "We encountered an internal error."];
  }
}

import { isConnectionError } from "../../lib/cloud/connection-error";
import { StoreError } from "../../lib/cloud/object-store";

const failed = (code: string) => Object.assign(new Error("request failed"), { code });

test.each([
  { what: "a connection that is reset", error: failed("ECONNRESET") },
  { what: "a name server that does not answer", error: failed("EAI_AGAIN") },
  { what: "a body that ends too early", error: failed("ERR_STREAM_PREMATURE_CLOSE") },
  { what: "a body that undici cuts off", error: new TypeError("terminated") },
  { what: "a timeout", error: new DOMException("The operation timed out", "TimeoutError") },
  { what: "a timeout in a library's words", error: new Error("Error: The operation was aborted due to timeout") },
  {
    what: "what is wrapped twice",
    error: new Error("a", { cause: new Error("b", { cause: failed("UND_ERR_SOCKET") }) }),
  },
  { what: "a service that is unavailable", error: new StoreError("unavailable", "503") },
])("on the way to a token $what may pass", ({ error }) => {
  expect(isConnectionError(error)).toBe(true);
});

test.each([
  { what: "a credentials file that is not there", error: failed("ENOENT") },
  { what: "a key that is none", error: failed("ERR_OSSL_UNSUPPORTED") },
  { what: "a refusal", error: new StoreError("unauthenticated", "401") },
  { what: "anything else", error: new Error("no such user") },
])("on the way to a token $what does not pass", ({ error }) => {
  expect(isConnectionError(error)).toBe(false);
});

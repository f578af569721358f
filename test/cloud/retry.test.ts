import { defaultRetryPolicy, type Retry, type StoreContext } from "../../lib/cloud/context";
import { send } from "../../lib/cloud/http";
import { createLimiter } from "../../lib/cloud/limiter";
import { StoreError } from "../../lib/cloud/object-store";
import { backoffSeconds, retryAfterSeconds, withRetries } from "../../lib/cloud/retry";

const retries: Retry[] = [];
beforeEach(() => {
  retries.length = 0;
});

const context: StoreContext = {
  env: {},
  limiter: createLimiter(1),
  retry: { ...defaultRetryPolicy, maxAttempts: 3, firstDelaySeconds: 0.001, maxRetryAfterSeconds: 5 },
  onRetry: (retry) => retries.push(retry),
};

const unavailable = (retryAfter?: number) =>
  new StoreError("unavailable", "503", retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter });

test("what may pass is tried again, what may not is not", async () => {
  let attempts = 0;
  const value = await withRetries(context, "copy x", undefined, async () => {
    attempts += 1;
    if (attempts < 3) throw unavailable();
    return "done";
  });
  expect(value).toBe("done");
  expect(retries.map(({ operation, reason }) => [operation, reason])).toEqual([
    ["copy x", "503"],
    ["copy x", "503"],
  ]);

  const refusal = new StoreError("forbidden", "403");
  await expect(withRetries(context, "copy x", undefined, () => Promise.reject(refusal))).rejects.toBe(refusal);
});

test("the last failure says how often it was tried, and is not tried again by anybody above", async () => {
  await expect(withRetries(context, "copy x", undefined, () => Promise.reject(unavailable()))).rejects.toMatchObject({
    message: "503 (3 attempts)",
    retriable: false,
  });
});

test("a host that nobody knows and that never answered is not waited for as long as one that is down", async () => {
  const request = { url: "http://nowhere.invalid/x", method: "GET", headers: {}, subject: "list x" } as const;
  const sent = send({ ...request, answerTimeoutSeconds: 5, idleTimeoutSeconds: 5 });
  await expect(sent).rejects.toMatchObject({
    retriable: true,
    maxAttempts: 3,
    message: expect.stringContaining("network?"),
  });

  const patient = { ...context, retry: { ...context.retry, maxAttempts: 8 } };
  const error = new StoreError("unavailable", "no host", { maxAttempts: 2 });
  await expect(withRetries(patient, "copy x", undefined, () => Promise.reject(error))).rejects.toThrow("(2 attempts)");
});

test("a wait that the service asks for is honoured, within bounds", async () => {
  let attempts = 0;
  await withRetries(context, "copy x", undefined, async () => {
    attempts += 1;
    if (attempts === 1) throw unavailable(0.01);
    // Or a date that the local clock takes for past.
    if (attempts === 2) throw unavailable(0);
  });
  // Those who were sent away together do not come back together.
  expect(retries[0]?.delaySeconds).toBeGreaterThan(0.01);
  expect(retries[0]?.delaySeconds).toBeLessThanOrEqual(0.011);
  expect(retries[1]?.delaySeconds).toBeGreaterThan(0);

  await expect(withRetries(context, "copy x", undefined, () => Promise.reject(unavailable(3600)))).rejects.toThrow(
    "(1 attempts)",
  );
});

test("a wait holds no slot", async () => {
  let failing = true;
  const slow = withRetries(context, "slow", undefined, async () => {
    if (failing) throw unavailable(0.05);
    return "slow";
  });
  expect(await withRetries(context, "quick", undefined, async () => "quick")).toBe("quick");
  failing = false;
  expect(await slow).toBe("slow");
});

test("a signal ends a wait at once, and what was waited for is told", async () => {
  const stop = new AbortController();
  const waiting = withRetries(context, "copy x", stop.signal, () => Promise.reject(unavailable(4)));
  setImmediate(() => stop.abort(new Error("interrupted")));

  await expect(waiting).rejects.toMatchObject({
    kind: "unavailable",
    retriable: false,
    message: "copy x: interrupted; before that: 503",
  });
});

test("waits double up to a bound, and half of each is chance", () => {
  const policy = { ...defaultRetryPolicy, firstDelaySeconds: 1, maxDelaySeconds: 8 };
  expect([1, 2, 3, 4, 9].map((attempts) => backoffSeconds(policy, attempts, () => 1))).toEqual([1, 2, 4, 8, 8]);
  expect(backoffSeconds(policy, 2, () => 0)).toBe(1);
});

test.each([
  ["7", 7],
  ["Sun, 22 Nov 2026 12:00:30 GMT", 30],
  ["Sun, 22 Nov 2026 11:00:00 GMT", 0],
  ["soon", undefined],
  [undefined, undefined],
])("Retry-After: %s asks for %s seconds", (header, seconds) => {
  expect(retryAfterSeconds(header, Date.parse("2026-11-22T12:00:00Z"))).toBe(seconds);
});

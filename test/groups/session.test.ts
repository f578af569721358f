import { FakeGoogleGroups, type Fault } from "../../bench/groups/fake-google-groups";
import { systemClock } from "../../lib/groups/clock";
import { rateLimit } from "../../lib/groups/rate-limit";
import { email, jumpingClock, sessionOn } from "./fixtures";

function failing(...faults: (Fault | undefined)[]) {
  const fake = new FakeGoogleGroups({ domain: "example.org", fault: () => faults.shift() });
  fake.seed(email);
  const clock = jumpingClock();
  const session = sessionOn(fake, clock);
  return { fake, clock, read: () => session.directory((directory) => directory.getGroup(email)) };
}

describe("a session", () => {
  test("waits as long as Retry-After says", async () => {
    const { read, clock } = failing({ status: 429, retryAfterSeconds: 17 });
    expect((await read()).email).toBe(email);
    expect(clock.slept()).toBeGreaterThanOrEqual(17_000);
  });

  test("waits at most two minutes, whatever Retry-After says", async () => {
    const { read, clock } = failing({ status: 503, retryAfterSeconds: 86_400 });
    await read();
    expect(clock.slept()).toBeLessThanOrEqual(120_100);
  });

  test("waits longer from attempt to attempt and gives up after the eighth", async () => {
    const { read, fake, clock } = failing(...Array<Fault>(20).fill({ status: 503 }));
    await expect(read()).rejects.toThrow("HTTP 503");
    expect(fake.calls).toHaveLength(8);
    expect(clock.slept()).toBeGreaterThan(30_000);
    expect(clock.slept()).toBeLessThan(95_000);
  });

  test.each([408, 501, 520])("repeats what HTTP %d answers", async (status) => {
    const { read } = failing({ status });
    expect((await read()).email).toBe(email);
  });

  test.each([400, 401, 404])("does not repeat what HTTP %d answers", async (status) => {
    const { read, fake } = failing({ status });
    await expect(read()).rejects.toThrow(`HTTP ${status}`);
    expect(fake.calls).toHaveLength(1);
  });

  test("does not repeat a 403 that is about permission", async () => {
    const { read, fake } = failing({ status: 403, reason: "forbidden" });
    await expect(read()).rejects.toThrow("HTTP 403");
    expect(fake.calls).toHaveLength(1);
  });

  test("asks nothing after it was interrupted", async () => {
    const fake = new FakeGoogleGroups({ domain: "example.org" });
    const session = sessionOn(fake, undefined, AbortSignal.abort(new Error("interrupted")));
    await expect(session.directory((directory) => directory.getGroup(email))).rejects.toThrow("interrupted");
    expect(fake.calls).toEqual([]);
  });

  test("many waiting calls are no leak for Node to warn of", async () => {
    const warned = jest.spyOn(process, "emitWarning");
    const stop = new AbortController();
    const session = sessionOn(new FakeGoogleGroups({ domain: "example.org" }), systemClock, stop.signal);
    const waiting = Array.from({ length: 20 }, () => session.pause(60_000));
    stop.abort(new Error("interrupted"));

    expect((await Promise.allSettled(waiting)).every(({ status }) => status === "rejected")).toBe(true);
    expect(warned).not.toHaveBeenCalled();
  });
});

describe("rateLimit", () => {
  test.each([2400, 600, 90, 1])("never lets more than %d calls through in any minute", async (perMinute) => {
    let now = 0;
    const starts: number[] = [];
    const limit = rateLimit(perMinute, {
      now: () => now,
      random: () => 0,
      sleep: async (milliseconds) => void starts.push(now + milliseconds),
    });
    for (let index = 0; index < 3 * perMinute; index++) {
      const before = starts.length;
      await limit.take();
      if (starts.length === before) starts.push(now);
      // A pause in the middle fills the bucket: what follows may burst.
      if (index === perMinute) now = 40_000;
    }
    for (const start of starts) {
      expect(starts.filter((other) => other >= start && other < start + 60_000).length).toBeLessThanOrEqual(perMinute);
    }
  });

  test("uses the quota up: a minute's worth takes about a minute", async () => {
    let longest = 0;
    const limit = rateLimit(2400, {
      now: () => 0,
      random: () => 0,
      sleep: async (milliseconds) => {
        longest = milliseconds;
      },
    });
    for (let index = 0; index < 2400; index++) await limit.take();
    expect(longest).toBeGreaterThan(58_000);
    expect(longest).toBeLessThan(60_001);
  });
});

import { createLimiter } from "../../lib/cloud/limiter";

const never = undefined;

/** Work that ends when it is told to. */
function held() {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => done, end };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test("runs as much at once as there are units, the rest in turn", async () => {
  const limiter = createLimiter(2);
  const jobs = [held(), held(), held()];
  const started: number[] = [];
  const all = jobs.map((job, index) =>
    limiter.run(1, never, () => {
      started.push(index);
      return job.work();
    }),
  );
  await settled();
  expect(started).toEqual([0, 1]);

  jobs[1]?.end();
  await settled();
  expect(started).toEqual([0, 1, 2]);

  for (const job of jobs) job.end();
  await Promise.all(all);
});

test("gives units back when work fails", async () => {
  const limiter = createLimiter(1);

  await expect(limiter.run(1, never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await limiter.run(1, never, async () => "next")).toBe("next");
});

test("lets work that asks for more than there is have all of it", async () => {
  expect(await createLimiter(4).run(100, never, async () => "ran")).toBe("ran");
});

test("a release counts once", async () => {
  const limiter = createLimiter(1);
  const release = await limiter.acquire(1, never);
  release();
  release();
  const again = await limiter.acquire(1, never);
  const blocked = jest.fn();
  void limiter.acquire(1, never).then(blocked);
  await settled();
  expect(blocked).not.toHaveBeenCalled();
  again();
});

test("a caller that gives up waiting lets the ones behind pass", async () => {
  const limiter = createLimiter(2);
  const release = await limiter.acquire(1, never);
  const stop = new AbortController();
  const large = limiter.acquire(2, stop.signal);
  const small = limiter.acquire(1, never);
  stop.abort(new Error("enough"));

  await expect(large).rejects.toMatchObject({ kind: "aborted", message: "waiting for a turn: enough" });
  (await small)();
  release();
  expect(await limiter.run(2, never, async () => "free")).toBe("free");
});

import { lineWriter } from "../../lib/cli/line-writer";
import { createProgress } from "../../lib/cli/progress";

/** A stream that keeps what is written to it, and a clock that moves when told. */
function setUp(isTTY: boolean, isSilent = false) {
  const written: string[] = [];
  const clock = { now: 1_000_000 };
  const stream = { isTTY, columns: 100, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  const progress = createProgress({ what: "hashing", stream, isSilent, now: () => clock.now });
  progress.expect(1000 * 1024 * 1024, 10);
  return { written, clock, progress };
}

test("a terminal gets one line that tells files, bytes, rate and time left", () => {
  const { written, clock, progress } = setUp(true);
  clock.now += 10_000;
  progress.addBytes(250 * 1024 * 1024);
  progress.addFile();

  expect(written).toEqual(["\rhashing 0/10 files, 250 MiB of 1000 MiB, 25.0 MiB/s, 30 s left\u001b[K"]);
});

test("a note stands above the live line, and nothing is left of it at the end", () => {
  const { written, clock, progress } = setUp(true);
  clock.now += 1000;
  progress.addBytes(1);
  progress.note("retry in 0.5 s");
  clock.now += 1000;
  progress.addBytes(1);
  progress.stop();

  expect(written.slice(1, 3)).toEqual(["\r\u001b[K", "retry in 0.5 s\n"]);
  expect(written.at(-1)).toBe("\r\u001b[K");
});

test("the log of a job gets a plain line every half minute", () => {
  const { written, clock, progress } = setUp(false);
  for (let second = 0; second < 65; second += 1) {
    clock.now += 1000;
    progress.addBytes(1024 * 1024);
  }

  expect(written).toEqual([
    "hashing 0/10 files, 30.0 MiB of 1000 MiB, 1.0 MiB/s, 16 min 10 s left\n",
    "hashing 0/10 files, 60.0 MiB of 1000 MiB, 1.0 MiB/s, 15 min 40 s left\n",
  ]);
});

test("where a machine reads, nothing is written", () => {
  const { written, clock, progress } = setUp(true, true);
  clock.now += 100_000;
  progress.addBytes(1);
  progress.stop();

  expect(written).toEqual([]);
});

describe("lines of an output", () => {
  function written(isTTY: boolean) {
    const writes: string[] = [];
    const stream = { isTTY, write: (text: string) => writes.push(text) } as unknown as NodeJS.WriteStream;
    return { writes, lines: lineWriter(stream) };
  }

  test("go to a terminal one by one", () => {
    const { writes, lines } = written(true);
    lines.write("a\n");
    lines.write("b\n");
    expect(writes).toEqual(["a\n", "b\n"]);
  });

  test("go to a log together, in their order, soon or when something else is to be written", async () => {
    const { writes, lines } = written(false);
    lines.write("a\n");
    lines.write("b\n");
    lines.flush();
    lines.write("c\n");
    expect(writes).toEqual(["a\nb\n"]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    lines.flush();
    expect(writes).toEqual(["a\nb\n", "c\n"]);
  });
});

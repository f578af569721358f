import { formatBytes, formatSeconds } from "./format";

export interface Progress {
  /** More of the work is known. */
  expect(bytes: number, files: number): void;
  addBytes(bytes: number): void;
  addFile(): void;

  /** Writes a line above the live one. */
  note(line: string): void;

  /** Removes the live line until the next tick: something else is about to be written. */
  clear(): void;

  stop(): void;
}

export interface ProgressOptions {
  /** What is being done, e.g. `hashing`. */
  readonly what: string;

  /** @default files */
  readonly things?: string;
  readonly stream?: NodeJS.WriteStream;

  /** Neither a live line nor quiet ones. */
  readonly isSilent?: boolean;
  readonly now?: () => number;
}

/** Logs of a job get a line only this often. */
const QUIET_SECONDS = 30;
const LIVE_SECONDS = 0.1;

/** A live line on a terminal; in a job's log a plain line now and then, so that a long run is not taken for a dead one. */
export function createProgress({
  what,
  things = "files",
  stream = process.stderr,
  isSilent = false,
  now = Date.now,
}: ProgressOptions): Progress {
  const start = now();
  const total = { bytes: 0, files: 0 };
  const done = { bytes: 0, files: 0 };
  const isLive = stream.isTTY === true && !isSilent;
  let shown = start;
  let isLineShown = false;

  function line(): string {
    const seconds = Math.max(0.001, (now() - start) / 1000);
    const rate = done.bytes / seconds;
    const left = rate > 0 && total.bytes > done.bytes ? (total.bytes - done.bytes) / rate : undefined;
    const parts = [
      `${what} ${done.files}/${total.files} ${things}`,
      ...(total.bytes === 0
        ? []
        : [`${formatBytes(done.bytes)} of ${formatBytes(total.bytes)}`, `${formatBytes(rate)}/s`]),
      ...(left === undefined ? [] : [`${formatSeconds(left)} left`]),
    ];
    return parts.join(", ");
  }

  function clear(): void {
    if (isLineShown) stream.write("\r\u001b[K");
    isLineShown = false;
  }

  function tick(): void {
    const elapsed = (now() - shown) / 1000;
    if (isSilent || elapsed < (isLive ? LIVE_SECONDS : QUIET_SECONDS)) return;
    shown = now();
    if (isLive) {
      stream.write(`\r${line().slice(0, (stream.columns || 80) - 1)}\u001b[K`);
      isLineShown = true;
    } else stream.write(`${line()}\n`);
  }

  return {
    expect(bytes, files) {
      total.bytes += bytes;
      total.files += files;
    },
    addBytes(bytes) {
      done.bytes += bytes;
      tick();
    },
    addFile() {
      done.files += 1;
      tick();
    },
    note(text) {
      clear();
      stream.write(`${text}\n`);
    },
    clear,
    stop: clear,
  };
}

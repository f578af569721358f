/** Writes lines of an output that may be long. */
export interface LineWriter {
  write(line: string): void;

  /** Writes what still waits: something else is about to be written. */
  flush(): void;
}

/** How long a line waits for others. */
const WAIT_MS = 25;

/**
 * On a terminal each line is written at once. Elsewhere those of a moment go together: each write wakes its reader, which
 * for small files takes a tenth of a promotion's processor time.
 */
export function lineWriter(stream: NodeJS.WriteStream = process.stdout): LineWriter {
  if (stream.isTTY) return { write: (line) => void stream.write(line), flush() {} };
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting !== "") stream.write(waiting);
    waiting = "";
  }

  return {
    write(line) {
      waiting += line;
      timer ??= setTimeout(flush, WAIT_MS);
    },
    flush,
  };
}

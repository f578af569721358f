/** Counts groups on a terminal's last line; a job's log gets a line now and then. */
export interface GroupsProgress {
  add(): void;

  /** Removes the live line. */
  stop(): void;
}

const LIVE_MILLISECONDS = 100;
const QUIET_MILLISECONDS = 30_000;

export function groupsProgress(
  what: string,
  total: number,
  stream: NodeJS.WriteStream = process.stderr,
): GroupsProgress {
  let done = 0;
  let shown = Date.now();
  let isLineShown = false;
  return {
    add() {
      done += 1;
      const isLive = stream.isTTY === true;
      if (Date.now() - shown < (isLive ? LIVE_MILLISECONDS : QUIET_MILLISECONDS)) return;
      shown = Date.now();
      stream.write(isLive ? `\r${what} ${done}/${total} groups\u001b[K` : `${what} ${done}/${total} groups\n`);
      isLineShown = isLive;
    },
    stop() {
      if (isLineShown) stream.write("\r\u001b[K");
      isLineShown = false;
    },
  };
}

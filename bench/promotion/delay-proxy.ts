import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface DelayProxy {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): void;
}

/** Starts, in a process of its own, a proxy to `target` that holds every byte back for half of `roundTripMs` in each direction. */
export async function startDelayProxy(target: string, roundTripMs: number): Promise<DelayProxy> {
  const child = fork(__filename, [target, String(roundTripMs)], { env: { ...process.env, BENCH_DELAY_PROXY: "1" } });
  const [port] = (await once(child, "message")) as [number];
  return { url: `http://127.0.0.1:${port}`, close: () => void child.kill() };
}

/** Beyond this much on its way the sender has to wait, as it would on a real line. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;

async function serve(target: URL, delayMs: number): Promise<void> {
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    carry(client, upstream, delayMs);
    carry(upstream, client, delayMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  process.send?.(typeof address === "object" && address ? address.port : 0);
}

function carry(from: Socket, to: Socket, delayMs: number): void {
  let queued = 0;
  from.setNoDelay(true);
  const later = (work: () => void): void => void setTimeout(work, delayMs);
  from.on("data", (piece) => {
    queued += piece.length;
    if (queued > MAX_QUEUED_BYTES) from.pause();
    later(() => {
      const isFlowing = to.write(piece);
      const release = () => {
        queued -= piece.length;
        if (queued <= MAX_QUEUED_BYTES) from.resume();
      };
      if (isFlowing) release();
      else to.once("drain", release);
    });
  });
  from.on("end", () => later(() => to.end()));
  from.on("error", () => to.destroy());
  from.on("close", () => later(() => to.destroy()));
}

if (process.env.BENCH_DELAY_PROXY) {
  const [target = "", roundTripMs = "0"] = process.argv.slice(2);
  void serve(new URL(target), Number(roundTripMs) / 2);
}

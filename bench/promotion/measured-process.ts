import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Measurement {
  readonly seconds: number;
  readonly exitCode: number;

  /** Highest resident memory of the process, in MiB. Of the process itself, not of its children. */
  readonly peakMiB: number;

  /** Bytes of read and write system calls, sockets and files alike. */
  readonly readBytes: number;
  readonly writtenBytes: number;

  /** Bytes that were sent to a disk. */
  readonly diskBytes: number;

  /** Processor time, user and system: what a busy machine does not distort. */
  readonly cpuSeconds: number;

  /** The last lines it printed. */
  readonly tail: string;
}

/** How often the kernel is asked; what happens in the last of these intervals is not counted. */
const SAMPLE_MS = 20;

/** The kernel's unit for processor times, the same on all Linux systems of today. */
const TICKS_PER_SECOND = 100;

/** Runs a command line to its end and watches what it needs. */
export async function measureProcess(command: string, env: NodeJS.ProcessEnv): Promise<Measurement> {
  const started = process.hrtime.bigint();
  // exec: the process that is watched is the command and not the shell around it.
  const child = spawn("/bin/sh", ["-c", `exec ${command}`], { env, stdio: ["ignore", "pipe", "pipe"] });
  let tail = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece: Buffer) => {
      tail = (tail + piece.toString()).slice(-2000);
    });
  }
  let last = { peakMiB: 0, readBytes: 0, writtenBytes: 0, diskBytes: 0, cpuSeconds: 0 };
  const timer = setInterval(() => {
    last = sample(child.pid) ?? last;
  }, SAMPLE_MS);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? -1));
  });
  clearInterval(timer);
  return { seconds: Number(process.hrtime.bigint() - started) / 1e9, exitCode, ...last, tail };
}

function sample(pid: number | undefined) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const io = readFileSync(`/proc/${pid}/io`, "utf8");
    const number = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
    const [userTicks, systemTicks] =
      readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ").slice(11, 13) ?? [];
    // A process that has ended and is not yet buried has no memory any more.
    if (!status.includes("VmHWM")) return undefined;
    return {
      cpuSeconds: (Number(userTicks) + Number(systemTicks)) / TICKS_PER_SECOND,
      peakMiB: number(status, "VmHWM") / 1024,
      readBytes: number(io, "rchar"),
      writtenBytes: number(io, "wchar"),
      diskBytes: number(io, "write_bytes"),
    };
  } catch {
    // It has just ended, or this system has no /proc: the last sample stands.
    return undefined;
  }
}

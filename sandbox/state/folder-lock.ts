import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "lock";

/** Times a lock that is held is looked at again before it is believed. */
const PATIENCE = 6;

/** Thrown when another process uses the state folder. */
export class FolderInUseError extends Error {
  override readonly name = "FolderInUseError";
}

/** Keeps two processes from one state folder. The lock of a process that died is taken over. */
export class FolderLock {
  private readonly path: string;
  private readonly content: string;

  constructor(folder: string) {
    makeFolder(folder);
    this.path = join(folder, FILE);
    this.content = `${process.pid} ${startOf(process.pid) ?? ""}\n`;
    for (let attempt = 0; !this.take(); attempt += 1) {
      const holder = this.read();
      if (holder === undefined) continue;
      const pid = Number.parseInt(holder, 10);
      if (isRunning(pid, holder) && attempt < PATIENCE) {
        // Somebody who kills a sandbox and starts the next at once gets it: dying takes a moment.
        pause(50);
        continue;
      }
      if (attempt > 2 * PATIENCE || isRunning(pid, holder)) {
        throw new FolderInUseError(
          `${folder}: in use by the sandbox with process id ${pid}. One folder belongs to one sandbox: stop that one, or choose another folder with --state`,
        );
      }
      this.clear(holder);
    }
  }

  release(): void {
    if (this.read() === this.content) rmSync(this.path, { force: true });
  }

  /** The file appears with its whole content or not at all. */
  private take(): boolean {
    const own = `${this.path}.${process.pid}`;
    writeFileSync(own, this.content);
    try {
      linkSync(own, this.path);
      return true;
    } catch (error) {
      if (hasCode(error, "EEXIST")) return false;
      throw error;
    } finally {
      rmSync(own, { force: true });
    }
  }

  private read(): string | undefined {
    try {
      return readFileSync(this.path, "utf8");
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  /** Moves a dead process's lock away; if it was a newer one after all, puts it back. */
  private clear(dead: string): void {
    const aside = `${this.path}.dead.${process.pid}`;
    try {
      renameSync(this.path, aside);
      if (readFileSync(aside, "utf8") !== dead) linkSync(aside, this.path);
    } catch (error) {
      if (!hasCode(error, "ENOENT") && !hasCode(error, "EEXIST")) throw error;
    }
    rmSync(aside, { force: true });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const told = cause instanceof Error ? cause.message : String(cause);
    const reason = hasCode(cause, "EEXIST") ? "it is no folder" : told;
    throw new Error(`${folder}: can't hold the sandbox's state: ${reason}. Choose another folder with --state`, {
      cause,
    });
  }
}

/** Process ids are used again, so where the system tells it the start time must agree as well. */
function isRunning(pid: number, holder: string): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, "EPERM")) return false;
  }
  const start = startOf(pid);
  return start === undefined || holder.trim() === `${pid} ${start}`;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/**
 * Start time of a process in the kernel's ticks; undefined where there is no /proc. A dead process that nobody has asked
 * for its exit code yet has none.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "" : fields[19];
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}

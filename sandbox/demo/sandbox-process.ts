import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

export interface SandboxProcess {
  readonly url: string;

  /** What the `export` line of the sandbox sets. */
  readonly env: Readonly<Record<string, string>>;

  /** Rejects when it ends, stopped or not. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

/** Starts the sandbox as `npm run sandbox` does, and reads what it prints. However this process ends, the sandbox ends too. */
export async function startSandboxProcess(main: string, state: string, logFile: string): Promise<SandboxProcess> {
  const words = [main, "--port", "0", "--state", state, "--while-stdin"];
  // Ctrl-C does not reach it: what the run is at needs it to end in order.
  const child = spawn(process.execPath, words, { stdio: "pipe", detached: true });
  const log = createWriteStream(logFile);
  let printed = "";
  const ended = new Promise<never>((_, reject) => {
    child.once("exit", (code, signal) => reject(new Error(`the sandbox ended (${signal ?? `exit code ${code}`})`)));
  });
  const exports = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      log.write(chunk);
      printed += chunk.toString("utf8");
      const line = /^\s*export (.+)$/m.exec(printed);
      if (line?.[1] !== undefined && printed.indexOf("\n", line.index) >= 0) resolve(line[1]);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", reject);
    log.once("error", (error) => reject(new Error(`${logFile} can not be written: ${error.message}`)));
    ended.catch((error: Error) => reject(new Error(`${error.message}:\n${printed}`)));
  });
  const env = readExports(exports);
  return { url: env.ARTIFACTS_SANDBOX ?? "", env, ended, stop: () => stop(child) };
}

/** `A=1 B='two words' C='it'\\''s'` as an object, as a shell reads what `exportLine` writes. */
export function readExports(line: string): Readonly<Record<string, string>> {
  const words = line.matchAll(/([A-Za-z_]\w*)=((?:'[^']*'|\\.|[^\s'\\])*)/g);
  return Object.fromEntries([...words].map(([, name, word = ""]) => [name, unquoted(word)]));
}

function unquoted(word: string): string {
  return word.replaceAll(/'([^']*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? "");
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGINT");
  await ended;
}

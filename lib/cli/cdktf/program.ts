import { type ChildProcess, spawn } from "node:child_process";

export interface ProgramResult {
  readonly code: number;

  /** Everything it printed, both streams as they came. */
  readonly output: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end. @throws if it can't be started */
export function runProgram(
  program: string,
  words: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const forget = endWithUs(child);
    const pieces: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
    child.stderr.on("data", (piece: Buffer) => pieces.push(piece));
    child.once("error", (error) => {
      forget();
      reject(new Error(`${program}: could not be started. Is it installed and on the PATH?`, { cause: error }));
    });
    child.once("close", (code) => {
      forget();
      resolve({ code: code ?? 1, output: Buffer.concat(pieces).toString("utf8") });
    });
  });
}

/** Terraform ends in order when it is interrupted; it is asked to when we are. */
function endWithUs(child: ChildProcess): () => void {
  const interrupt = (): void => void child.kill("SIGINT");
  process.on("SIGTERM", interrupt);
  // A terminal interrupts all of its programs itself; without a listener we would not wait for them.
  process.on("SIGINT", interrupt);
  return () => {
    process.off("SIGTERM", interrupt);
    process.off("SIGINT", interrupt);
  };
}

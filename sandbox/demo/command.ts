import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";

export interface CommandResult {
  readonly exitCode: number;

  /** What killed it. @default - it ended by itself */
  readonly signal?: NodeJS.Signals;

  /** Standard output and standard error, in the order in which they came, without colours. */
  readonly output: string;

  /** Standard output alone, as it came. */
  readonly stdout: string;
  readonly seconds: number;
}

/** A command did not end as the step needs it. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";

  constructor(
    readonly command: string,
    readonly result: CommandResult,
    readonly logFile: string,
  ) {
    const { exitCode, signal } = result;
    super(`\`${command}\` ${signal === undefined ? `ended with exit code ${exitCode}` : `was killed (${signal})`}`);
  }
}

/** Runs the commands that a user would type, one log file each, and knows which are still running. */
export class CommandRunner {
  private readonly running = new Set<ChildProcess>();
  private isStopped = false;
  private count = 0;

  constructor(
    private readonly cwd: string,
    private readonly logs: string,
  ) {}

  /** @throws CommandFailed if the exit code is not one of `expect` (default: 0); Error if the log can't be written. */
  async run(
    words: readonly string[],
    env: NodeJS.ProcessEnv,
    expect: readonly number[] = [0],
    onLine: (line: string) => void = () => {},
  ): Promise<CommandResult> {
    if (this.isStopped) throw new Error(`${words.join(" ")}: not started, as the run is stopped`);
    this.count += 1;
    const logFile = join(this.logs, `${String(this.count).padStart(2, "0")}-${fileName(words)}.log`);
    const log = createWriteStream(logFile);
    const command = words.join(" ");
    log.write(`$ ${command}\n`);
    const started = performance.now();
    const [program = "", ...rest] = words;
    const child = spawn(program, rest, { cwd: this.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    this.running.add(child);
    let output = "";
    let stdout = "";
    let unfinished = "";
    const take = (chunk: string): void => {
      const text = stripColours(chunk);
      log.write(text);
      output += text;
      const lines = (unfinished + text).split("\n");
      unfinished = lines.pop() ?? "";
      lines.forEach(onLine);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", take);
    child.stdout.on("data", (chunk: string) => {
      stdout += chunk;
    });
    const ended = await new Promise<Pick<CommandResult, "exitCode" | "signal">>((resolve, reject) => {
      child.on("error", reject);
      log.on("error", (error) => reject(new Error(`${logFile} can not be written: ${error.message}`)));
      child.on("close", (code, signal) => resolve({ exitCode: code ?? 1, ...(signal && { signal }) }));
    }).finally(() => {
      this.running.delete(child);
      log.end();
    });
    const result = { ...ended, output, stdout, seconds: (performance.now() - started) / 1000 };
    if (result.signal !== undefined || !expect.includes(result.exitCode))
      throw new CommandFailed(command, result, logFile);
    return result;
  }

  /**
   * Ends what still runs, with all that it started, and starts nothing more. Asked once, cdktf lets terraform finish what
   * it is at; asked twice, it ends terraform at once; who has not ended then is killed.
   */
  async stop(patienceSeconds = 10): Promise<void> {
    this.isStopped = true;
    for (const signal of ["SIGTERM", "SIGTERM", "SIGKILL"] as const) {
      if (this.running.size === 0) return;
      const ends = [...this.running].map((child) => new Promise((resolve) => child.once("close", resolve)));
      for (const child of this.running) child.kill(signal);
      const patience = new AbortController();
      await Promise.race([Promise.all(ends), setTimeout(patienceSeconds * 1000, undefined, patience).catch(() => {})]);
      patience.abort();
    }
  }
}

function fileName(words: readonly string[]): string {
  const tail = words.filter((word) => !word.startsWith("-")).slice(0, 4);
  return tail
    .map((word) => basename(word))
    .join("-")
    .replace(/[^a-z0-9-]+/gi, "_")
    .slice(0, 60);
}

function stripColours(text: string): string {
  // The escape character is what is looked for.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: see above
  return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "");
}

import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { basename, join } from "node:path";

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

  /** Asks what still runs to stop. */
  stop(): void {
    for (const child of this.running) child.kill("SIGTERM");
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

import { type ChildProcess, spawn as spawnProcess } from "node:child_process";
import { deferInterrupts } from "./deferred-interrupts";
import { markInterrupted } from "./interrupted";
import { replaceUpstreamModule } from "./upstream-modules";

/** What cdktf-cli uses of its module for pseudo terminals, in which it runs `terraform apply` and `destroy`. */
export interface PseudoTerminal {
  write(text: string): void;
  onData(listener: (text: string) => void): void;
  onExit(listener: (exit: { readonly exitCode: number }) => void): void;
}

/** How a terminal is told to interrupt. */
const CTRL_C = "\u0003";

/** By the folders in which programs ran. */
const killed = new Map<string, NodeJS.Signals>();

/** The signal that ended what was run in a folder last, if one did. */
export function signalThatKilled(folder: string): NodeJS.Signals | undefined {
  return killed.get(folder);
}

/** By the folders in which programs ran. */
const complaints = new Map<string, string>();

/** What was run in a folder last has said on its second stream, so far. */
export function complaintsIn(folder: string): string {
  return complaints.get(folder) ?? "";
}

/** Terraform's words for a provider that ended under it. It then ends in order itself, and leaves no note of its lock. */
const DEAD_PROVIDER = /Plugin did not respond|plugin crashed!/;

/** Whether a provider ended under what was run in a folder. What it was making may exist, and no state knows of it. */
export function hasLostProvider(folder: string): boolean {
  return DEAD_PROVIDER.test(complaintsIn(folder));
}

/**
 * Runs a program on pipes, with the face of one on a pseudo terminal. It has a process group of its own: Ctrl-C reaches it
 * once, through us, and Terraform takes a second one for an order to give up at once.
 */
export function spawn(
  program: string,
  words: readonly string[],
  { cwd = ".", env }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): PseudoTerminal {
  const child = spawnProcess(program, words, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  deferInterrupts(ended(child), () => child.kill("SIGINT"));
  // A program that has ended reads no answer any more.
  child.stdin.on("error", () => {});
  complaints.set(cwd, "");
  child.stderr.setEncoding("utf8").on("data", (text) => void complaints.set(cwd, complaintsIn(cwd) + text));
  let problem = "";
  child.once("close", () => {
    if (hasLostProvider(cwd)) markInterrupted(cwd);
  });
  child.once("error", (error) => {
    problem = `${program}: could not be started: ${error.message}\n`;
  });
  child.once("exit", (_code, signal) => {
    if (signal === null) return;
    problem = `${program} was killed (${signal})\n`;
    killed.set(cwd, signal);
  });
  return {
    write: (text) => void (text === CTRL_C ? child.kill("SIGINT") : child.stdin.write(text)),
    onData(listener) {
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", listener);
      child.once("close", () => problem && listener(problem));
    },
    onExit: (listener) => void child.once("close", (code) => listener({ exitCode: code ?? 1 })),
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => void child.once("close", () => resolve()));
}

/**
 * Takes the place of cdktf-cli's module, which is machine code, built for some versions of Node and some machines only, and
 * whose terminals vanish under a running Terraform when cdktf-cli is interrupted.
 */
export function replacePseudoTerminal(): void {
  replaceUpstreamModule("@cdktf/node-pty-prebuilt-multiarch", { spawn });
}

import { spawn } from "node:child_process";

/** Python's standard library has what Node's has not: a program on a terminal of its own. */
const ON_TERMINAL = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";

export const CTRL_C = "\u0003";
export const DOWN = "\u001b[B";

/**
 * Runs a program on a terminal, and types each answer when what it belongs to is on the screen, in this order. Returns the
 * exit code and everything that was on the screen, without control sequences.
 */
export function runOnTerminal(
  words: readonly string[],
  answers: readonly (readonly [question: string, answer: string])[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const child = spawn("python3", ["-c", ON_TERMINAL, ...words], {
    ...options,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const open = [...answers];
  let [screen, seen] = ["", 0];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is told with
    screen += text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replaceAll("\r", "");
    const [question, answer] = open[0] ?? [];
    const at = question === undefined ? -1 : screen.indexOf(question, seen);
    if (question === undefined || at < 0) return;
    open.shift();
    seen = at + question.length;
    child.stdin.write(answer === CTRL_C || answer === DOWN ? answer : `${answer}\r`);
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, screen })));
}

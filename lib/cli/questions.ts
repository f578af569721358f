import { createInterface } from "node:readline/promises";

/** Asks on a terminal. Where there is none, callers must have everything from flags. */
export async function ask(questions: readonly Question[]): Promise<readonly string[]> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answers: string[] = [];
    for (const { text, fallback } of questions) {
      const shown = fallback === undefined ? `${text}: ` : `${text} [${fallback}]: `;
      const answer = (await terminal.question(shown)).trim();
      answers.push(answer === "" ? (fallback ?? "") : answer);
    }
    return answers;
  } finally {
    terminal.close();
  }
}

export interface Question {
  readonly text: string;
  readonly fallback?: string;
}

export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** `a, b` and repeated flags mean the same. */
export function wordList(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

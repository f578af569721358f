import { createInterface } from "node:readline/promises";

/**
 * Asks on a terminal, each question until its answer will do. Where there is no terminal, callers must have everything
 * from flags. Answers may be typed or pasted ahead. Undefined when whoever was asked has gone (Ctrl-C, Ctrl-D).
 */
export async function ask(questions: readonly Question[]): Promise<readonly string[] | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const lines = terminal[Symbol.asyncIterator]();
  async function put(text: string): Promise<string | undefined> {
    terminal.setPrompt(text);
    terminal.prompt();
    const { done, value } = await lines.next();
    return done ? undefined : value;
  }
  try {
    const answers: string[] = [];
    for (const question of questions) {
      const answer = await answerTo(question, put);
      if (answer === undefined) {
        process.stderr.write("\n");
        return undefined;
      }
      answers.push(answer);
    }
    return answers;
  } finally {
    terminal.close();
  }
}

async function answerTo(
  { text, fallback, problems }: Question,
  put: (text: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (;;) {
    const said = await put(fallback === undefined ? `${text}: ` : `${text} [${fallback}]: `);
    if (said === undefined) return undefined;
    const answer = said.trim() === "" ? (fallback ?? "") : said.trim();
    const found = problems?.(answer) ?? [];
    if (found.length === 0) return answer;
    process.stderr.write(`${found.join("\n")}\n`);
  }
}

export interface Question {
  readonly text: string;
  readonly fallback?: string;

  /** What is wrong with an answer; it is asked again then. */
  readonly problems?: (answer: string) => readonly string[];
}

export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** `a, b` and repeated flags mean the same. */
export function wordList(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

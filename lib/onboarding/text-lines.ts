/** A text file as lines that keep their ends, so that what is not touched stays byte for byte. */
export interface TextLines {
  /** Each with its own line end; only the last may have none. */
  readonly lines: readonly string[];

  /** The line end of the file's first line, `\n` for a file without any. */
  readonly lineEnd: string;
}

export function splitLines(text: string): TextLines {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return { lines, lineEnd: lines[0]?.endsWith("\r\n") ? "\r\n" : "\n" };
}

/** Puts `added` (without line ends) before line `index`, counted from 0. A file without a last line end keeps none. */
export function insertLines({ lines, lineEnd }: TextLines, index: number, added: readonly string[]): string {
  const before = lines.slice(0, index);
  const after = lines.slice(index);
  const last = before.at(-1);
  if (after.length === 0 && last !== undefined && !last.endsWith("\n")) {
    return before.join("") + added.map((line) => lineEnd + line).join("");
  }
  return [...before, ...added.map((line) => line + lineEnd), ...after].join("");
}

/** Takes lines `from` to `to` (exclusive) out. The reverse of `insertLines`, also at the end of a file without a last line end. */
export function removeLines({ lines }: TextLines, from: number, to: number): string {
  const kept = [...lines.slice(0, from), ...lines.slice(to)].join("");
  const wasLast = to >= lines.length && lines.at(-1)?.endsWith("\n") === false;
  return wasLast ? kept.replace(/\r?\n$/, "") : kept;
}

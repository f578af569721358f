import { parse } from "yaml";

/** A text as a YAML value on one line: plain where YAML reads it back as this very text, else in quotes. */
export function yamlText(text: string): string {
  return isPlain(text) ? text : JSON.stringify(text);
}

function isPlain(text: string): boolean {
  try {
    // As an item, the way it is written: some texts mean something else only there.
    const read: unknown = parse(`- ${text}`);
    return Array.isArray(read) && read.length === 1 && read[0] === text;
  } catch {
    return false;
  }
}

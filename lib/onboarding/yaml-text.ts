import { parse } from "yaml";
import { resolvesToString } from "../model/yaml-1-1";

/** A text as a YAML value on one line: plain where readers of YAML 1.2 and 1.1 read it back as this very text, else in quotes. */
export function yamlText(text: string): string {
  return isPlain(text) && resolvesToString(text) ? text : JSON.stringify(text);
}

function isPlain(text: string): boolean {
  try {
    // As an item, the way it is written: some texts mean something else only there.
    const read: unknown = parse(`- ${text}`, { logLevel: "error" });
    return Array.isArray(read) && read.length === 1 && read[0] === text;
  } catch {
    return false;
  }
}

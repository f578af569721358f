import type { Problem } from "./problem";
import { quote } from "./suggest";

/** What moves the cursor, changes colours or turns the direction of text, wherever the text is shown, and halves of characters. Tabs and line feeds are fine. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\p{Cs}]/u;

/** What is wrong with free text: YAML can write characters that no file may hold as they are. */
export function plainTextProblem(text: string): Problem | undefined {
  if (!CONTROL.test(text)) return undefined;
  return { what: `${quote(text)} holds a control character`, repair: "Remove it.", rule: "file/control-character" };
}

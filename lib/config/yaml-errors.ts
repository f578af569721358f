import type { YAMLError } from "yaml";
import type { Diagnostic } from "../diagnostics";

/** Far more than any input needs, far less than what makes a parser that recurses run out of stack. */
const MAX_BRACKETS = 1000;
const MAX_DASHES = 64;

/** Says so when brackets, braces or dashes nest deeper than any input has reason to. Cheap, before anything is parsed. */
export function nestsTooDeep(text: string): string | undefined {
  let open = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0x5b || unit === 0x7b) open += 1;
    else if ((unit === 0x5d || unit === 0x7d) && open > 0) open -= 1;
    if (open > MAX_BRACKETS) return `the file opens more than ${MAX_BRACKETS} brackets that it does not close in time`;
  }
  const dashes = new RegExp(`^[ ]*(?:[-?][ \\t]+){${MAX_DASHES}}`, "m");
  return dashes.test(text) ? `a line of the file nests more than ${MAX_DASHES} levels deep` : undefined;
}

/** A mistake in the YAML itself, in words that say what to do. */
export function explainYamlError(error: YAMLError): Diagnostic {
  const rule = `yaml/${error.code.toLowerCase().replaceAll("_", "-")}`;
  const said = (summary: string, detail: string): Diagnostic => ({ severity: "error", summary, detail, rule });
  switch (error.code) {
    case "DUPLICATE_KEY":
      return said("the same key stands twice in one mapping", "Only one of the two can hold. Remove the other.");
    case "TAB_AS_INDENT":
      return said("a tab is used as indentation", "YAML indents with spaces only.");
    case "MULTIPLE_DOCS":
      return said("the file holds more than one YAML document", 'Remove the "---" and keep one document in each file.');
    case "TAG_RESOLVE_FAILED":
      return said(`a tag that is not known here: ${lower(error.message)}`, "Remove the tag.");
    default:
      return { severity: "error", summary: `this is not YAML: ${lower(error.message)}`, rule };
  }
}

function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

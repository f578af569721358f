import type { YAMLError } from "yaml";
import type { Diagnostic } from "../diagnostics";
import { SPLIT } from "./read-text";
import { showPlainly } from "./unshowable";

/** Why a text is not even given to the parser. */
interface Refusal {
  readonly rule: string;
  readonly summary: string;
  readonly detail: string;
}

/** Larger YAML takes the parser seconds. Manifests of the usual form are read without it, up to the limit of all files. */
const MAX_PARSED = 1024 * 1024;

export function isTooLargeToParse(text: string): boolean {
  return text.length > MAX_PARSED;
}

export function tooLargeToParse(text: string): Refusal | undefined {
  if (!isTooLargeToParse(text)) return undefined;
  return {
    rule: "file/too-large",
    summary: `the file has ${text.length} characters, at most ${MAX_PARSED} (1 MiB) are parsed as YAML`,
    detail: SPLIT,
  };
}

/** Far more than any input needs, far less than what makes a parser that recurses run out of stack. */
const MAX_OPEN_BRACKETS = 1000;

/** Every bracket becomes a node or more, at a cost that lines of ordinary length never reach. */
const MAX_BRACKETS = 50_000;
const MAX_DASHES = 64;

/** Every entry of a list becomes some nodes as well: as many as fill the largest file with lines of ordinary length. */
const MAX_ENTRIES = 100_000;

/** Says so when brackets, braces or dashes nest deeper than any input has reason to. Cheap, before anything is parsed. */
export function nestsTooDeep(text: string): Refusal | undefined {
  const refusal = (summary: string): Refusal => ({
    rule: "yaml/depth",
    summary,
    detail: "Write it out, level by level.",
  });
  let open = 0;
  let brackets = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0x5b || unit === 0x7b) {
      open += 1;
      brackets += 1;
    }
    if ((unit === 0x5d || unit === 0x7d) && open > 0) open -= 1;
    if (open > MAX_OPEN_BRACKETS) {
      return refusal(`the file opens more than ${MAX_OPEN_BRACKETS} brackets without closing them`);
    }
    if (brackets > MAX_BRACKETS) return refusal(`the file holds more than ${MAX_BRACKETS} opening brackets`);
  }
  const dashes = new RegExp(`^[ ]*(?:[-?][ \\t]+){${MAX_DASHES}}`, "m");
  if (dashes.test(text)) return refusal(`a line of the file nests more than ${MAX_DASHES} levels deep`);
  return isLongerList(text) ? refusal(`the file holds more than ${MAX_ENTRIES} entries of lists`) : undefined;
}

/** Dashes before a space or the end of a line; a few more than there are entries, as texts may hold some. */
function isLongerList(text: string): boolean {
  let entries = 0;
  for (let index = text.indexOf("-"); index >= 0 && entries <= MAX_ENTRIES; index = text.indexOf("-", index + 1)) {
    const next = text.charCodeAt(index + 1);
    if (next === 0x20 || next === 0x09 || next === 0x0a || next === 0x0d) entries += 1;
  }
  return entries > MAX_ENTRIES;
}

/** A mistake in the YAML itself, in words that say what to do. */
export function explainYamlError(error: YAMLError): Diagnostic {
  const rule = `yaml/${error.code.toLowerCase().replaceAll("_", "-")}`;
  const said = (summary: string, detail: string): Diagnostic => ({ severity: "error", summary, detail, rule });
  switch (error.code) {
    case "TAB_AS_INDENT":
      return said("a tab is used as indentation", "YAML indents with spaces only.");
    case "MULTIPLE_DOCS":
      return said("the file holds more than one YAML document", 'Remove the "---" and keep one document in each file.');
    case "TAG_RESOLVE_FAILED":
      return said(`a tag that is not known here: ${parserWords(error.message)}`, "Remove the tag.");
    default:
      if (/call stack/i.test(error.message)) {
        return said("the file nests too deep to be read", "Write it out, level by level.");
      }
      return said(
        `this is not YAML: ${parserWords(error.message)}`,
        "Nothing in this file was checked: correct it first.",
      );
  }
}

/** The words of the parser, short and on one line. */
export function parserWords(message: string): string {
  // The parser quotes the text, which may be megabytes of anything.
  const plain = showPlainly(message);
  const short = plain.length > 200 ? `${plain.slice(0, 197)}...` : plain;
  return short.charAt(0).toLowerCase() + short.slice(1);
}

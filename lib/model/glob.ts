import { RE2JS } from "re2js";
import { quote } from "./suggest";

/** Whether a path matches; the same glob is asked about many paths. */
export type PathMatcher = (path: string) => boolean;

/** What keeps a text from being a glob. */
export interface GlobProblem {
  readonly what: string;
  readonly repair?: string;
}

/**
 * Compiles a glob as the original reconciler reads it: `*` and `?` stay within a folder, `**` as a whole part stands for
 * any folders (none as well; for at least a file at the end), `[a-z]` and `[^a-z]` are classes, `{a,b}` are alternatives
 * within a part, `\` takes the next character as it is, and a slash at the end means nothing. What the original takes for
 * something else than whoever wrote it meant, or silently matches with nothing, is a problem here. Matching takes time
 * linear in the path, whatever the glob.
 */
export function compileGlob(glob: string): PathMatcher | GlobProblem {
  if (glob.length > MAX_GLOB_LENGTH) return { what: `it has more than ${MAX_GLOB_LENGTH} characters` };
  const parts = glob.replace(/(.)\/$/s, "$1").split("/");
  const odd = parts.find((part) => part === "" || part === "." || part === "..");
  if (odd !== undefined) {
    const plain = parts.filter((part) => part !== "" && part !== ".").join("/");
    const repair = plain === "" || parts.includes("..") ? undefined : `Write ${quote(plain)}.`;
    return {
      what: `no path holds the part ${quote(odd)}: they are relative to the groups folder`,
      ...(repair && { repair }),
    };
  }
  if (/^[\w./@-]*$/.test(glob)) return (path) => path === parts.join("/");
  try {
    const compiled = RE2JS.compile(parts.map(partExpression).join(""), RE2JS.DOTALL);
    return (path) => compiled.matches(path);
  } catch (error) {
    if (error instanceof NotAGlob) return error.problem;
    return { what: "a range of a class runs backwards, or it is far too long" };
  }
}

const MAX_GLOB_LENGTH = 1024;

/** Never leaves this file. */
class NotAGlob extends Error {
  constructor(readonly problem: GlobProblem) {
    super(problem.what);
  }
}

function fail(what: string, repair?: string): never {
  throw new NotAGlob({ what, ...(repair !== undefined && { repair }) });
}

/** The regular expression of what stands between two slashes, with the slash behind it. */
function partExpression(part: string, index: number, parts: readonly string[]): string {
  const isLast = index === parts.length - 1;
  if (part === "**") return isLast ? ".+" : "(?:[^/]+/)*";
  return `${expressionOf(part, true)}${isLast ? "" : "/"}`;
}

function expressionOf(text: string, mayHoldBraces: boolean): string {
  let expression = "";
  for (let index = 0; index < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    index += character.length;
    switch (character) {
      case "*": {
        const stars = /^\**/.exec(text.slice(index))?.[0].length ?? 0;
        if (stars > 1) fail("more than two stars stand side by side", 'Write "*", or "**" as a whole part.');
        index += stars;
        expression += "[^/]*";
        break;
      }
      case "?":
        expression += "[^/]";
        break;
      case "[": {
        const end = unescapedIndex(text, "]", index);
        if (end === undefined) fail("a bracket is not closed within its part");
        expression += classExpression(text.slice(index, end));
        index = end + 1;
        break;
      }
      case "{": {
        const end = mayHoldBraces ? unescapedIndex(text, "}", index) : undefined;
        if (end === undefined) fail("a brace is not closed within its part, or holds another one");
        expression += alternatives(text.slice(index, end));
        index = end + 1;
        break;
      }
      case "}":
        return fail("a brace is closed that was not opened");
      case "\\":
        if (index === text.length) fail("nothing stands behind a backslash");
        expression += RE2JS.quote(String.fromCodePoint(text.codePointAt(index) ?? 0));
        index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
        break;
      default:
        expression += RE2JS.quote(character);
    }
  }
  return expression;
}

/** As the original looks for it: what stands right behind a backslash does not count. */
function unescapedIndex(text: string, character: string, from: number): number | undefined {
  for (let index = text.indexOf(character, from); index >= 0; index = text.indexOf(character, index + 1)) {
    if (index === from || text[index - 1] !== "\\") return index;
  }
  return undefined;
}

function alternatives(body: string): string {
  const options: string[] = [];
  for (let start = 0; ; ) {
    const end = unescapedIndex(body, ",", start);
    options.push(body.slice(start, end));
    if (end === undefined) break;
    start = end + 1;
  }
  if (options.includes("")) fail("an alternative between braces is empty", "Write two entries.");
  return `(?:${options.map((option) => expressionOf(option, false)).join("|")})`;
}

/** No class matches a slash: it stays within a folder. */
function classExpression(body: string): string {
  if (body.startsWith("!")) fail('"[!...]" does not negate here', `Write ${quote(`[^${body.slice(1)}]`)}.`);
  const negated = body.startsWith("^");
  const members = negated ? body.slice(1) : body;
  if (members === "") fail("a class between brackets is empty");
  if (/^-|[^\\]-$/.test(members)) fail("a class begins or ends with a hyphen", 'Write "\\\\-".');
  const escaped = members.replace(/\\?(.)/gsu, (token, character: string) =>
    token === "-" || /[\p{L}\p{N}]/u.test(character) ? character : `\\x{${character.codePointAt(0)?.toString(16)}}`,
  );
  return negated ? `[^/${escaped}]` : `[${escaped}]`;
}

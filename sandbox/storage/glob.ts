import { RE2JS } from "re2js";
import { googleError } from "../http/errors";

/**
 * Whether a name matches a glob of Cloud Storage: `?` and `*` stop at slashes, `**` does not, `[a-z]` and `[!a-z]` are one
 * character, `{a,b}` is one of several, a backslash takes the next character as it is.
 * Matching takes time linear in the name.
 */
export function globMatcher(glob: string): (name: string) => boolean {
  try {
    const expression = RE2JS.compile(sourceOf(glob), RE2JS.DOTALL);
    return (name) => expression.matches(name);
  } catch {
    throw googleError(400, "invalid", `Invalid argument: matchGlob ${JSON.stringify(glob)}.`);
  }
}

const TOKEN = /\*\*\/|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|[{},]|./gsu;

function sourceOf(glob: string): string {
  const tokens = glob.match(TOKEN) ?? [];
  const closings = new Set(closedBraces(tokens));
  let depth = 0;
  return tokens
    .map((token, index) => {
      if (token === "{" && closings.has(index)) depth += 1;
      else if (token === "}" && closings.has(index)) depth -= 1;
      else if (token !== "," || depth === 0) return piece(token);
      return { "{": "(?:", "}": ")", ",": "|" }[token] ?? "";
    })
    .join("");
}

/** Positions of braces that have a partner; the others stand for themselves. */
function closedBraces(tokens: readonly string[]): readonly number[] {
  const open: number[] = [];
  return tokens.flatMap((token, index) => {
    if (token === "{") open.push(index);
    const partner = token === "}" ? open.pop() : undefined;
    return partner === undefined ? [] : [partner, index];
  });
}

function piece(token: string): string {
  if (token === "**/") return "(?:.*/)?";
  if (token.startsWith("*")) return token.length > 1 ? ".*" : "[^/]*";
  if (token === "?") return "[^/]";
  const set = /^\[([!^]?)(.+)\]$/su.exec(token);
  if (set === null) return RE2JS.quote(token.length > 1 && token.startsWith("\\") ? token.slice(1) : token);
  return `[${set[1] === "" ? "" : "^/"}${(set[2] ?? "").replaceAll(/[\\\][^&~|]/gu, "\\$&")}]`;
}

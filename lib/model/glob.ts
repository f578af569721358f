import { RE2JS } from "re2js";

/** Whether a path matches; the same glob is asked about many paths. */
export type PathMatcher = (path: string) => boolean;

/**
 * Compiles a glob as the original reconciler reads it: `*` and `?` stay within a folder, `**` as a whole part stands for
 * any folders (none as well), `[a-z]` and `[^a-z]` are classes, `{a,b}` are alternatives, `\` takes the next character as
 * it is. Matching takes time linear in the path, whatever the glob. Undefined for a glob that is not well formed.
 */
export function compileGlob(glob: string): PathMatcher | undefined {
  if (glob.length > MAX_GLOB_LENGTH) return undefined;
  const expression = toExpression(glob);
  if (expression === undefined) return undefined;
  const plain = /^[\w./@-]*$/.test(glob);
  if (plain) return (path) => path === glob;
  try {
    const compiled = RE2JS.compile(expression, RE2JS.DOTALL);
    return (path) => compiled.matches(path);
  } catch {
    return undefined;
  }
}

const MAX_GLOB_LENGTH = 1024;

/** The regular expression of a whole path, without anchors. */
function toExpression(glob: string): string | undefined {
  let expression = "";
  let braces = 0;
  let index = 0;
  while (index < glob.length) {
    const character = glob.charAt(index);
    const stars = /^\*+/.exec(glob.slice(index))?.[0].length ?? 0;
    if (stars > 0) {
      const isWhole = stars === 2 && isBoundary(glob[index - 1]) && isBoundary(glob[index + stars]);
      const hasMore = glob[index + stars] === "/";
      if (!isWhole) expression += "[^/]*";
      else if (hasMore) expression += "(?:.*/)?";
      else expression = expression.endsWith("/") ? `${expression.slice(0, -1)}(?:/.*)?` : `${expression}.*`;
      index += stars + (isWhole && hasMore ? 1 : 0);
      continue;
    }
    index += 1;
    switch (character) {
      case "?":
        expression += "[^/]";
        break;
      case "[": {
        const end = classEnd(glob, index);
        if (end === undefined) return undefined;
        expression += classExpression(glob.slice(index, end));
        index = end + 1;
        break;
      }
      case "{":
        braces += 1;
        expression += "(?:";
        break;
      case "}":
        braces -= 1;
        if (braces < 0) return undefined;
        expression += ")";
        break;
      case ",":
        expression += braces > 0 ? "|" : ",";
        break;
      case "\\":
        if (index === glob.length) return undefined;
        expression += RE2JS.quote(glob.charAt(index));
        index += 1;
        break;
      default:
        expression += RE2JS.quote(character);
    }
  }
  return braces === 0 ? expression : undefined;
}

function isBoundary(character: string | undefined): boolean {
  return character === undefined || character === "/" || character === "{" || character === "," || character === "}";
}

/** Where the class that begins at `start` (after its bracket) ends; a bracket right at its beginning belongs to it. */
function classEnd(glob: string, start: number): number | undefined {
  let index = /[!^]/.test(glob.charAt(start)) ? start + 1 : start;
  for (let first = true; index < glob.length; first = false, index += 1) {
    if (glob[index] === "\\") index += 1;
    else if (glob[index] === "]" && !first) return index;
  }
  return undefined;
}

/** No class matches a slash: it stays within a folder. */
function classExpression(body: string): string {
  const negated = /^[!^]/.test(body);
  const members = (negated ? body.slice(1) : body).replace(/\\(.)/gs, "$1").replace(/[\\[\]^&]/g, "\\$&");
  return negated ? `[^/${members}]` : `[${members}]`;
}

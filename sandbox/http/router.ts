import { googleError } from "./errors";
import type { Handler, Route } from "./service";

export interface Match {
  readonly handler: Handler;

  /** Method and pattern, under which the request log counts. */
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly method: string;
  readonly route: string;
  readonly expression: RegExp;
  readonly handler: Handler;
}

/** Finds the handler of a method and path among the routes of one service. */
export class Router {
  private readonly routes: readonly Compiled[];

  constructor(prefix: string, routes: readonly Route[]) {
    const verbs = routes.filter(({ pattern }) => hasVerb(pattern));
    const plain = routes.filter(({ pattern }) => !hasVerb(pattern));
    this.routes = [...verbs, ...plain].map(({ method, pattern, handler }) => ({
      method,
      route: `${method} ${prefix}${pattern}`,
      expression: compile(pattern),
      handler,
    }));
  }

  /** `path` is below the prefix and percent-encoded. Undefined if no route fits. */
  find(method: string, path: string): Match | undefined {
    for (const { method: wanted, expression, handler, route } of this.routes) {
      if (wanted !== method) continue;
      const found = expression.exec(path);
      if (found === null) continue;
      const params = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decode(value)]);
      return { handler, route, params: Object.fromEntries(params) };
    }
    return undefined;
  }
}

function hasVerb(pattern: string): boolean {
  return /:[a-zA-Z]+$/.test(pattern);
}

function compile(pattern: string): RegExp {
  const source = pattern
    .split(/(\{[a-zA-Z]+\+?\})/)
    .map((piece) => {
      const parameter = /^\{([a-zA-Z]+)(\+?)\}$/.exec(piece);
      if (parameter === null) return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(":", "(?::|%3[Aa])");
      return parameter[2] === "+" ? `(?<${parameter[1]}>.+)` : `(?<${parameter[1]}>[^/]+)`;
    })
    .join("");
  return new RegExp(`^${source}/?$`, "s");
}

/** Percent-decodes one path parameter; bytes that aren't UTF-8 are the client's mistake. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw googleError(400, "invalid", `path: ${text} is not percent-encoded UTF-8`);
  }
}

/** What a condition may ask about. */
export interface Subject {
  /** Resource name as in the store, e.g. `buckets/b/objects/dir/name`. */
  readonly resource: string;

  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Evaluates an IAM condition, as far as the sandbox understands Common Expression Language: comparisons of
 * `resource.name`, `resource.type`, `resource.service` and `request.time`, `startsWith`, `endsWith`, `&&`, `||`, `!` and
 * parentheses. A condition with anything else in it does not hold: the sandbox rather refuses than grants too much.
 */
export function holds(expression: string, subject: Subject): boolean {
  try {
    return new Evaluation(tokens(expression), subject).result();
  } catch (error) {
    if (error instanceof NotUnderstood) return false;
    throw error;
  }
}

class NotUnderstood extends Error {}

function tokens(expression: string): readonly string[] {
  const found = expression.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|&&|\|\||[<>=!]=|[<>!(),]|[\w.]+|\S/g) ?? [];
  return found;
}

/** Recursive descent over the tokens; both sides of `&&` and `||` are read, so that a mistake anywhere counts. */
class Evaluation {
  private position = 0;

  constructor(
    private readonly words: readonly string[],
    private readonly subject: Subject,
  ) {}

  result(): boolean {
    const value = this.either();
    if (this.position !== this.words.length) throw new NotUnderstood();
    return value;
  }

  private either(): boolean {
    let value = this.both();
    while (this.accept("||")) {
      const right = this.both();
      value = value || right;
    }
    return value;
  }

  private both(): boolean {
    let value = this.single();
    while (this.accept("&&")) {
      const right = this.single();
      value = value && right;
    }
    return value;
  }

  private single(): boolean {
    if (this.accept("!")) return !this.single();
    if (this.accept("(")) {
      const value = this.either();
      this.expect(")");
      return value;
    }
    if (this.accept("true")) return true;
    if (this.accept("false")) return false;
    return this.comparison();
  }

  private comparison(): boolean {
    const word = this.next();
    const call = /^(resource\.(?:name|type|service))\.(startsWith|endsWith)$/.exec(word);
    if (call !== null) {
      this.expect("(");
      const text = literal(this.next());
      this.expect(")");
      const value = this.text(call[1] ?? "");
      return call[2] === "startsWith" ? value.startsWith(text) : value.endsWith(text);
    }
    if (word === "request.time") return compare(this.subject.now, this.next(), this.time());
    return compare(this.text(word), this.equality(), literal(this.next()));
  }

  /** `timestamp("2026-01-01T00:00:00Z")` */
  private time(): number {
    this.expect("timestamp");
    this.expect("(");
    const time = Date.parse(literal(this.next()));
    this.expect(")");
    if (Number.isNaN(time)) throw new NotUnderstood();
    return time;
  }

  private equality(): string {
    const word = this.next();
    if (word !== "==" && word !== "!=") throw new NotUnderstood();
    return word;
  }

  private text(attribute: string): string {
    const { name, type, service } = described(this.subject.resource);
    if (attribute === "resource.name") return name;
    if (attribute === "resource.type") return type;
    if (attribute === "resource.service") return service;
    throw new NotUnderstood();
  }

  private next(): string {
    const word = this.words[this.position];
    if (word === undefined) throw new NotUnderstood();
    this.position += 1;
    return word;
  }

  private accept(word: string): boolean {
    if (this.words[this.position] !== word) return false;
    this.position += 1;
    return true;
  }

  private expect(word: string): void {
    if (!this.accept(word)) throw new NotUnderstood();
  }
}

function literal(word: string): string {
  if (!/^["']/.test(word)) throw new NotUnderstood();
  return word.slice(1, -1).replaceAll(/\\(.)/g, "$1");
}

function compare<T extends number | string>(left: T, operator: string, right: T): boolean {
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      throw new NotUnderstood();
  }
}

/** The resource in the words of conditions: buckets are named below the project `_`. */
function described(resource: string): { readonly name: string; readonly type: string; readonly service: string } {
  const bucketPart = /^buckets\/[^/]+(?:\/(objects|managedFolders)\/)?/.exec(resource);
  if (bucketPart === null) {
    const service = "cloudresourcemanager.googleapis.com";
    return { name: resource, type: `${service}/Project`, service };
  }
  const service = "storage.googleapis.com";
  const kind = bucketPart[1] === "objects" ? "Object" : bucketPart[1] === "managedFolders" ? "ManagedFolder" : "Bucket";
  return { name: `projects/_/${resource}`, type: `${service}/${kind}`, service };
}

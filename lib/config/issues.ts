import type { z } from "zod";
import type { Diagnostic } from "../diagnostics";
import { didYouMean, quote, quoteList } from "../model/suggest";

type Path = readonly PropertyKey[];

/** The keys that a mapping may have, by the mapping's path and the keys that it should not have: see `knownKey`. */
export type Known = Map<string, readonly string[]>;

/** Within a union a path begins at the union, so that it alone does not tell two mappings apart. */
export function knownKey(path: Path, unknown: readonly string[]): string {
  return JSON.stringify([path.map(String), unknown]);
}

/** A value as it stands in the file. */
export type Found =
  | { readonly kind: "nothing" | "empty" | "mapping" | "list" }
  | { readonly kind: "text" | "number" | "boolean"; readonly text: string };

/** A mistake before it is given its place: `path` is what is to blame. */
export interface Blamed extends Diagnostic {
  readonly path: Path;
}

/** `params` of the custom issues that our own checks add. */
export interface IssueParams {
  readonly rule: string;
  readonly repair?: string;
}

/** Nobody reads more unknown keys of one mapping than this, and a hostile one has a hundred thousand. */
const MAX_KEYS = 1000;

/** Puts a zod issue into the words of the file: what was found, what was expected, what to write. */
export function explainIssue(
  issue: z.core.$ZodIssue,
  base: Path,
  known: Known,
  found: (path: Path) => Found,
): readonly Blamed[] {
  const path = [...base, ...issue.path];
  const blame = (rule: string, what: string, detail?: string, at: Path = path): Blamed => ({
    severity: "error",
    summary: `${formatPath(path)}${what}`,
    ...(detail === undefined ? {} : { detail }),
    rule,
    path: at,
  });
  switch (issue.code) {
    case "unrecognized_keys": {
      const keys = known.get(knownKey(issue.path, issue.keys)) ?? [];
      const given = keys.length === 0 ? "No keys are known here." : `Known keys are ${quoteList(keys)}.`;
      const more = issue.keys.length - MAX_KEYS;
      return [
        ...issue.keys
          .slice(0, MAX_KEYS)
          .map((key) =>
            blame("schema/unknown-key", `unknown key ${quote(key)}`, didYouMean(key, keys) ?? given, [...path, key]),
          ),
        ...(more > 0 ? [blame("schema/unknown-key", `${more} more keys are unknown`, given)] : []),
      ];
    }
    case "invalid_type":
      return [explainType(issue.expected, found(path), blame, path.at(-1), known.get(knownKey(issue.path, [])))];
    case "invalid_value": {
      const value = found(path);
      return [blame("schema/value", `unknown value, found ${describe(value)}`, knownValues(issue.values, value))];
    }
    case "custom": {
      const { rule = "schema/value", repair } = (issue.params ?? {}) as Partial<IssueParams>;
      return [blame(rule, issue.message, repair)];
    }
    case "too_small":
    case "too_big":
      return [explainSize(issue, found(path), blame)];
    case "invalid_key":
      return issue.issues.flatMap((inner) => explainIssue({ ...inner, path: [] }, path, known, () => keyOf(path)));
    case "invalid_union": {
      const branch = closestBranch(issue.errors);
      if (branch !== undefined) return branch.flatMap((inner) => explainIssue(inner, path, known, found));
      return [blame("schema/type", `${issue.message || "no form of this value fits"}, found ${describe(found(path))}`)];
    }
    default:
      return [blame("schema/value", `${issue.message}, found ${describe(found(path))}`)];
  }
}

/** `groups[2].members[0]: `; nothing for the whole file. */
export function formatPath(path: Path): string {
  const text = path.reduce<string>((before, key) => {
    if (typeof key === "number") return `${before}[${key}]`;
    const name = String(key);
    const plain = /^[\w@/.+:-]+$/.test(name) && name.length <= 120 ? name : quote(name);
    return before === "" ? plain : `${before}.${plain}`;
  }, "");
  return text === "" ? "" : `${text}: `;
}

export function describe(found: Found): string {
  switch (found.kind) {
    case "nothing":
    case "empty":
      return "nothing";
    case "mapping":
      return "a mapping";
    case "list":
      return "a list";
    case "text":
      return `the text ${quote(found.text)}`;
    case "number":
    case "boolean":
      return `the ${found.kind} ${found.text.length > 120 ? `${found.text.slice(0, 117)}...` : found.text}`;
  }
}

/** The form of a union that a value was probably meant to have: the one whose mistakes lie inside, or whose values are listed. */
function closestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const isInside = (issues: readonly z.core.$ZodIssue[]) =>
    issues.length > 0 &&
    issues.every(({ code, path }) => path.length > 0 || (code !== "invalid_type" && code !== "invalid_value"));
  const inside = branches.find(isInside);
  const listed = branches.filter((issues) =>
    issues.some(({ code, path }) => code === "invalid_value" && path.length === 0),
  );
  return inside ?? (branches.length === 2 && listed.length === 1 && isBoolean(branches) ? listed[0] : undefined);
}

/** A boolean, or the text of one. */
function isBoolean(branches: readonly (readonly z.core.$ZodIssue[])[]): boolean {
  return branches.some((issues) =>
    issues.some((issue) => issue.code === "invalid_type" && issue.expected === "boolean"),
  );
}

/** A key that is to blame itself, and not what stands behind it. */
function keyOf(path: Path): Found {
  return { kind: "text", text: String(path.at(-1)) };
}

type Blame = (rule: string, what: string, detail?: string) => Blamed;

/** What quotes would make a text of. */
const BARE: ReadonlySet<string> = new Set(["boolean", "number", "int"]);

const EXPECTED: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function explainType(
  expected: string,
  found: Found,
  blame: Blame,
  key: PropertyKey | undefined,
  keys: readonly string[] | undefined,
): Blamed {
  if (found.kind === "nothing") return blame("schema/required", "is required", `Write "${String(key)}: ..." here.`);
  const wanted = EXPECTED[expected] ?? expected;
  if (found.kind === "empty") {
    return blame(
      "schema/type",
      `is left empty, expected ${wanted}`,
      "Write a value, or remove the key if it may be left out.",
    );
  }
  const what = `expected ${wanted}, found ${describe(found)}`;
  const repair =
    keys === undefined || keys.length === 0 ? repairType(expected, found) : `Its keys are ${quoteList(keys)}.`;
  return blame("schema/type", what, repair);
}

function knownValues(known: readonly unknown[], value: Found): string {
  const values = known.map(String);
  const text = "text" in value ? value.text : undefined;
  const old = text === undefined ? undefined : OLD_BOOLEANS.get(text.toLowerCase());
  const meant = old === undefined ? undefined : String(old);
  if (meant !== undefined && values.includes(meant)) return `Write ${quote(meant)}, in quotes.`;
  const [only] = known;
  if (known.length === 1 && typeof only !== "string") return `Write ${String(only)}, or remove the key.`;
  const hint = text === undefined ? undefined : didYouMean(text, values);
  return [hint, `Known values are ${quoteList(values)}.`].filter((part) => part !== undefined).join(" ");
}

const OLD_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["on", true],
  ["y", true],
  ["no", false],
  ["off", false],
  ["n", false],
]);

function repairType(expected: string, found: Found): string | undefined {
  if (expected === "string" && (found.kind === "number" || found.kind === "boolean")) {
    return `Without quotes YAML reads a ${found.kind}. Write ${quote(found.text)} in quotes.`;
  }
  if (expected === "boolean" && found.kind === "text") {
    const text = found.text.toLowerCase();
    const old = OLD_BOOLEANS.get(text);
    if (old !== undefined) return `YAML 1.2 reads this as text, older YAML as a boolean. Write ${old}.`;
    if (text === "true" || text === "false") return `Write ${text}, without quotes.`;
  }
  if ((expected === "number" || expected === "int") && found.kind === "text" && /^-?\d+$/.test(found.text)) {
    return `Write ${found.text}, without quotes.`;
  }
  if (expected === "array" && found.kind === "text") {
    return `A list has one line for each entry: "- " and then ${quote(found.text)}.`;
  }
  if (expected === "array") return 'A list has one line for each entry, which begins with "- ".';
  if (expected === "record") return 'A mapping has one line for each entry: "KEY: VALUE".';
  const wanted = EXPECTED[expected];
  return wanted === undefined
    ? undefined
    : `Write ${expected === "string" ? "one text" : wanted} here${BARE.has(expected) ? ", without quotes" : ""}.`;
}

function explainSize(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall, found: Found, blame: Blame): Blamed {
  const [bound, limit] = issue.code === "too_big" ? ["at most", issue.maximum] : ["at least", issue.minimum];
  switch (issue.origin) {
    case "string":
      return blame(
        "schema/size",
        limit === 1 ? "is empty" : `expected ${bound} ${limit} characters, found ${describe(found)}`,
      );
    case "array":
      return blame("schema/size", `expected ${bound} ${limit} ${limit === 1 ? "entry" : "entries"}`);
    default: {
      const beyond = issue.code === "too_big" ? "less than" : "more than";
      return blame(
        "schema/size",
        `expected ${issue.inclusive === false ? beyond : bound} ${limit}, found ${describe(found)}`,
      );
    }
  }
}

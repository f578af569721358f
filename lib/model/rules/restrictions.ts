import { RE2JS } from "re2js";
import { compileGlob, type PathMatcher } from "../glob";
import type { Restriction } from "../groups";
import type { Problem } from "../problem";
import { quote } from "../suggest";

const MAX_EXPRESSION_LENGTH = 1000;

/** What all expressions of a file may cost together: a second or two. One step is an instruction times a character. */
const MAX_STEPS = 200_000_000;

/** What compiling costs, measured in steps: for a character of the expression, and for an instruction it becomes. */
const STEPS_PER_CHARACTER = 1000;
const STEPS_PER_INSTRUCTION = 500;
const STEPS_PER_GLOB = 20_000;

/** Whether an expression of `allowedGroups` matches an address. */
type AddressMatcher = (email: string) => boolean;

/** A restriction, ready to be asked about many groups. */
export interface CompiledRestriction {
  readonly restriction: Restriction;
  readonly matchesPath: PathMatcher;
  readonly allows: AddressMatcher;

  /** What is wrong with its path, which then matches no file, and with its expressions, which then allow nothing. */
  readonly problems: readonly { readonly path: readonly PropertyKey[]; readonly problem: Problem }[];
}

/** What compiling and matching have cost so far. Once it is spent, nothing more is matched, and nothing more allowed. */
export class Effort {
  private left = MAX_STEPS;

  get isSpent(): boolean {
    return this.left <= 0;
  }

  spend(steps: number): boolean {
    this.left -= steps;
    return !this.isSpent;
  }
}

export function compileRestrictions(
  restrictions: readonly Restriction[],
  effort = new Effort(),
): readonly CompiledRestriction[] {
  return restrictions.map((restriction) => {
    const matchesPath = compilePath(restriction.path, effort);
    const compiled = restriction.allowedGroups.map((expression) => compileExpression(expression, effort));
    const matchers = compiled.filter((each) => typeof each === "function");
    const inPath = typeof matchesPath === "function" ? [] : [{ path: ["path"], problem: matchesPath }];
    const inExpressions = compiled.flatMap((each, index) =>
      typeof each === "function" ? [] : [{ path: ["allowedGroups", index], problem: each }],
    );
    return {
      restriction,
      matchesPath: typeof matchesPath === "function" ? matchesPath : () => false,
      allows: (email) => matchers.some((matches) => matches(email)),
      problems: [...inPath, ...inExpressions],
    };
  });
}

/** The entry that decides about a file: the first whose path matches. Without one, everything is allowed. */
export function restrictionFor(
  restrictions: readonly CompiledRestriction[],
  path: string,
): CompiledRestriction | undefined {
  return restrictions.find(({ matchesPath }) => matchesPath(path));
}

/** Whether the `groups.yaml` at `path`, relative to the groups folder, may declare a group with this address. */
export function groupIsAllowed(restrictions: readonly Restriction[], path: string, email: string): boolean {
  return restrictionFor(compileRestrictions(restrictions), path)?.allows(email) ?? true;
}

function compilePath(glob: string, effort: Effort): PathMatcher | Problem {
  const rule = "restriction/path";
  const isPlain = !/[*?[{\\]/.test(glob);
  if (!isPlain && !effort.spend(STEPS_PER_GLOB)) return { what: "the path was not looked at", rule };
  const compiled = compileGlob(glob);
  if (typeof compiled === "function") return compiled;
  return { ...compiled, what: `${quote(glob)} is not a glob: ${compiled.what}`, rule };
}

/**
 * As in Go, an expression matches anywhere in the address unless it is anchored. Almost all of them are one address
 * between `^` and `$`, with dots that stand for any character: those are compared directly. RE2, which has neither back
 * references nor look-around, matches the others in time linear in the address.
 */
function compileExpression(expression: string, effort: Effort): AddressMatcher | Problem {
  const literal = /^\^((?:[\w@/-]|\\[.-]|\.)*)\$$/.exec(expression)?.[1];
  if (literal !== undefined) return literalMatcher(literal);
  const rule = "restriction/expression";
  const { length } = expression;
  if (length > MAX_EXPRESSION_LENGTH) {
    return { what: `the expression has ${length} characters, at most ${MAX_EXPRESSION_LENGTH} are allowed`, rule };
  }
  if (!effort.spend(length * STEPS_PER_CHARACTER)) return { what: "the expression was not looked at", rule };
  try {
    const compiled = RE2JS.compile(expression);
    const size = compiled.programSize();
    effort.spend(size * STEPS_PER_INSTRUCTION);
    return (email) => effort.spend(size * email.length) && compiled.matcher(email).find();
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, "");
    const repair = "RE2 knows no look-around, no back references and at most 1,000 repetitions.";
    return { what: `${quote(expression)} is not an RE2 regular expression: ${reason}`, repair, rule };
  }
}

function literalMatcher(literal: string): AddressMatcher {
  const characters = literal.match(/\\.|./g) ?? [];
  const wanted = characters.map((character) => (character === "." ? undefined : character.replace("\\", "")));
  return (email) =>
    email.length === wanted.length && wanted.every((each, at) => each === undefined || each === email[at]);
}

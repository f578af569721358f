import { RE2JS } from "re2js";
import { compileGlob, type PathMatcher } from "../glob";
import type { Restriction } from "../groups";
import type { Problem } from "../problem";
import { quote } from "../suggest";

const MAX_EXPRESSION_LENGTH = 1000;

/** Whether an expression of `allowedGroups` matches an address. */
type AddressMatcher = (email: string) => boolean;

/** A restriction, ready to be asked about many groups. Matching takes linear time, whatever its expressions are. */
export interface CompiledRestriction {
  readonly restriction: Restriction;
  readonly matchesPath: PathMatcher;
  readonly allows: AddressMatcher;
}

/** Compiles restrictions; those with a mistake that `globProblem` or `expressionProblem` names match nothing. */
export function compileRestrictions(restrictions: readonly Restriction[]): readonly CompiledRestriction[] {
  return restrictions.map((restriction) => ({
    restriction,
    matchesPath: compileGlob(restriction.path) ?? (() => false),
    allows: anyOf(restriction.allowedGroups.map(orNothing)),
  }));
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

export function globProblem(glob: string): Problem | undefined {
  if (compileGlob(glob) !== undefined) return undefined;
  return { what: `${quote(glob)} is not a glob: a bracket or brace is not closed`, rule: "restriction/path" };
}

/** RE2 has no back references and no look-around; what it does have, it matches in linear time. */
export function expressionProblem(expression: string): Problem | undefined {
  const rule = "restriction/expression";
  if (expression.length > MAX_EXPRESSION_LENGTH) {
    return { what: `the expression has ${expression.length} characters, at most ${MAX_EXPRESSION_LENGTH}`, rule };
  }
  try {
    compileExpression(expression);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { what: `${quote(expression)} is not an RE2 regular expression: ${reason}`, rule };
  }
}

/**
 * As in Go, an expression matches anywhere in the address unless it is anchored. Almost all of them are one address
 * between `^` and `$`, with dots that stand for any character: those are compared directly.
 */
function compileExpression(expression: string): AddressMatcher {
  const literal = /^\^((?:[\w@/-]|\\[.-]|\.)*)\$$/.exec(expression)?.[1];
  if (literal !== undefined) {
    const characters = literal.match(/\\.|./g) ?? [];
    const wanted = characters.map((character) => (character === "." ? undefined : character.replace("\\", "")));
    return (email) =>
      email.length === wanted.length && wanted.every((each, at) => each === undefined || each === email[at]);
  }
  const compiled = RE2JS.compile(expression);
  return (email) => compiled.matcher(email).find();
}

/** `expressionProblem` has told about a mistake by now; it must not let anything through. */
function orNothing(expression: string): AddressMatcher {
  return expressionProblem(expression) === undefined ? compileExpression(expression) : () => false;
}

function anyOf(matchers: readonly AddressMatcher[]): AddressMatcher {
  return (email) => matchers.some((matches) => matches(email));
}

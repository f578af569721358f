import type { Check } from "../model/problem";
import { UsageError } from "./usage-error";

/** An address that is given by a flag, or else by a variable of the environment; refused before anything is tried with it. */
export function addressOf(
  flag: string,
  given: string | undefined,
  check: Check,
  variable?: string,
): string | undefined {
  const fromEnvironment = variable === undefined ? undefined : process.env[variable] || undefined;
  const address = given ?? fromEnvironment;
  const problem = address === undefined ? undefined : check(address);
  if (problem === undefined) return address;
  const repair = problem.repair === undefined ? "" : `. ${problem.repair}`;
  throw new UsageError(`${given === undefined ? variable : flag}: ${problem.what}${repair}`);
}

import { READING } from "../groups/apply-group";
import { applyGroups } from "../groups/apply-groups";
import { desiredGroup } from "../groups/desired-group";
import type { GroupResult } from "../groups/group-result";
import type { UnreadGroup } from "../groups/review-groups";
import { stepTitle } from "../groups/steps";
import { ExitCode } from "./exit-codes";
import { count } from "./format";
import { diffGroups } from "./groups-diff";
import { connect, type GroupsOptions, readEstate, selectGroups } from "./groups-options";
import { groupsProgress } from "./groups-progress";
import { isCutOff, unreadLines } from "./unread-groups";

export interface ApplyOptions extends GroupsOptions {
  readonly confirm?: boolean;
}

/** Brings live groups into their declared form. Without `--confirm`, shows what that would change. */
export async function applyDeclared(asked: readonly string[], options: ApplyOptions): Promise<ExitCode> {
  if (!options.confirm) {
    const code = await diffGroups(asked, options);
    if (code === ExitCode.failed && !options.json)
      process.stdout.write("Nothing was changed. Run again with --confirm to apply.\n");
    return code;
  }
  const chosen = selectGroups(readEstate(options).groups, asked);
  const { session, identity } = await connect(options);
  const progress = groupsProgress("done", chosen.length);
  const results = await applyGroups(session, chosen.map(desiredGroup), { onResult: () => progress.add() });
  progress.stop();

  const failed = results.filter(({ outcome }) => outcome === "failed");
  const isUnread = ({ failures }: GroupResult) => failures.some(({ step }) => step === READING);
  const isIdle = results.length > 0 && results.every(isUnread);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ ok: failed.length === 0, identity, groups: results.map(document) }, null, 2)}\n`,
    );
  } else {
    process.stdout.write(report(results, isIdle));
    if (isIdle) process.stderr.write(`asked as: ${identity}\n`);
  }
  if (isIdle && isCutOff(results.flatMap(failuresOf))) return ExitCode.couldNotRun;
  return failed.length > 0 ? ExitCode.failed : ExitCode.ok;
}

function document({ email, outcome, taken, failures }: GroupResult): object {
  return { email, outcome, taken, failures: failures.map(({ step, message }) => ({ step, message })) };
}

function report(results: readonly GroupResult[], isIdle: boolean): string {
  const number = (outcome: GroupResult["outcome"]) => results.filter((result) => result.outcome === outcome).length;
  const lines = [
    ...(isIdle
      ? unreadLines(results.flatMap(failuresOf), results.length).map((line) => `error: ${line}`)
      : results.flatMap(linesOf)),
    `${count(number("changed"), "group")} changed, ${number("unchanged")} as declared already, ${number("failed")} failed`,
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf(result: GroupResult): readonly string[] {
  const { email, taken } = result;
  return [
    ...(taken.length > 0 ? [email, ...taken.map((step) => `    ${stepTitle(step)}`)] : []),
    ...failuresOf(result).map(({ message }) => `error: ${email}: ${message}`),
  ];
}

function failuresOf({ email, failures }: GroupResult): readonly UnreadGroup[] {
  return failures.map(({ step, message, answered }) => ({ email, message: `could not ${step}: ${message}`, answered }));
}

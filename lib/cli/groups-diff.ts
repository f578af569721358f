import { desiredGroup } from "../groups/desired-group";
import { formatReview } from "../groups/review";
import { isReview, isUnread, type ReviewOutcome, reviewGroups, undeclaredGroups } from "../groups/review-groups";
import { ExitCode } from "./exit-codes";
import { count } from "./format";
import { connect, type GroupsOptions, readEstate, selectGroups } from "./groups-options";
import { groupsProgress } from "./groups-progress";
import { isCutOff, unreadLines } from "./unread-groups";

/** Compares declared groups with the live ones. */
export async function diffGroups(asked: readonly string[], options: GroupsOptions): Promise<ExitCode> {
  const { groups, groupsConfig } = readEstate(options);
  const chosen = selectGroups(groups, asked);
  const { session, identity } = await connect(options);
  const progress = groupsProgress("compared", chosen.length);
  const outcomes = await reviewGroups(session, chosen.map(desiredGroup), () => progress.add());
  progress.stop();

  const unread = outcomes.filter(isUnread);
  const differing = outcomes.filter(isReview).filter(({ steps }) => steps.length > 0);
  // Of some groups only, nobody asked what else there is.
  const undeclared =
    asked.length > 0 || unread.length === outcomes.length
      ? []
      : await undeclaredGroups(
          session,
          groupsConfig.domains,
          groups.map(({ email }) => email),
        ).catch(() => undefined);

  if (options.json) {
    const ok = unread.length === 0 && differing.length === 0;
    process.stdout.write(
      `${JSON.stringify({ ok, identity, groups: outcomes, undeclared: undeclared ?? null }, null, 2)}\n`,
    );
  } else {
    process.stdout.write(report(outcomes, undeclared));
    if (unread.length > 0 && unread.length === outcomes.length) process.stderr.write(`asked as: ${identity}\n`);
  }
  if (isCutOff(outcomes)) return ExitCode.couldNotRun;
  return unread.length > 0 || differing.length > 0 ? ExitCode.failed : ExitCode.ok;
}

function report(outcomes: readonly ReviewOutcome[], undeclared: readonly string[] | undefined): string {
  const reviews = outcomes.filter(isReview);
  const unread = outcomes.filter(isUnread);
  const differing = reviews.filter(({ steps }) => steps.length > 0);
  const retired = reviews.filter((review) => review.retired !== undefined).length;
  const risky = differing.filter(({ risks }) => risks.length > 0).length;
  const lines = [
    ...differing.flatMap((review) => [...formatReview(review), ""]),
    ...unreadLines(unread, outcomes.length).map((line) => `error: ${line}`),
    ...(undeclared ?? []).map((email) => `warning: ${email}: a live group that nothing declares; it is left alone`),
    ...(undeclared === undefined ? ["warning: live groups that nothing declares could not be listed"] : []),
    [
      `${count(reviews.length - differing.length, "group")} as declared`,
      `${differing.length} to change${risky > 0 ? ` (${risky} with risks, marked !)` : ""}`,
      ...(retired > 0 ? [`${retired} of them retired`] : []),
      ...(unread.length > 0 ? [`${unread.length} not readable`] : []),
    ].join(", "),
  ];
  return `${lines.join("\n")}\n`;
}

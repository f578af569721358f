import { readLayout } from "../../config/layout";
import { loadEstate } from "../../config/load";
import { desiredGroup } from "../../groups/desired-group";
import { formatReview, type GroupReview } from "../../groups/review";
import { isReview, isUnread, reviewGroups } from "../../groups/review-groups";
import { groupKey } from "../../model/address-keys";
import { ExitCode } from "../exit-codes";
import { count } from "../format";
import { connect, type GroupsOptions } from "../groups-options";
import { groupsProgress } from "../groups-progress";
import { isCutOff, unreadLines } from "../unread-groups";
import { validApartFromManifests } from "../valid-estate";
import { next, section } from "./report";
import { writeAdoption } from "./write-adoption";

const STACK = "groups";

/** Import blocks for the declared groups that exist: without them, a plan calls each of them new. */
export async function adoptGroups(options: GroupsOptions & { readonly dryRun?: boolean }): Promise<ExitCode> {
  const layout = readLayout(options);
  const estate = validApartFromManifests(loadEstate(layout));
  if (estate === undefined) return ExitCode.usage;
  const { groups, defaults } = estate;
  const { session, identity } = await connect(options);
  const progress = groupsProgress("looked at", groups.length);
  const outcomes = await reviewGroups(session, groups.map(desiredGroup), () => progress.add());
  progress.stop();

  const obstacles = unreadLines(outcomes.filter(isUnread), outcomes.length);
  const reviews = outcomes.filter(isReview);
  const existing = reviews.filter(({ exists }) => exists);
  const toCreate = reviews.filter(({ exists, retired }) => !exists && retired !== "deleted").map(({ email }) => email);
  const imports = Object.fromEntries(
    existing.map(({ email }) => [`artifacts_group.${groupKey(email, defaults.domain)}`, email]),
  );
  const written = writeAdoption(
    layout,
    { subject: "the declared Google Groups", stack: STACK, imports },
    !options.dryRun && obstacles.length === 0,
  );
  if (options.json) {
    const found = {
      identity,
      stack: STACK,
      file: written.file,
      written: written.isWritten,
      imports,
      toCreate,
      groups: reviews,
      obstacles,
    };
    process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  } else {
    if (obstacles.length === 0) process.stdout.write(written.diff);
    process.stdout.write(report(existing, toCreate, obstacles, written.isWritten));
  }
  if (outcomes.length > 0 && reviews.length === 0) process.stderr.write(`asked as: ${identity}\n`);
  if (isCutOff(outcomes)) return ExitCode.couldNotRun;
  return obstacles.length > 0 ? ExitCode.failed : ExitCode.ok;
}

function report(
  existing: readonly GroupReview[],
  toCreate: readonly string[],
  obstacles: readonly string[],
  isWritten: boolean,
): string {
  const differing = existing.filter(({ steps }) => steps.length > 0);
  return [
    "",
    `${count(existing.length, "existing group")} to take over, ${existing.length - differing.length} of them as declared`,
    ...section("In the way:", obstacles),
    ...section("Will be made, as it does not exist:", toCreate),
    ...section("Will be changed:", differing.flatMap(formatReview)),
    "",
    next(STACK, obstacles.length > 0, isWritten),
    "",
  ].join("\n");
}

import type { Estate } from "../model/estate";
import { longestStagingName, shorterName, stagingGroupAddress } from "../model/staging-names";
import { quote } from "../model/suggest";

/** Why a new subproject can't have this name, each with a way out. Empty when it can. */
export function nameProblems(name: string, bucket: string | undefined, estate: Estate): readonly string[] {
  const { defaults } = estate;
  const limit = longestStagingName(defaults.stagingPrefix);
  const problems: string[] = [];
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    problems.push(
      `name ${quote(name)}: only lower-case letters, digits and inner hyphens may stand in a project id. ${suggest(name, limit, estate)}`,
    );
  }
  if (name.length > limit) {
    problems.push(
      `name ${quote(name)}: has ${name.length} characters, and ${defaults.stagingPrefix}<name> leaves room for ${limit}. ${suggest(name, limit, estate)}`,
    );
  }
  if (name.startsWith(defaults.stagingPrefix)) {
    problems.push(`name ${quote(name)}: is a project id; give the part behind ${quote(defaults.stagingPrefix)}.`);
  }
  return [...problems, ...takenProblems(name, bucket, estate)];
}

function takenProblems(name: string, bucket: string | undefined, estate: Estate): readonly string[] {
  const { defaults } = estate;
  const projectId = defaults.stagingPrefix + name;
  const email = stagingGroupAddress(name, defaults.groupPrefix, defaults.domain);
  const limit = longestStagingName(defaults.stagingPrefix);
  const problems: string[] = [];
  const project = estate.projects.find((each) => each.projectId === projectId);
  if (project !== undefined) {
    problems.push(
      `name ${quote(name)}: ${projectId} stands in ${project.at.file}:${project.at.line} already. ${suggest(`${name}-2`, limit, estate)}`,
    );
  }
  const group = estate.groups.find((each) => each.email === email);
  if (group !== undefined) {
    problems.push(`name ${quote(name)}: the group ${email} is declared in ${group.file}:${group.at.line} already.`);
  }
  const directory = estate.filestores.find((each) => each.name === projectId);
  if (directory !== undefined) problems.push(`name ${quote(name)}: ${directory.file} exists already.`);
  const wanted = bucket ?? projectId;
  const owner = estate.staging.find((each) => each.bucket === wanted || each.gcbBucket === wanted);
  if (owner !== undefined && owner.projectId !== projectId) {
    problems.push(`bucket ${quote(wanted)}: belongs to ${owner.projectId}. Choose another with --bucket.`);
  }
  return problems;
}

/** A name that could be had, made from the one that can't. */
function suggest(name: string, limit: number, estate: Estate): string {
  const clean = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (clean === "") return 'Choose a name such as "kops".';
  const taken = new Set(estate.projects.map(({ projectId }) => projectId));
  const short = shorterName(clean, limit);
  const candidates = [short, ...[2, 3, 4, 5].map((n) => `${shorterName(clean, limit - 2)}-${n}`)];
  const free = candidates.find((each) => !taken.has(estate.defaults.stagingPrefix + each));
  return free === undefined ? "" : `Use ${quote(free)}, for example.`;
}

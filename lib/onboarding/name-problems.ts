import { bucketOwner } from "../model/bucket-owners";
import type { Estate } from "../model/estate";
import { bucketNameProblem, projectIdProblem, repositoryProblem } from "../model/gcp-names";
import { longestStagingName, shorterName, stagingGroupAddress } from "../model/staging-names";
import { quote } from "../model/suggest";

/**
 * Why a new subproject can't have this name; the last sentence is a name that it could have. Empty when it can. With a
 * bucket of its own the project's id need not be a free bucket name.
 */
export function nameProblems(name: string, bucket: string | undefined, estate: Estate): readonly string[] {
  const problems = [...spellingProblems(name, estate), ...takenProblems(name, bucket, estate)];
  if (problems.length === 0) return [];
  const way = problems.some((problem) => problem.includes("--bucket"))
    ? `Choose another with --bucket, or another name: ${quote(freeName(name, estate))}, for example.`
    : `Use ${quote(freeName(name, estate))}, for example.`;
  return [...problems.slice(0, -1), `${problems.at(-1)} ${way}`];
}

function spellingProblems(name: string, { defaults }: Estate): readonly string[] {
  const { stagingPrefix } = defaults;
  const limit = longestStagingName(stagingPrefix);
  const said = bareName(name, defaults);
  if (said !== name && said !== "") {
    return [`name ${quote(name)}: give only the name of the subproject, what stands behind ${quote(stagingPrefix)}.`];
  }
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    return [`name ${quote(name)}: only lower-case letters, digits and inner hyphens may stand in a project id.`];
  }
  if (name.length > limit) {
    return [`name ${quote(name)}: has ${name.length} characters, and ${stagingPrefix}<name> leaves room for ${limit}.`];
  }
  const id = stagingPrefix + name;
  // In defaults.yaml a registry without a repository stands for one that is named like its project.
  const repository = defaults.staging.registry?.repository === "" ? repositoryProblem(name) : undefined;
  const problem = projectIdProblem(id) ?? bucketNameProblem(id) ?? repository;
  return problem === undefined ? [] : [`name ${quote(name)}: ${problem.what}.`];
}

function takenProblems(name: string, bucket: string | undefined, estate: Estate): readonly string[] {
  const { defaults } = estate;
  const projectId = defaults.stagingPrefix + name;
  const email = stagingGroupAddress(name, defaults.groupPrefix, defaults.domain);
  const problems: string[] = [];
  const project = estate.projects.find((each) => each.projectId === projectId);
  if (project !== undefined) {
    problems.push(`name ${quote(name)}: ${projectId} stands in ${project.at.file}:${project.at.line} already.`);
  }
  const group = estate.groups.find((each) => each.email === email);
  if (group !== undefined) {
    problems.push(`name ${quote(name)}: the group ${email} is declared in ${group.file}:${group.at.line} already.`);
  }
  const directory = estate.filestores.find((each) => each.name === projectId);
  if (directory !== undefined) problems.push(`name ${quote(name)}: ${directory.file} exists already.`);
  const manifest = estate.manifests.find((each) => each.directory === projectId);
  if (manifest !== undefined) problems.push(`name ${quote(name)}: ${manifest.file} exists already.`);
  if (bucket !== undefined || problems.length > 0) return problems;
  const owner = [projectId, `${projectId}-gcb`].map((each) => [each, bucketOwner(each, estate)] as const);
  for (const [each, whose] of owner) {
    if (whose !== undefined)
      problems.push(`name ${quote(name)}: its bucket ${quote(each)} belongs to ${whose} (--bucket).`);
  }
  return problems;
}

/** What was probably meant: the name out of an id, a bucket's URL, a group's address or a person's. */
function bareName(name: string, { stagingPrefix, groupPrefix }: Estate["defaults"]): string {
  const trimmed = name.trim();
  const words = trimmed.replace(/^[a-z0-9]+:\/\//i, "");
  const local = words.replace(/@.*$/s, "");
  const prefix = [stagingPrefix, groupPrefix].find((each) => local.toLowerCase().startsWith(each));
  if (prefix !== undefined) return local.slice(prefix.length).replace(/\/.*$/s, "");
  return local === trimmed ? name : local;
}

/** A name that could be had, made from the one that can't. */
function freeName(name: string, estate: Estate): string {
  const limit = longestStagingName(estate.defaults.stagingPrefix);
  const clean = hyphenated(bareName(name, estate.defaults));
  const plain = hyphenated(clean.replaceAll(/g[o0]{2}g(le)?|ssl|null|undefined|www/g, "-"));
  const stems = [clean, plain, ...(plain === "" ? [] : [`team-${plain}`]), "tool"].filter(
    (stem) => /^[a-z0-9]/.test(stem) && stem.length > 0,
  );
  for (const stem of stems) {
    for (const end of ["", ..."23456789".split("").map((n) => `-${n}`)]) {
      const candidate = hyphenated(readable(stem, limit - end.length)) + end;
      if (spellingProblems(candidate, estate).length + takenProblems(candidate, undefined, estate).length === 0) {
        return candidate;
      }
    }
  }
  return `tool-${estate.projects.length}`;
}

/** Whole words from the front, as long as they are the better half of what fits; else their beginnings. */
function readable(stem: string, limit: number): string {
  if (stem.length <= limit) return stem;
  let whole = "";
  for (const word of stem.split("-")) {
    const next = whole === "" ? word : `${whole}-${word}`;
    if (next.length > limit) break;
    whole = next;
  }
  return whole.length > limit / 2 ? whole : shorterName(stem, limit);
}

function hyphenated(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

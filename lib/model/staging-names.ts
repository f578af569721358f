/** https://cloud.google.com/resource-manager/docs/creating-managing-projects#before_you_begin */
const MAX_PROJECT_ID_LENGTH = 30;

/** The part after the staging prefix, or undefined when the project is not named like a staging project. */
export function stagingName(projectId: string, stagingPrefix: string): string | undefined {
  if (!projectId.startsWith(stagingPrefix) || projectId.length === stagingPrefix.length) return undefined;
  return projectId.slice(stagingPrefix.length);
}

/** Of project ids, or of directories named like them, the one that a person means who may leave the staging prefix out. */
export function meantId(asked: string, ids: readonly string[], stagingPrefix: string): string | undefined {
  return [asked, stagingPrefix + asked].find((id) => ids.includes(id));
}

/** The project that a person names by its id or its staging name. */
export function meantProject<Project extends { readonly projectId: string }>(
  asked: string,
  projects: readonly Project[],
  stagingPrefix: string,
): Project | undefined {
  const ids = projects.map(({ projectId }) => projectId);
  const meant = meantId(asked, ids, stagingPrefix);
  return projects.find(({ projectId }) => projectId === meant);
}

/** The longest staging name that a prefix leaves room for in a project id: 18 characters behind `k8s-staging-`. */
export function longestStagingName(stagingPrefix: string): number {
  return MAX_PROJECT_ID_LENGTH - stagingPrefix.length;
}

export function stagingGroupAddress(name: string, groupPrefix: string, domain: string): string {
  return `${groupPrefix}${name}@${domain}`;
}

/**
 * A name of at most `limit` characters that a person could have chosen: whole words as long as they fit, else their
 * beginnings. Never empty, never ends with a hyphen.
 */
export function shorterName(name: string, limit: number): string {
  const words = name.split("-").filter((word) => word !== "");
  let room = limit - Math.max(0, words.length - 1);
  if (room < words.length) return trimHyphens(name.slice(0, limit)) || name.slice(0, limit);
  const lengths = words.map(({ length }) => length);
  for (let total = sum(lengths); total > room; total--) {
    const longest = lengths.lastIndexOf(Math.max(...lengths));
    lengths[longest] = (lengths[longest] ?? 1) - 1;
  }
  room -= sum(lengths);
  return words.map((word, index) => word.slice(0, lengths[index])).join("-");
}

function trimHyphens(text: string): string {
  return text.replace(/^-+|-+$/g, "");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

import { bucketOwner, bucketOwners, destinationOwner, reservedHost } from "../model/bucket-owners";
import type { Estate } from "../model/estate";
import { baseProblem, parseBase } from "../model/filestore-base";
import { bucketNameProblem } from "../model/gcp-names";
import { emailProblem } from "../model/principals";
import { stagingGroupAddress } from "../model/staging-names";
import { editDistance, nearest, quote } from "../model/suggest";
import type { OnboardRequest } from "./onboard-plan";
import { EditRefused } from "./plan-types";
import { repositoryProblems } from "./repository-problems";
import { freeDestination, overlappingDirectory } from "./usual-destination";

/** Whether a folder below groups/ has a groups.yaml, with groups or without. @throws EditRefused where none may stand. */
export type HasGroupsFile = (folder: string) => boolean;

/**
 * What is wrong with the answers and flags of an onboarding, before any file is thought of: each sentence names the flag,
 * and ends in something that it could be.
 */
export function flagProblems(
  request: OnboardRequest,
  estate: Estate,
  hasGroupsFile?: HasGroupsFile,
): readonly string[] {
  return [
    ...folderProblems(request.groupFolder, estate, hasGroupsFile),
    ...memberProblems(request.members, request.name, estate),
    ...approverProblems(request.approvers),
    ...sourcePathProblems(request.sourcePath),
    ...destinationProblems(request, estate),
    ...sharedProblems(request, estate),
    ...(request.bucket === undefined ? [] : bucketProblems(request.bucket, request.name, estate)),
    ...(request.repository === undefined ? [] : repositoryProblems(request.repository, request.name)),
  ];
}

export function folderProblems(
  folder: string,
  { groups }: Estate,
  hasGroupsFile: HasGroupsFile = () => false,
): readonly string[] {
  const known = [...new Set(groups.map(({ file }) => file.split("/").slice(1, -1).join("/")))].filter(Boolean).sort();
  let what = "expected the name of a folder below groups/";
  if (known.includes(folder) || /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/.test(folder)) {
    const isFile = /\.ya?ml(\/|$)/.test(folder);
    const isTwice = folder.startsWith("groups/");
    try {
      if (!isFile && !isTwice) return hasGroupsFile(folder) ? [] : mistypedFolder(folder, known);
    } catch (error) {
      if (!(error instanceof EditRefused)) throw error;
      what = `${error.file}: ${error.what}`;
    }
  }
  const plain = folder
    .toLowerCase()
    .split("/")
    .map((part) => part.replace(/[^a-z0-9_-]+/g, "-").replace(/^-+|-+$/g, ""))
    .filter((part) => part !== "" && part !== "groups" && part !== "groups-yaml");
  const meant =
    nearest(plain.join("/"), known) ?? plain.find((part) => known.includes(part)) ?? known[0] ?? "sig-tools";
  return [`--group-folder ${quote(folder)}: ${what}. Use ${quote(meant)}, for example.`];
}

/** A new folder is fine; one that differs from another by a slip would declare groups where nobody looks for them. */
function mistypedFolder(folder: string, known: readonly string[]): readonly string[] {
  const meant = known.includes(folder) ? undefined : known.find((each) => editDistance(folder, each) === 1);
  if (meant === undefined) return [];
  return [
    `--group-folder ${quote(folder)}: there is no such folder. Use ${quote(meant)}, or begin the new one by hand: its groups.yaml with a first group.`,
  ];
}

export function memberProblems(members: readonly string[], name: string, { defaults }: Estate): readonly string[] {
  const example = `name@${defaults.domain}`;
  const own = stagingGroupAddress(name, defaults.groupPrefix, defaults.domain).toLowerCase();
  if (members.length === 0)
    return [`--member: needs an address, or nobody could push. Give one such as ${quote(example)}.`];
  const seen = new Set<string>();
  return members.flatMap((member) => {
    const problem = emailProblem(member);
    if (problem !== undefined) {
      const local = member
        .normalize("NFKD")
        .replace(/@.*$/s, "")
        .replaceAll(/[^\w.-]/g, "")
        .replaceAll(/^[.]+|[.]+$|[.](?=[.])/g, "");
      // An address to write, not half of one.
      const meant =
        /^Write "([^"]+)"\.$/.exec(problem.repair ?? "")?.[1] ?? `${local === "" ? "name" : local}@${defaults.domain}`;
      const repair = `Write ${quote(emailProblem(meant) === undefined ? meant : example)}, for example.`;
      return [`--member ${problem.what}. ${repair}`];
    }
    if (member.toLowerCase() === own) {
      return [`--member ${quote(member)}: is the group itself. Give the people who push, such as ${quote(example)}.`];
    }
    const isTwice = seen.has(member.toLowerCase());
    seen.add(member.toLowerCase());
    return isTwice ? [`--member ${quote(member)}: stands twice. Give it once.`] : [];
  });
}

export function approverProblems(approvers: readonly string[]): readonly string[] {
  if (approvers.length === 0) return ['--approver: needs a login, or nobody could approve. Give one such as "ana".'];
  const seen = new Set<string>();
  return approvers.flatMap((login) => {
    if (!/^[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?$/i.test(login)) {
      const bare = login
        .replace(/\/+$/, "")
        .replace(/^.*\//s, "")
        .replace(/^([^@]+)@.*$/s, "$1")
        .replaceAll(/[^a-z0-9._-]/gi, "")
        .replaceAll(/^[._-]+|[._-]+$/g, "");
      const meant = bare === "" ? "ana" : bare;
      return [`--approver ${quote(login)}: expected a login of the code host. Use ${quote(meant)}, for example.`];
    }
    const isTwice = seen.has(login.toLowerCase());
    seen.add(login.toLowerCase());
    return isTwice ? [`--approver ${quote(login)}: stands twice. Give it once.`] : [];
  });
}

function sourcePathProblems(path: string): readonly string[] {
  if (path === "" || /^(?!\.{1,2}(\/|$))[\w.+-]+(\/(?!\.{1,2}(\/|$))[\w.+-]+)*$/.test(path)) return [];
  return [`--source-path ${quote(path)}: expected folders below the staging bucket. Use "releases", for example.`];
}

function destinationProblems({ destinations, name, bucket }: OnboardRequest, estate: Estate): readonly string[] {
  const own = bucket ?? estate.defaults.stagingPrefix + name;
  const owners = new Map([[own, name], [`${own}-gcb`, name], ...bucketOwners(estate)]);
  const way = () => {
    const free = freeDestination(name, estate)?.base;
    return free === undefined ? "" : ` Use ${quote(free)}, for example.`;
  };
  const seen: string[] = [];
  return destinations.flatMap((text) => {
    const problem =
      baseProblem(text) ?? (/[\s#]/.test(text) ? { what: `${quote(text)} holds spaces or "#"` } : undefined);
    const base = parseBase(text);
    if (problem !== undefined || base === undefined) return [`--destination ${problem?.what ?? quote(text)}.${way()}`];
    const key = `${base.scheme}://${base.bucket}/${base.prefix}`;
    const other = seen.find((each) => each.startsWith(key) || key.startsWith(each));
    seen.push(key);
    if (other !== undefined)
      return [`--destination ${quote(text)}: lies within ${quote(other)}, or that in it. Give one of them.`];
    const owner = overlappingDirectory(base, estate);
    if (owner !== undefined) {
      return [
        `--destination ${quote(text)}: lies within a destination of ${owner.name}, or that in it (${owner.file}).${way()}`,
      ];
    }
    const whose = destinationOwner(base, estate.defaults, owners);
    return whose === undefined
      ? []
      : [`--destination ${quote(text)}: the bucket belongs to ${whose}, nothing is published there.${way()}`];
  });
}

function sharedProblems({ sharedProjectId, bucket, isRelease }: OnboardRequest, estate: Estate): readonly string[] {
  if (sharedProjectId === undefined) return [];
  const { staging, projects } = estate;
  // Others' shared projects may stand under any type.
  const hosts = projects.filter(({ projectId }) => {
    const own = staging.find((each) => each.projectId === projectId);
    if (reservedHost(projectId, estate) !== undefined) return false;
    return own === undefined || (own.mode === "project" && own.retired === undefined);
  });
  const ids = hosts.map(({ projectId }) => projectId);
  const near = nearest(sharedProjectId, ids) ?? ids.find((id) => staging.some(({ projectId }) => projectId === id));
  const way = near === undefined ? "List it in infra.yaml first." : `Use ${quote(near)}, for example.`;
  const reserved = reservedHost(sharedProjectId, estate);
  const what =
    reserved === undefined ? "no project of infra.yaml that can be shared has this id" : `is that of ${reserved}`;
  return [
    ...(ids.includes(sharedProjectId) ? [] : [`--shared-project ${quote(sharedProjectId)}: ${what}. ${way}`]),
    ...(bucket === undefined
      ? []
      : ["--bucket: in a shared project the bucket is the shared one's. Leave the flag out."]),
    ...(isRelease ? ["--release: is decided for the shared project as a whole. Leave the flag out."] : []),
  ];
}

function bucketProblems(bucket: string, name: string, estate: Estate): readonly string[] {
  const owner = bucketOwner(bucket, estate) ?? bucketOwner(`${bucket}-gcb`, estate);
  const spelling = bucketNameProblem(bucket)?.what ?? bucketNameProblem(`${bucket}-gcb`)?.what;
  const what = spelling ?? (owner === undefined ? undefined : `${quote(bucket)} belongs to ${owner}`);
  if (what === undefined) return [];
  const id = estate.defaults.stagingPrefix + name;
  const free = ["", "-files", "-candidates", "-2", "-3"].find(
    (end) => bucketOwner(id + end, estate) === undefined && bucketNameProblem(`${id}${end}-gcb`) === undefined,
  );
  return [`--bucket ${what}. ${free === undefined ? "Choose another." : `Use ${quote(id + free)}, for example.`}`];
}

import { posix } from "node:path";
import type { Layout } from "../config/layout";
import { adoptFolder } from "../config/load-adoptions";
import { isInside } from "../config/read-text";
import { isYaml } from "../config/tree";
import type { Estate } from "../model/estate";
import { plainTextProblem } from "../model/plain-text";
import { serviceAccountAddress } from "../model/serving-accounts";
import { stagingGroupAddress } from "../model/staging-names";
import { buildJob, cloudBuildConfig } from "./build-config";
import { buildTarget, placeOf } from "./build-target";
import { addGroup } from "./groups-edit";
import { addStagingProject } from "./infra-edit";
import { EditRefused, type FileChange, type ReadInput } from "./plan-types";
import { allowGroup } from "./restrictions-edit";
import { yamlText } from "./yaml-text";

/** What a new subproject says about itself. */
export interface OnboardRequest {
  /** The staging name, e.g. `kops`. */
  readonly name: string;

  /** Folder under `groups/` that declares the group, e.g. `sig-release`. */
  readonly groupFolder: string;

  /** Addresses of the first members of the group. */
  readonly members: readonly string[];

  /** Who approves manifests: logins of the code host. */
  readonly approvers: readonly string[];

  /** Path below the staging bucket that holds releases, e.g. `releases`; empty for the whole bucket. */
  readonly sourcePath: string;

  /** `gs://bucket/prefix/` of each destination. */
  readonly destinations: readonly string[];

  /** The address that destinations name, if any. */
  readonly serviceAccount?: string;

  readonly bucket?: string;

  /** Id of the project that it shares, with a folder and a repository of its own there. @default - a project of its own */
  readonly sharedProjectId?: string;
  readonly isRelease: boolean;

  /** Source repository for automatic builds, e.g. `example-org/kops`; without one no build configuration is written. */
  readonly repository?: string;
}

/** Account id that builds of a new project run as, unless defaults.yaml names one. */
const BUILD_ACCOUNT = "builder";

/** Where everything of a subproject stands. */
export function subprojectFiles(layout: Layout, projectId: string, groupFolder: string) {
  return {
    infra: layout.infra,
    group: `${layout.groups}/${groupFolder}/groups.yaml`,
    restrictions: `${layout.groups}/restrictions.yaml`,
    filestores: `${layout.filestores}/${projectId}/filepromoter-manifest.yaml`,
    owners: `${layout.manifests}/${projectId}/OWNERS`,
    build: `infra/ci/builds/${projectId}/cloudbuild.yaml`,
    job: `infra/ci/builds/${projectId}/job.yaml`,
  };
}

/** Whether onboarding, offboarding or an adoption writes a file of that name. */
export function isWrittenFile(layout: Layout, file: string): boolean {
  const path = posix.normalize(file);
  const folder = posix.dirname(path);
  const id = posix.basename(folder);
  if (plainTextProblem(path) !== undefined) return false;
  if (posix.basename(path) === "groups.yaml") return isInside(layout.groups, folder);
  if (folder === posix.normalize(adoptFolder(layout.infra))) return isYaml(path);
  return Object.values(subprojectFiles(layout, id, "")).some((each) => posix.normalize(each) === path);
}

/**
 * Every file of the one pull request that onboards a subproject. `isAllowed` tells whether restrictions.yaml lets a
 * file declare a group already. @throws EditRefused if a file has a form that can't be added to.
 */
export function planOnboarding(
  request: OnboardRequest,
  estate: Estate,
  layout: Layout,
  read: ReadInput,
  isAllowed: (path: string, email: string) => boolean,
): readonly FileChange[] {
  const { defaults } = estate;
  const { name } = request;
  const projectId = defaults.stagingPrefix + name;
  const place = placeOf(request, estate);
  const email = stagingGroupAddress(name, defaults.groupPrefix, defaults.domain);
  const files = subprojectFiles(layout, projectId, request.groupFolder);
  const base = `gs://${place.bucket}/${place.folder}${request.sourcePath === "" ? "" : `${request.sourcePath}/`}`;

  const change = (file: string, edit: (before: string | undefined) => string): FileChange => {
    const before = read(file);
    return { file, before, after: edit(before) };
  };
  const create = (file: string, after: string): FileChange => {
    const before = read(file);
    if (before === undefined || before === after) return { file, before, after };
    const repair = "It is not overwritten. Move it elsewhere, or remove it if nothing needs it.";
    throw new EditRefused(file, "stands there already, with another text", repair);
  };
  const existing = (file: string, before: string | undefined): string => {
    if (before !== undefined) return before;
    throw new EditRefused(file, "no such file", "Name its place with the layout flags, or write it first.");
  };
  const { sharedProjectId } = request;
  const fields = [
    ...(sharedProjectId === undefined ? [] : ["mode: shared"]),
    ...(sharedProjectId === undefined || sharedProjectId === defaults.staging.sharedProjectId
      ? []
      : [`shared-project: ${sharedProjectId}`]),
    ...(request.isRelease ? ["release: true"] : []),
    ...(request.bucket === undefined ? [] : [`bucket: ${yamlText(request.bucket)}`]),
    // Existing projects keep the account that they build as; a new one has none that could.
    ...(defaults.staging.buildAccountId === undefined ? [`build-account: ${BUILD_ACCOUNT}`] : []),
  ];
  const accountId = defaults.staging.buildAccountId ?? BUILD_ACCOUNT;

  const changes = [
    change(files.infra, (before) =>
      addStagingProject(files.infra, existing(files.infra, before), {
        projectId,
        managedBy: defaults.managedBy,
        fields,
      }),
    ),
    change(files.group, (before) =>
      addGroup(files.group, before, {
        email,
        description: `May push to the staging project of ${name}`,
        members: request.members,
      }),
    ),
    create(files.filestores, filestoresFile(email, base, request)),
    create(files.owners, ownersFile(request.approvers)),
  ];
  if (read(files.restrictions) !== undefined && !isAllowed(`${request.groupFolder}/groups.yaml`, email)) {
    changes.push(
      change(files.restrictions, (before) =>
        allowGroup(
          files.restrictions,
          existing(files.restrictions, before),
          `${request.groupFolder}/groups.yaml`,
          email,
        ),
      ),
    );
  }
  if (request.repository !== undefined) {
    const { repository } = request;
    const account = accountId === "none" ? undefined : serviceAccountAddress(place.account(accountId), place.projectId);
    const target = buildTarget(place, { name, base, repository }, account, defaults.gcbBuilderServiceAccount);
    changes.push(create(files.build, cloudBuildConfig(target)), create(files.job, buildJob(target)));
  }
  return changes.filter(({ before, after }) => before !== after);
}

function filestoresFile(email: string, base: string, { destinations, serviceAccount }: OnboardRequest): string {
  const account = serviceAccount === undefined ? [] : [`    service-account: ${yamlText(serviceAccount)}`];
  return [
    `# Pushed by ${email}`,
    "filestores:",
    `  - base: ${yamlText(base)}`,
    "    src: true",
    ...destinations.flatMap((destination) => [`  - base: ${yamlText(destination)}`, ...account]),
    "",
  ].join("\n");
}

function ownersFile(approvers: readonly string[]): string {
  return [
    "# Who may approve that a file is published.",
    "approvers:",
    ...approvers.map((login) => `  - ${yamlText(login)}`),
    "",
  ].join("\n");
}

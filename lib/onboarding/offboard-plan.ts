import type { Layout } from "../config/layout";
import { adoptFolder } from "../config/load-adoptions";
import type { Estate } from "../model/estate";
import type { RetirementStep } from "../model/projects";
import { stagingGroupAddress } from "../model/staging-names";
import { buildAccountAddress } from "../model/staging-principals";
import { buildJob, cloudBuildConfig } from "./build-config";
import { buildTarget, placeOf } from "./build-target";
import { removeGroup } from "./groups-edit";
import { addProjectFields, removeStagingProject, setRetirementStep } from "./infra-edit";
import { subprojectFiles } from "./onboard-plan";
import { EditRefused, type FileChange, type ReadInput } from "./plan-types";
import { disallowGroup } from "./restrictions-edit";

/** The first reviewed step of a retirement: declared in infra.yaml, everything else stays. */
export function planRetirement(
  projectId: string,
  since: string,
  layout: Layout,
  read: ReadInput,
): readonly FileChange[] {
  const before = read(layout.infra) ?? "";
  const fields = ["retired:", `  since: ${since}`, "  keep-published: true"];
  return [{ file: layout.infra, before, after: addProjectFields(layout.infra, before, projectId, fields) }];
}

/** A further reviewed step of a retirement that is declared. */
export function planNextStep(
  projectId: string,
  step: RetirementStep,
  layout: Layout,
  read: ReadInput,
): readonly FileChange[] {
  const before = read(layout.infra) ?? "";
  return [{ file: layout.infra, before, after: setRetirementStep(layout.infra, before, projectId, step) }];
}

/** Takes everything out that an onboarding wrote: for one that was never deployed, or a retirement that is over. */
export function planRemoval(name: string, estate: Estate, layout: Layout, read: ReadInput): readonly FileChange[] {
  const { defaults } = estate;
  const projectId = defaults.stagingPrefix + name;
  const email = stagingGroupAddress(name, defaults.groupPrefix, defaults.domain);
  const group = estate.groups.find((each) => each.email === email);
  const groupFolder = group?.file.slice(layout.groups.length + 1).replace(/\/?groups\.yaml$/, "") ?? "";
  const files = subprojectFiles(layout, projectId, groupFolder);
  const changes: FileChange[] = [];
  const edit = (file: string, change: (before: string) => string | undefined): void => {
    const before = read(file);
    if (before === undefined) return;
    const after = change(before);
    if (after !== before) changes.push({ file, before, after });
  };

  const manifests = estate.manifests.filter(({ directory }) => directory === projectId);
  if (manifests.length > 0) {
    throw new EditRefused(
      manifests[0]?.file ?? layout.manifests,
      `${projectId} has ${manifests.length === 1 ? "a manifest" : `${manifests.length} manifests`}`,
      "What was published stays declared. Keep the project retired; its manifests and filestores stay.",
    );
  }
  edit(files.infra, (before) => removeStagingProject(files.infra, before, projectId));
  if (group !== undefined) {
    edit(files.group, (before) => removeGroup(files.group, before, email));
    edit(files.restrictions, (before) =>
      disallowGroup(files.restrictions, before, `${groupFolder}/groups.yaml`, email),
    );
  }
  const adoption = `${adoptFolder(layout.infra)}/staging-${name}.yaml`;
  for (const file of [files.filestores, files.owners, adoption]) edit(file, () => undefined);
  for (const [file, text] of buildTexts(name, estate, files, read)) {
    edit(file, (before) => (before === text ? undefined : before));
  }
  return changes;
}

/** The files of automatic builds as an onboarding writes them: what says anything else is somebody's own. */
function buildTexts(
  name: string,
  estate: Estate,
  files: ReturnType<typeof subprojectFiles>,
  read: ReadInput,
): readonly (readonly [string, string])[] {
  const project = estate.staging.find((each) => each.name === name);
  const filestore = estate.filestores.find((each) => each.name === project?.projectId);
  if (project === undefined || filestore === undefined) return [];
  const { bucket, mode, sharedProjectId } = project;
  const place = placeOf({ name, bucket, ...(mode === "shared" && sharedProjectId ? { sharedProjectId } : {}) }, estate);
  const [, repository = ""] = /^postsubmits:\n {2}(\S+):$/m.exec(read(files.job) ?? "") ?? [];
  const what = { name, base: filestore.source.base, repository };
  const target = buildTarget(place, what, buildAccountAddress(project), estate.defaults.gcbBuilderServiceAccount);
  return [
    [files.build, cloudBuildConfig(target)],
    [files.job, buildJob(target)],
  ];
}

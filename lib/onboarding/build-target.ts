import type { Estate } from "../model/estate";
import type { BuildTarget } from "./build-config";
import type { OnboardRequest } from "./onboard-plan";

/** Where the subproject's things are: its own project, or a folder of the one that it shares. */
export function placeOf(
  { name, bucket, sharedProjectId }: Pick<OnboardRequest, "name" | "bucket" | "sharedProjectId">,
  { staging, defaults }: Estate,
) {
  if (sharedProjectId === undefined) {
    const projectId = defaults.stagingPrefix + name;
    const own = bucket ?? projectId;
    return {
      projectId,
      bucket: own,
      gcbBucket: `${own}-gcb`,
      folder: "",
      isForeign: false,
      account: (id: string) => id,
    };
  }
  const shared = staging.find(({ projectId }) => projectId === sharedProjectId);
  return {
    projectId: sharedProjectId,
    bucket: shared?.bucket ?? sharedProjectId,
    gcbBucket: shared?.gcbBucket ?? `${sharedProjectId}-gcb`,
    folder: `${name}/`,
    isForeign: shared === undefined,
    account: (id: string) => `${id}-${name}`,
  };
}

/** What the configuration of a subproject's builds says. */
export function buildTarget(
  { projectId, gcbBucket, folder, isForeign }: ReturnType<typeof placeOf>,
  what: Pick<BuildTarget, "name" | "base" | "repository">,
  buildAccount: string | undefined,
  builder: string | undefined,
): BuildTarget {
  return {
    ...what,
    projectId,
    sources: `gs://${gcbBucket}/${folder}source`,
    logs: `gs://${gcbBucket}/${folder}logs`,
    isForeign,
    ...(buildAccount === undefined ? {} : { buildAccount }),
    ...(builder === undefined ? {} : { builder }),
  };
}

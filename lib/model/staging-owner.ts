import type { StagingProject } from "./projects";

/** What a place in a staging bucket is told by. */
interface Place {
  readonly bucket: string;
  readonly prefix: string;
}

/** Finds the staging project that a place belongs to: in a shared bucket the one whose folder it lies in. */
export function stagingOwners(staging: readonly StagingProject[]): (place: Place) => StagingProject | undefined {
  const own = new Map<string, StagingProject>();
  const guests = new Map<string, StagingProject>();
  for (const project of staging) {
    if (project.mode === "shared") guests.set(`${project.bucket}/${project.name}`, project);
    else own.set(project.bucket, project);
  }
  return ({ bucket, prefix }) => guests.get(`${bucket}/${prefix.split("/")[0]}`) ?? own.get(bucket);
}

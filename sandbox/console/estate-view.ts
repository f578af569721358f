import { enabledServices, projectsOf } from "../services/project-lookup";
import type { World } from "../state/world";
import type { BucketRecord } from "../storage/records";
import { isPublic } from "./bucket-access";
import type { ObjectView } from "./object-view";
import { type Rows, rows } from "./table";

export function projectList(world: World, query: URLSearchParams): Rows<object> {
  const buckets = bucketsOf(world);
  const services = enabledServices(world);
  const projects = projectsOf(world)
    .values()
    .map(({ projectId, projectNumber, name, lifecycleState, parent, labels, createTime }) => ({
      projectId,
      projectNumber,
      name,
      state: lifecycleState,
      parent: parent === undefined ? "" : `${parent.type}s/${parent.id}`,
      labels: labels ?? {},
      created: createTime,
      services: services.keys(`${projectId}/`).map((key) => key.slice(projectId.length + 1)),
      buckets: buckets.filter(({ project }) => project === projectId).map(({ name }) => name),
    }));
  return rows(projects, ({ projectId }) => projectId, query);
}

export function bucketList(world: World, objects: ObjectView, query: URLSearchParams): Rows<object> {
  const buckets = bucketsOf(world).map(({ name, project, location, settings }) => ({
    name,
    project,
    location,
    ...objects.summary(name),
    isPublic: isPublic(world, name),
    deletedAfterDays: settings.lifecycle?.rule?.find(({ action }) => action.type === "Delete")?.condition.age,
    retentionSeconds: settings.retentionPolicy && Number(settings.retentionPolicy.retentionPeriod),
  }));
  return rows(buckets, ({ name }) => name, query);
}

function bucketsOf(world: World): readonly BucketRecord[] {
  return world.store.collection<BucketRecord>("buckets").values();
}

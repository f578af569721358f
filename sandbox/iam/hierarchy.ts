import type { FolderRecord, ProjectRecord } from "../state/records";
import type { Store } from "../state/store";

/** What a resource lies in: an object in its managed folders and bucket, a bucket in its project, a project in its folder. */
export class Hierarchy {
  constructor(private readonly store: Store) {}

  /** The resource's own name first, then those of all that contain it. Only names that can carry a policy. */
  lineage(resource: string): readonly string[] {
    const [kind, id = ""] = resource.split("/");
    if (kind === "buckets") return [...this.withinBucket(resource, id), ...this.above(this.projectOf(id))];
    if (kind === "projects") {
      const project = `projects/${this.projectId(id)}`;
      const parts = resource.split("/");
      const own = parts.length > 2 ? [`${project}/${parts.slice(2).join("/")}`] : [];
      return [...own, ...this.above(this.projectId(id))];
    }
    if (kind === "folders") return this.folders(resource);
    return [resource];
  }

  /** The id of a project that is named by its id or by its number. */
  projectId(idOrNumber: string): string {
    if (!/^\d+$/.test(idOrNumber)) return idOrNumber;
    const projects = this.store.collection<ProjectRecord>("projects").values();
    return projects.find(({ projectNumber }) => projectNumber === idOrNumber)?.projectId ?? idOrNumber;
  }

  private projectOf(bucket: string): string | undefined {
    return this.store.collection<{ readonly project: string }>("buckets").get(bucket)?.project;
  }

  private above(projectId: string | undefined): readonly string[] {
    if (projectId === undefined) return [];
    const parent = this.store.collection<ProjectRecord>("projects").get(projectId)?.parent;
    const ancestors = parent === undefined ? [] : this.folders(`${parent.type}s/${parent.id}`);
    return [`projects/${projectId}`, ...ancestors];
  }

  private folders(name: string): readonly string[] {
    const seen = new Set<string>();
    let current: string | undefined = name;
    while (current !== undefined && !seen.has(current)) {
      seen.add(current);
      current = this.store.collection<FolderRecord>("folders").get(current)?.parent;
    }
    return [...seen];
  }

  /** Managed folders that the object or folder lies in, deepest first, then the bucket. */
  private withinBucket(resource: string, bucket: string): readonly string[] {
    const root = `buckets/${bucket}`;
    const inner = /^(?:objects|managedFolders)\/(.*)$/s.exec(resource.slice(root.length + 1))?.[1];
    if (inner === undefined) return [root];
    const folders: string[] = [];
    for (let slash = inner.indexOf("/"); slash !== -1; slash = inner.indexOf("/", slash + 1)) {
      folders.unshift(`${root}/managedFolders/${inner.slice(0, slash + 1)}`);
    }
    return [...folders, root];
  }
}

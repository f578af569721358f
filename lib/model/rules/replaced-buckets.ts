import type { Diagnostic } from "../../diagnostics";
import type { Defaults } from "../defaults";
import type { StagingProject } from "../projects";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import { lastingProjects } from "./project-pairs";

/**
 * Buckets that the deploy of a change deletes, to make others. Google refuses that for one that holds objects, when half of
 * the deploy is done. Whether it does, the inputs don't say, so it is no error.
 */
export function replacedBuckets(base: Draft, head: Draft): readonly Diagnostic[] {
  return lastingProjects(base, head).flatMap(([before, project]) => {
    if (before.mode === "shared" || project.mode === "shared") return [];
    const now = bucketsOf(project, head.defaults);
    return bucketsOf(before, base.defaults).flatMap(({ key, name, location }) => {
      const after = now.find((each) => each.key === key);
      const changed = [
        ...(after?.name === name ? [] : ["name"]),
        ...(after?.location.toUpperCase() === location.toUpperCase() ? [] : ["location"]),
      ];
      if (changed.length === 0) return [];
      return [
        {
          severity: "warning" as const,
          rule: "change/bucket-replaced",
          summary: `${project.projectId}: this change deletes the bucket ${quote(name)} (${location}), as another ${changed.join(" and ")} makes a new one`,
          detail: `A bucket can't be moved or renamed, and one that holds objects can't be deleted: the deploy would end half done. Keep it as it is (${keptBy(key, changed, name, location)}), and declare a new staging project for the other ${changed.join(" and ")}; or copy what is needed, and empty the bucket before this is deployed.`,
          at: project.at,
        },
      ];
    });
  });
}

function keptBy(key: "bucket" | "gcb-bucket", changed: readonly string[], name: string, location: string): string {
  const locationKey = key === "bucket" ? "location" : "gcb-location";
  const settings = changed.map((what) => (what === "name" ? `${key}: ${name}` : `${locationKey}: ${location}`));
  return `${quote(settings.join(", "))} in its block`;
}

function bucketsOf({ bucket, gcbBucket, location, gcbLocation }: StagingProject, defaults: Defaults) {
  const place = location ?? defaults.location;
  return [
    { key: "bucket", name: bucket, location: place },
    { key: "gcb-bucket", name: gcbBucket, location: gcbLocation ?? place },
  ] as const;
}

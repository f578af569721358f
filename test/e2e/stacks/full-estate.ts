import type { Estate } from "../../../lib/model/estate";
import type { StagingProject } from "../../../lib/model/projects";
import { sampleDefaults, sampleEstate, sampleGroup, sampleProject } from "../../stacks/sample-estate";

/** A project with every setting used. */
export function fullProject(more: Partial<StagingProject> = {}): StagingProject {
  return sampleProject("full", {
    isRelease: true,
    labels: { sig: "release" },
    contacts: ["leads@example.org"],
    budget: { amount: 100, alertAt: [0.5, 1] },
    registry: { repository: "full", location: "us", format: "DOCKER", deleteAfterDays: 30 },
    iam: [{ role: "roles/pubsub.viewer", members: ["group:watchers@example.org"] }],
    buildAccountId: "builder",
    ...more,
  });
}

/** A project of its own, a guest in it, and a production side with all it can have. */
export function fullEstate(full: StagingProject = fullProject()): Estate {
  const guest = sampleProject("guest", {
    mode: "shared",
    sharedProjectId: full.projectId,
    bucket: full.bucket,
    gcbBucket: full.gcbBucket,
    registry: { repository: "guest", location: "us", format: "DOCKER" },
    buildAccountId: "builder-guest",
  });
  return sampleEstate({
    defaults: {
      ...sampleDefaults,
      serving: {
        ...sampleDefaults.serving,
        backupBucket: "oss-backup",
        backupProjectId: "oss-prod-bak",
        federatedRepositories: ["example/artifacts"],
        impersonators: { promoter: ["serviceAccount:deployer@oss-build.iam.gserviceaccount.com"], planner: [] },
        cdnDomains: ["artifacts.example.org"],
      },
    },
    staging: [full, guest],
    groups: ["admins", "release-viewers", "watchers", "oss-infra-staging-full", "oss-infra-staging-guest"].map((name) =>
      sampleGroup(`${name}@example.org`),
    ),
    filestores: [],
    manifests: [],
  });
}

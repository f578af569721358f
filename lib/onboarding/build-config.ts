import { localPartOf } from "../model/principals";
import { yamlText } from "./yaml-text";

export interface BuildTarget {
  readonly name: string;
  readonly projectId: string;

  /** `gs://bucket/prefix/`: the base of the filestore's source. */
  readonly base: string;

  /** Where Cloud Build finds the sources and, without an account of its own, leaves its logs: `gs://bucket/folder`. */
  readonly sources: string;
  readonly logs: string;

  /** Address of the account that builds run as. Undefined: the one that Google chooses. */
  readonly buildAccount?: string;

  /** Address of the account that starts builds. Undefined: defaults.yaml names none, and only people may start them. */
  readonly builder?: string;

  /** Whether the project is a shared one of somebody else, who gives the roles on it. */
  readonly isForeign: boolean;

  /** Source repository, e.g. `example-org/lathe`. */
  readonly repository: string;
}

/** Cloud Build configuration: makes the release files and pushes them below the version's directory of the staging base. */
export function cloudBuildConfig({ name, projectId, base, buildAccount }: BuildTarget): string {
  // With an account of its own a build may not log into Google's default bucket.
  const account =
    buildAccount === undefined
      ? []
      : [
          "# The account has its rights from infra.yaml. Without this line Google would choose an account that has none here.",
          `serviceAccount: projects/${projectId}/serviceAccounts/${buildAccount}`,
        ];
  const logging = buildAccount === undefined ? [] : ["  logging: CLOUD_LOGGING_ONLY"];
  return `# Builds ${name} and pushes its release files to staging. Belongs into the root of the source repository.
# The files land under ${base}\${_VERSION}/: the directory a manifest's names begin with.
${[...account, "timeout: 3600s", "options:", ...logging].join("\n")}
  substitutionOption: ALLOW_LOOSE
substitutions:
  _VERSION: v0.0.0
steps:
  # Leaves the release files in ./release.
  - name: gcr.io/cloud-builders/docker
    entrypoint: make
    args: [release, "VERSION=\${_VERSION}"]
  # -n: a version that stands in staging already is not written again.
  - name: gcr.io/google.com/cloudsdktool/cloud-sdk:slim
    entrypoint: gcloud
    args: [storage, cp, --recursive, --no-clobber, "release/*", "${base}\${_VERSION}/"]
`;
}

/** The Prow job that starts a build for each tag. */
export function buildJob(target: BuildTarget): string {
  const { name, projectId, sources, logs: logsFolder, repository, buildAccount, builder } = target;
  const runsAs =
    buildAccount === undefined
      ? []
      : [
          `# The build runs as ${buildAccount}, which its configuration names.`,
          `# Its log is in Cloud Logging: gcloud builds list --project=${projectId}`,
        ];
  const logs = buildAccount === undefined ? `\n                --gcs-log-dir=${logsFolder}` : "";
  const comments = [`# Starts Cloud Build in ${projectId} for each version tag of ${repository}.`];
  return `${[...comments, ...starts(target), ...runsAs].join("\n")}
postsubmits:
  ${repository}:
    - name: post-${name}-push-release
      cluster: trusted
      decorate: true
      branches:
        - ^v\\d+\\.\\d+\\.\\d+
      spec:
        serviceAccountName: ${builder === undefined ? "gcb-builder" : yamlText(localPartOf(builder))}
        containers:
          - image: gcr.io/google.com/cloudsdktool/cloud-sdk:slim
            command: [bash, -c]
            args:
              - >-
                gcloud builds submit .
                --project=${projectId}
                --config=cloudbuild.yaml
                --gcs-source-staging-dir=${sources}${logs}
                --substitutions=_VERSION=$(git describe --tags --always)
`;
}

/** Who starts the build, and what that account lacks. */
function starts({ projectId, builder, isForeign }: BuildTarget): readonly string[] {
  const right = `may start builds in ${projectId}${isForeign ? " once its owners give it roles/cloudbuild.builds.builder" : ""}`;
  if (builder !== undefined) return [`# The cluster's account named below acts as ${builder}, which ${right}.`];
  return [
    "# Nobody starts it yet: defaults.yaml has no gcb-builder-service-account. The account that is set there",
    `# ${right}; name below the cluster's account that acts as it.`,
  ];
}

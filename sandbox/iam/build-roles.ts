/** What it takes to pull; viewers of a project may do it too. */
export const REGISTRY_READER = [
  "artifactregistry.dockerimages.*",
  "artifactregistry.files.download",
  "artifactregistry.files.get",
  "artifactregistry.files.list",
  "artifactregistry.locations.*",
  "artifactregistry.packages.get",
  "artifactregistry.packages.list",
  "artifactregistry.repositories.downloadArtifacts",
  "artifactregistry.repositories.get",
  "artifactregistry.repositories.list",
  "artifactregistry.repositories.listEffectiveTags",
  "artifactregistry.tags.get",
  "artifactregistry.tags.list",
  "artifactregistry.versions.get",
  "artifactregistry.versions.list",
];

const REGISTRY_WRITER = [
  ...REGISTRY_READER,
  "artifactregistry.files.upload",
  "artifactregistry.repositories.uploadArtifacts",
  "artifactregistry.tags.create",
  "artifactregistry.tags.update",
];

const BUILDS_EDITOR = ["cloudbuild.builds.*", "resourcemanager.projects.get", "resourcemanager.projects.list"];

/** Roles of Cloud Build and Artifact Registry. */
export const buildRoles: Readonly<Record<string, readonly string[]>> = {
  "roles/cloudbuild.builds.viewer": ["cloudbuild.builds.get", "cloudbuild.builds.list", "resourcemanager.projects.get"],
  "roles/cloudbuild.builds.editor": BUILDS_EDITOR,
  "roles/cloudbuild.builds.builder": [
    ...BUILDS_EDITOR,
    ...REGISTRY_WRITER,
    "artifactregistry.repositories.createOnPush",
    "containeranalysis.occurrences.*",
    "logging.logEntries.create",
    "logging.logEntries.list",
    "logging.views.access",
    "pubsub.topics.create",
    "pubsub.topics.publish",
    "source.repos.get",
    "source.repos.list",
    "storage.buckets.create",
    "storage.buckets.get",
    "storage.buckets.list",
    "storage.objects.create",
    "storage.objects.delete",
    "storage.objects.get",
    "storage.objects.list",
    "storage.objects.update",
  ],
  "roles/cloudbuild.connectionAdmin": ["cloudbuild.connections.*", "cloudbuild.repositories.*"],
  "roles/artifactregistry.reader": REGISTRY_READER,
  "roles/artifactregistry.writer": REGISTRY_WRITER,
  "roles/artifactregistry.repoAdmin": [
    ...REGISTRY_WRITER,
    "artifactregistry.repositories.deleteArtifacts",
    "artifactregistry.packages.*",
    "artifactregistry.tags.*",
    "artifactregistry.versions.*",
    "artifactregistry.files.*",
  ],
  "roles/artifactregistry.admin": ["artifactregistry.*"],
  "roles/artifactregistry.createOnPushWriter": [...REGISTRY_WRITER, "artifactregistry.repositories.createOnPush"],
};

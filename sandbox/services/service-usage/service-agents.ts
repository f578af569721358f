/** An account of Google's own that appears when an API is enabled, and what it may do in the project. */
export interface ServiceAgent {
  /** `NUMBER` stands for the project number. */
  readonly email: string;
  readonly role: string;

  /** Set where the account is one of the project's own, listed and open to change. */
  readonly displayName?: string;
}

const APIS_AGENT: ServiceAgent = { email: "NUMBER@cloudservices.gserviceaccount.com", role: "roles/editor" };

/** Agents by API, with the bindings that Google adds for them. */
export const serviceAgents: Readonly<Record<string, readonly ServiceAgent[]>> = {
  "compute.googleapis.com": [
    {
      email: "NUMBER-compute@developer.gserviceaccount.com",
      role: "roles/editor",
      displayName: "Compute Engine default service account",
    },
    { email: "service-NUMBER@compute-system.iam.gserviceaccount.com", role: "roles/compute.serviceAgent" },
    APIS_AGENT,
  ],
  "cloudbuild.googleapis.com": [
    { email: "NUMBER@cloudbuild.gserviceaccount.com", role: "roles/cloudbuild.builds.builder" },
    { email: "service-NUMBER@gcp-sa-cloudbuild.iam.gserviceaccount.com", role: "roles/cloudbuild.serviceAgent" },
  ],
  "artifactregistry.googleapis.com": [
    {
      email: "service-NUMBER@gcp-sa-artifactregistry.iam.gserviceaccount.com",
      role: "roles/artifactregistry.serviceAgent",
    },
  ],
  "containerregistry.googleapis.com": [
    { email: "service-NUMBER@containerregistry.iam.gserviceaccount.com", role: "roles/containerregistry.ServiceAgent" },
    APIS_AGENT,
  ],
  "pubsub.googleapis.com": [
    { email: "service-NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com", role: "roles/pubsub.serviceAgent" },
  ],
};

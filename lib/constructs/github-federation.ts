import { IamWorkloadIdentityPool } from "@cdktf/provider-google/lib/iam-workload-identity-pool";
import { IamWorkloadIdentityPoolProvider } from "@cdktf/provider-google/lib/iam-workload-identity-pool-provider";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { IamGrant } from "../model/projects";

export interface GithubFederationProps {
  readonly projectId: string;

  /** `owner/name` of each repository whose jobs are let in. */
  readonly repositories: readonly string[];

  readonly dependsOn: readonly ITerraformDependable[];
}

const ACT_AS = "roles/iam.workloadIdentityUser";

/** Lets jobs of GitHub Actions act as service accounts, without any key. */
export class GithubFederation extends Construct {
  private readonly repositories: readonly string[];
  private readonly pool: IamWorkloadIdentityPool;

  constructor(scope: Construct, id: string, { projectId, repositories, dependsOn }: GithubFederationProps) {
    super(scope, id);
    this.repositories = repositories;
    this.pool = new IamWorkloadIdentityPool(this, "github", {
      project: projectId,
      workloadIdentityPoolId: "github",
      displayName: "GitHub Actions",
      disabled: false,
      dependsOn: [...dependsOn],
    });
    new IamWorkloadIdentityPoolProvider(this, "actions", {
      project: projectId,
      workloadIdentityPoolId: this.pool.workloadIdentityPoolId,
      workloadIdentityPoolProviderId: "actions",
      displayName: "GitHub Actions",
      attributeMapping: {
        "google.subject": "assertion.sub",
        "attribute.repository": "assertion.repository",
        "attribute.place": `assertion.repository + "@" + assertion.ref`,
      },
      // Without it, a token of any repository on GitHub would be let into the pool.
      attributeCondition: `assertion.repository in ${JSON.stringify(repositories)}`,
      oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
    });
  }

  /** Jobs of the repositories' `main` branch: what was reviewed and merged. */
  mergedWork(): IamGrant {
    return this.grant("place", (repository) => `${repository}@refs/heads/main`);
  }

  /** Every job of the repositories, those of pull requests included. */
  anyWork(): IamGrant {
    return this.grant("repository", (repository) => repository);
  }

  private grant(attribute: string, value: (repository: string) => string): IamGrant {
    const pool = `principalSet://iam.googleapis.com/${this.pool.name}`;
    return { role: ACT_AS, members: this.repositories.map((each) => `${pool}/attribute.${attribute}/${value(each)}`) };
  }
}

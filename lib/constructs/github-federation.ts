import { IamWorkloadIdentityPool } from "@cdktf/provider-google/lib/iam-workload-identity-pool";
import { IamWorkloadIdentityPoolProvider } from "@cdktf/provider-google/lib/iam-workload-identity-pool-provider";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { FEDERATION_POOL, FEDERATION_PROVIDER } from "../model/serving-actors";

export interface GithubFederationProps {
  readonly projectId: string;

  /** `owner/name` of each repository whose jobs are let in. */
  readonly repositories: readonly string[];

  readonly dependsOn: readonly ITerraformDependable[];
}

/** Lets jobs of GitHub Actions act as service accounts, without any key. */
export class GithubFederation extends Construct {
  /** Full name of the pool, with the project's number. */
  readonly poolName: string;

  constructor(scope: Construct, id: string, { projectId, repositories, dependsOn }: GithubFederationProps) {
    super(scope, id);
    const pool = new IamWorkloadIdentityPool(this, "github", {
      project: projectId,
      workloadIdentityPoolId: FEDERATION_POOL,
      displayName: "GitHub Actions",
      disabled: false,
      dependsOn: [...dependsOn],
    });
    new IamWorkloadIdentityPoolProvider(this, "actions", {
      project: projectId,
      workloadIdentityPoolId: pool.workloadIdentityPoolId,
      workloadIdentityPoolProviderId: FEDERATION_PROVIDER,
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
    this.poolName = pool.name;
  }
}

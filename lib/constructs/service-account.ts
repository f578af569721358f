import { ServiceAccount as GoogleServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamPolicy } from "@cdktf/provider-google/lib/service-account-iam-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { policyData } from "../model/iam-policy";
import type { IamGrant } from "../model/projects";
import { literal } from "./literal";

export interface ServiceAccountProps {
  readonly projectId: string;
  readonly accountId: string;
  readonly displayName: string;

  /** Everybody who may act as the account. */
  readonly policy: readonly IamGrant[];

  /** Names of other resources in the policy that Terraform puts in. @default - none */
  readonly references?: readonly string[];

  readonly dependsOn: readonly ITerraformDependable[];
}

/** A service account and, authoritatively, who may act as it. It has no keys. */
export class ServiceAccount extends Construct {
  readonly resource: GoogleServiceAccount;

  constructor(
    scope: Construct,
    id: string,
    { projectId, accountId, displayName, policy, references, dependsOn }: ServiceAccountProps,
  ) {
    super(scope, id);
    this.resource = new GoogleServiceAccount(this, "Resource", {
      project: projectId,
      accountId,
      displayName,
      createIgnoreAlreadyExists: false,
      disabled: false,
      dependsOn: [...dependsOn],
    });
    new ServiceAccountIamPolicy(this, "Policy", {
      serviceAccountId: this.resource.name,
      policyData: literal(policyData(policy), references),
    });
  }
}

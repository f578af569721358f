import { StorageManagedFolder } from "@cdktf/provider-google/lib/storage-managed-folder";
import { StorageManagedFolderIamPolicy } from "@cdktf/provider-google/lib/storage-managed-folder-iam-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { policyData } from "../model/iam-policy";
import type { IamGrant } from "../model/projects";
import { literal } from "./literal";

export interface TeamFolderProps {
  readonly bucket: string;

  /** Ends with `/`. */
  readonly folder: string;

  readonly policy: readonly IamGrant[];

  /** Those whom the policy names. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** A folder of a shared bucket with a policy of its own, so that a team can write there and nowhere else. */
export class TeamFolder extends Construct {
  constructor(scope: Construct, id: string, { bucket, folder, policy, dependsOn }: TeamFolderProps) {
    super(scope, id);
    const managed = new StorageManagedFolder(this, "Resource", { bucket, name: folder, forceDestroy: false });
    new StorageManagedFolderIamPolicy(this, "Policy", {
      bucket,
      managedFolder: managed.name,
      policyData: literal(policyData(policy)),
      ...(dependsOn.length === 0 ? {} : { dependsOn: [...dependsOn] }),
    });
  }
}

import { ProjectIamAuditConfig } from "@cdktf/provider-google/lib/project-iam-audit-config";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface StorageAuditProps {
  readonly projectId: string;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Logs who wrote which object and who changed which bucket. Reads by everybody can't be audited; access logs have them. */
export class StorageAudit extends Construct {
  constructor(scope: Construct, id: string, { projectId, dependsOn }: StorageAuditProps) {
    super(scope, id);
    new ProjectIamAuditConfig(this, "storage", {
      project: projectId,
      service: "storage.googleapis.com",
      auditLogConfig: [{ logType: "ADMIN_READ" }, { logType: "DATA_WRITE" }],
      dependsOn: [...dependsOn],
    });
  }
}

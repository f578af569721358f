import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ProjectGrant } from "../model/recipe";
import { literal } from "./literal";

export interface ProjectGrantsProps {
  readonly projectId: string;
  readonly grants: readonly ProjectGrant[];
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Roles on a project, each added by itself: Google's own service agents and other tools have theirs there as well. */
export class ProjectGrants extends Construct {
  constructor(scope: Construct, id: string, { projectId, grants, dependsOn }: ProjectGrantsProps) {
    super(scope, id);
    for (const { key, role, member } of grants) {
      new ProjectIamMember(this, key, { project: projectId, role, member: literal(member), dependsOn: [...dependsOn] });
    }
  }
}

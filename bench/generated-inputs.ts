import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface EstateSize {
  readonly projects: number;
  readonly groups: number;

  /** Projects with a filestore and one manifest of ten files. @default - all */
  readonly filestores?: number;
}

/** Writes the inputs of an estate of a given size: each project has a group. */
export function writeInputs(root: string, { projects, groups, filestores = projects }: EstateSize): void {
  const names = Array.from({ length: projects }, (_, index) => `sub-${String(index).padStart(5, "0")}`);
  write(root, "infra/gcp/defaults.yaml", DEFAULTS);
  write(root, "infra/gcp/infra.yaml", infra(names));
  write(root, "groups/config.yaml", "domains: [example.org]\ngroups-path: .\nrestrictions-path: restrictions.yaml\n");
  write(root, "groups/restrictions.yaml", RESTRICTIONS);
  write(root, "groups/groups.yaml", groupsFile(names, groups));
  for (const name of names.slice(0, filestores)) {
    write(root, `filestores/oss-staging-${name}/filepromoter-manifest.yaml`, filestore(name));
    write(root, `manifests/oss-staging-${name}/1.0.0.yaml`, manifest());
    write(root, `manifests/oss-staging-${name}/OWNERS`, "approvers:\n- owner\n");
  }
}

const DEFAULTS = `organization: "100000000001"
billing-account: 01ABCD-23EF01-456789
state-bucket: oss-terraform-state
domain: example.org
staging-prefix: oss-staging-
group-prefix: oss-infra-staging-
admin-groups: [admins@example.org]
release-viewers-group: release-viewers@example.org
logs-bucket: oss-access-logs
gcb-builder-service-account: builder@oss-build.iam.gserviceaccount.com
promoter-service-accounts: [artifacts-promoter@oss-artifacts-prod.iam.gserviceaccount.com]
serving:
  project: oss-artifacts-prod
  bucket: oss-artifacts-prod
`;

const RESTRICTIONS = `restrictions:
- path: groups.yaml
  allowedGroups: ["^.*@example\\\\.org$"]
`;

function infra(names: readonly string[]): string {
  const entries = names.map((name) => `      oss-staging-${name}:\n`);
  return `infra:\n  staging:\n    managed_by: stacks/staging.ts\n    projects:\n${entries.join("")}`;
}

function groupsFile(names: readonly string[], count: number): string {
  const fixed = ["admins", "release-viewers", ...names.map((name) => `oss-infra-staging-${name}`)];
  const rest = Array.from({ length: Math.max(0, count - fixed.length) }, (_, index) => `team-${index}`);
  return `groups:\n${[...fixed, ...rest].slice(0, count).map(group).join("")}`;
}

function group(name: string, index: number): string {
  const members = Array.from({ length: 6 }, (_, each) => `  - member${(index * 3 + each) % 5000}@example.com\n`);
  return `- email-id: ${name}@example.org
  name: ${name}
  description: Generated
  settings:
    ReconcileMembers: "true"
  members:
${members.join("")}`;
}

function filestore(name: string): string {
  return `filestores:
- base: gs://oss-staging-${name}/releases/
  src: true
- base: gs://oss-artifacts-prod/binaries/${name}/
  service-account: artifacts-promoter@oss-artifacts-prod.iam.gserviceaccount.com
`;
}

function manifest(): string {
  const line = (index: number) => `- name: v1.0.0/linux/file-${index}\n  sha256: ${`${index}f`.repeat(32)}\n`;
  return `files:\n${Array.from({ length: 10 }, (_, index) => line(index)).join("")}`;
}

function write(root: string, file: string, text: string): void {
  const path = join(root, file);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
}

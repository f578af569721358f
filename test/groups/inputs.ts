import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const files: Readonly<Record<string, string>> = {
  "groups/config.yaml": "domains: [example.org]\nskip-kubernetes-io-tests: true\n",
  "groups/restrictions.yaml": 'restrictions:\n  - path: "**"\n    allowedGroups: ["^.*$"]\n',
  "groups/groups.yaml": `groups:
  - {email-id: admins@example.org, name: admins, description: a, owners: [root@example.org]}
  - {email-id: staging-kiln@example.org, name: staging-kiln, description: a, members: [ann@example.org, makers@example.org]}
  - {email-id: builders@example.org, name: builders, description: a, aliases: [makers@example.org], managers: [bob@example.com]}
  - {email-id: everyone@example.org, name: everyone, description: a, members: [staging-kiln@example.org]}
  - {email-id: viewers@example.org, name: viewers, description: a, members: [viv@example.org]}
`,
  "infra/gcp/infra.yaml": `infra:
  staging:
    managed_by: stacks/staging.ts
    projects:
      x-staging-kiln:
`,
  "infra/gcp/defaults.yaml": `organization: "100000000001"
billing-account: 01ABCD-23EF01-456789
state-bucket: x-state
domain: example.org
staging-prefix: x-staging-
group-prefix: staging-
admin-groups: [admins@example.org]
release-viewers-group: viewers@example.org
logs-bucket: x-logs
promoter-service-accounts: [artifacts-promoter@x-prod.iam.gserviceaccount.com]
serving: {project: x-prod, bucket: x-prod}
`,
};

/** A small estate's inputs in a new folder, which the caller removes. */
export function writeInputs(changes: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), "groups-inputs-"));
  for (const folder of ["filestores", "manifests"]) mkdirSync(join(root, folder));
  for (const [name, text] of Object.entries({ ...files, ...changes })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes the configuration with which gsutil works against the sandbox, through its https port, and returns its path. The
 * port says who calls, so there are no credentials in it: `bypass_anonymous_access_warning` keeps gsutil from taking each
 * refusal for the want of them.
 */
export function writeBotoConfig(folder: string, port: number): string {
  const path = join(folder, "boto.cfg");
  writeFileSync(
    path,
    `# Written by the sandbox at each start.
[Credentials]
gs_json_host = 127.0.0.1
gs_json_port = ${port}
gs_host = 127.0.0.1
gs_port = ${port}

[Boto]
https_validate_certificates = False
num_retries = 3

[GSUtil]
prefer_api = json
json_api_version = v1
software_update_check_period = 0
usage_reporting = False
state_dir = ${join(folder, "gsutil")}

[Tests]
bypass_anonymous_access_warning = True
`,
  );
  return path;
}

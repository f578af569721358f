import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes the configuration with which gsutil works against the sandbox, and returns its path. */
export function writeBotoConfig(folder: string, url: string, _principal: string): string {
  const { hostname, port } = new URL(url);
  const path = join(folder, "boto.cfg");
  writeFileSync(
    path,
    `# Written by the sandbox at each start.
[Credentials]
gs_json_host = ${hostname}
gs_json_port = ${port}
gs_host = ${hostname}
gs_port = ${port}
json_api_version = v1

[Boto]
is_secure = False
https_validate_certificates = False

[GSUtil]
prefer_api = json
software_update_check_period = 0
usage_reporting = False
state_dir = ${join(folder, "gsutil")}
`,
  );
  return path;
}

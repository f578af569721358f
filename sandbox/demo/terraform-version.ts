import { spawnSync } from "node:child_process";

const OLDEST = [1, 5] as const;

/** Why the Terraform that would run can not be used, with the way out; undefined when it is there and new enough. */
export function terraformProblem(env: NodeJS.ProcessEnv): string | undefined {
  const binary = env.TERRAFORM_BINARY_NAME ?? "terraform";
  const advice = `Install Terraform ${OLDEST.join(".")} or newer (https://developer.hashicorp.com/terraform/install), or OpenTofu and set TERRAFORM_BINARY_NAME=tofu.`;
  const { error, status, stdout } = spawnSync(binary, ["version", "-json"], {
    encoding: "utf8",
    env: { ...env, CHECKPOINT_DISABLE: "1" },
  });
  if (error !== undefined) return `${binary} was not found on this machine. ${advice}`;
  const version = status === 0 ? readVersion(stdout) : undefined;
  if (version === undefined) return `"${binary} version -json" did not say which version it is. ${advice}`;
  const [major, minor] = version;
  const isNewEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return isNewEnough ? undefined : `${binary} ${major}.${minor} is too old. ${advice}`;
}

function readVersion(json: string): readonly [number, number] | undefined {
  const match = /"terraform_version"\s*:\s*"(\d+)\.(\d+)/.exec(json);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

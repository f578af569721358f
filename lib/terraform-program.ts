import { spawnSync } from "node:child_process";
import { basename, resolve } from "node:path";

/** The first with `import` blocks, as an adoption writes them. OpenTofu has had them from its first version. */
const OLDEST = [1, 5] as const;

/** The program that plans and applies, as cdktf-cli chooses it. */
export function terraformProgram({ TERRAFORM_BINARY_NAME: name }: NodeJS.ProcessEnv): string {
  return name || "terraform";
}

/** Settles which program a path means: it is started in the folders of the stacks, too, and meant from where the run begins. */
export function settleTerraformProgram(env: NodeJS.ProcessEnv): void {
  const name = env.TERRAFORM_BINARY_NAME;
  if (name?.includes("/")) env.TERRAFORM_BINARY_NAME = resolve(name);
}

/** Whether the program that runs the stacks is OpenTofu: by its name, as `tofu` or `opentofu-1.10`. */
export function isOpenTofu(program: string | undefined): boolean {
  return /^(open)?tofu/i.test(basename(program ?? ""));
}

/** Why the program that would run the stacks can not be used, with the way out; undefined when it is there and new enough. */
export function terraformProblem(env: NodeJS.ProcessEnv): string | undefined {
  const program = terraformProgram(env);
  const advice = `Install Terraform ${OLDEST.join(".")} or newer (https://developer.hashicorp.com/terraform/install), or OpenTofu and set TERRAFORM_BINARY_NAME=tofu.`;
  const { error, status, stdout } = spawnSync(program, ["version", "-json"], {
    encoding: "utf8",
    env: { ...env, CHECKPOINT_DISABLE: "1" },
  });
  if (error !== undefined) return `${notStarted(program, error)}. ${advice}`;
  const version = status === 0 ? readVersion(stdout) : undefined;
  if (version === undefined) return `"${program} version -json" did not say which version it is. ${advice}`;
  const [major, minor] = version;
  const isNewEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return isNewEnough ? undefined : `${program} ${major}.${minor} is too old. ${advice}`;
}

/** Why a program did not even start. */
export function notStarted(program: string, error: NodeJS.ErrnoException): string {
  return `${program} ${error.code === "ENOENT" ? "was not found on this machine" : `can not be started (${error.code})`}`;
}

function readVersion(json: string): readonly [number, number] | undefined {
  const match = /"terraform_version"\s*:\s*"(\d+)\.(\d+)/.exec(json);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

import { join } from "node:path";
import { GoogleProvider, type GoogleProviderConfig } from "@cdktf/provider-google/lib/provider";
import { LocalBackend, type TerraformStack } from "cdktf";
import { isOpenTofu } from "../lib/terraform-program";
import { googleEndpoints } from "./env";

type Environment = Readonly<Record<string, string | undefined>>;

/** The provider of this folder that answers to hashicorp/google's name, where the registry can't be reached. */
function standIn({ TERRAFORM_BINARY_NAME: program }: Environment) {
  const registry = isOpenTofu(program) ? "registry.opentofu.org" : "registry.terraform.io";
  return { source: `${registry}/hashicorp/google`, version: "6.50.0", entry: "#terraform-provider-google" };
}

/**
 * Applies the stacks to a running sandbox: every endpoint of the Google provider points there, and the state is kept in
 * its folder. With `ARTIFACTS_GOOGLE_PROVIDER=registry` Google's own provider is used, else the stand-in.
 * With `ARTIFACTS_DISPOSABLE=1` the stacks can be destroyed: guards and retention are left out.
 */
export function sandboxPlatform(env: Environment = process.env) {
  const url = required(env, "ARTIFACTS_SANDBOX").replace(/\/+$/, "");
  const state = required(env, "ARTIFACTS_SANDBOX_STATE");
  return {
    google: googleArguments(url, env.GOOGLE_OAUTH_ACCESS_TOKEN),
    addBackend: (stack: TerraformStack): void => {
      new LocalBackend(stack, { path: join(state, "terraform", `${stack.node.id}.tfstate`) });
    },
    ...(env.ARTIFACTS_DISPOSABLE === "1" ? { isDisposable: true } : {}),
    ...(env.ARTIFACTS_GOOGLE_PROVIDER === "registry" ? {} : { googlePlugin: standIn(env) }),
  };
}

function googleArguments(url: string, accessToken: string | undefined): GoogleProviderConfig {
  return {
    addTerraformAttributionLabel: false,
    batching: [{ enableBatching: false }],
    ...refusingEndpoints(url),
    ...Object.fromEntries(Object.entries(googleEndpoints(url)).map(([name, base]) => [argument(name), base])),
    ...(accessToken === undefined ? {} : { accessToken }),
  };
}

/** Services that the sandbox does not play must not be reached at Google either: here they answer "not found". */
function refusingEndpoints(url: string): GoogleProviderConfig {
  const names = Object.getOwnPropertyNames(GoogleProvider.prototype).filter((name) => name.endsWith("CustomEndpoint"));
  return Object.fromEntries(
    names.map((name) => [name, `${url}/not-played/${name.replace(/CustomEndpoint$/, "")}/v1/`]),
  );
}

/** `RESOURCE_MANAGER_V3` becomes `resourceManagerV3CustomEndpoint`. */
function argument(name: string): string {
  const camel = name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return `${camel}CustomEndpoint`;
}

function required(env: Environment, name: string): string {
  const value = env[name];
  if (value) return value;
  throw new Error(
    `${name}: is not set, and the target is a sandbox. Start one with "npm run sandbox" and copy the export line that it prints`,
  );
}

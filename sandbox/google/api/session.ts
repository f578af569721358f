import type { Entries } from "../../../lib/tfplugin/types";

/** Services, by the name of the provider's setting for their address. */
export type Service =
  | "ARTIFACT_REGISTRY"
  | "BILLING"
  | "CLOUD_BILLING"
  | "CLOUD_BUILD"
  | "COMPUTE"
  | "ESSENTIAL_CONTACTS"
  | "IAM"
  | "IAM_BETA"
  | "LOGGING"
  | "MONITORING"
  | "RESOURCE_MANAGER"
  | "SERVICE_USAGE"
  | "STORAGE";

/** What the `provider` block and the environment say. */
export class Session {
  constructor(
    private readonly config: Entries,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Base address of a service. The stand-in never talks to anything but a sandbox on this machine. */
  base(service: Service): string {
    const argument = `${service.toLowerCase()}_custom_endpoint`;
    const variable = `GOOGLE_${service}_CUSTOM_ENDPOINT`;
    const base = text(this.config[argument]) ?? this.env[variable];
    if (base === undefined) {
      throw new Error(
        `${argument}: is not set. This stand-in for hashicorp/google only talks to a sandbox: set it or ${variable}`,
      );
    }
    const { protocol, hostname } = new URL(base);
    if (protocol !== "http:" || !LOOPBACK.test(hostname)) {
      throw new Error(
        `${argument}: is ${base}. This stand-in for hashicorp/google only talks to a sandbox on this machine`,
      );
    }
    return base;
  }

  headers(): Readonly<Record<string, string>> {
    const token = text(this.config.access_token) ?? this.env.GOOGLE_OAUTH_ACCESS_TOKEN;
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** The project of resources that name none. */
  get project(): string | undefined {
    return text(this.config.project) ?? this.env.GOOGLE_PROJECT;
  }

  /** Labels that go onto everything, beside each resource's own. */
  get defaultLabels(): Readonly<Record<string, string>> {
    const labels = (this.config.default_labels ?? {}) as Readonly<Record<string, string>>;
    return this.config.add_terraform_attribution_label === false ? labels : { ...labels, ...ATTRIBUTION };
  }
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;
const ATTRIBUTION = { "goog-terraform-provisioned": "true" };

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

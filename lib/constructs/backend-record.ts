import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

interface BackendRecord {
  readonly backend?: { readonly type?: string; readonly config?: Readonly<Record<string, unknown>> };
}

interface StackFile {
  readonly terraform?: { readonly backend?: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

/**
 * Removes what `terraform init` noted of a stack's backend, if it was made for another target: another kind of backend, or
 * a local one somewhere else. Terraform would refuse to go on, and advise to carry the state of one target into the other.
 * A GCS backend that moved is Terraform's to ask about.
 */
export function forgetBackendOfAnotherTarget(folder: string): void {
  const path = join(folder, ".terraform", "terraform.tfstate");
  if (!existsSync(path)) return;
  const { backend: noted } = JSON.parse(readFileSync(path, "utf8")) as BackendRecord;
  const { terraform } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackFile;
  const [type, config] = Object.entries(terraform?.backend ?? {})[0] ?? [];
  if (noted?.type === undefined || type === undefined) return;
  const isElsewhere = noted.type === "local" && noted.config?.path !== config?.path;
  if (noted.type !== type || isElsewhere) rmSync(path);
}

import { createHash } from "node:crypto";
import type { RetryPolicy } from "../../../lib/cloud/context";
import { defaultRetryPolicy } from "../../../lib/cloud/context";
import type { Filestore, FilestoreDirectory } from "../../../lib/model/filestores";
import type { Manifest } from "../../../lib/model/manifests";
import type { Outcome, PromotionDirectory, PromotionPlan } from "../../../lib/promotion/types";

export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

export function filestore(base: string, more: Partial<Filestore> = {}): Filestore {
  const [, scheme, bucket = "", prefix = ""] = /^(gs|s3):\/\/([^/]+)\/?(.*?)\/?$/.exec(base) ?? [];
  return {
    base,
    scheme: scheme === "s3" ? "s3" : "gs",
    bucket,
    prefix: prefix === "" ? "" : `${prefix}/`,
    source: false,
    at: { file: "filestores/k8s-staging-kops/filepromoter-manifest.yaml", line: 2, column: 3 },
    ...more,
  };
}

export function filestores(source: string, ...destinations: readonly (string | Filestore)[]): FilestoreDirectory {
  return {
    name: "k8s-staging-kops",
    file: "filestores/k8s-staging-kops/filepromoter-manifest.yaml",
    source: filestore(source, { source: true }),
    destinations: destinations.map((base) => (typeof base === "string" ? filestore(base) : base)),
  };
}

/** Lines by name; the value is the content whose hash the line gives. */
export function manifest(lines: Readonly<Record<string, string | Buffer>>, file = "1.36.2"): Manifest {
  const path = `manifests/k8s-staging-kops/${file}.yaml`;
  return {
    directory: "k8s-staging-kops",
    file: path,
    lines: Object.entries(lines).map(([name, content], index) => ({
      name,
      sha256: sha256(content),
      at: { file: path, line: 2 + 2 * index, column: 3 },
    })),
  };
}

export function request(directory: FilestoreDirectory, ...manifests: readonly Manifest[]) {
  const only: PromotionDirectory = { filestores: directory, manifests };
  return { directories: [only] };
}

/** As patient as a test can be. */
export const hasty: RetryPolicy = {
  ...defaultRetryPolicy,
  maxAttempts: 4,
  firstDelaySeconds: 0.001,
  maxDelaySeconds: 0.005,
  idleTimeoutSeconds: 0.4,
  answerTimeoutSeconds: 0.4,
};

/** `name → status`, or the reason of a failure; with several destinations one entry each. */
export function statuses({ outcomes }: PromotionPlan): readonly string[] {
  return outcomes.map(({ line, outcome }) => `${line.name}: ${status(outcome)}`);
}

export function status(outcome: Outcome): string {
  return outcome.status === "failed" ? outcome.failure.reason : outcome.status;
}

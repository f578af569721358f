import { diagnosticRow } from "../diagnostic-row";
import type { CheckResult } from "./check-run";
import type { CheckSummary } from "./check-summary";

/** The whole result as one document. Keys are only ever added to it. */
export function checkJson({ findings, base, plan }: CheckResult, summary: CheckSummary): string {
  const { ok, errors, warnings, inherited, files, verified, published, expired, failed, unread, bytes, manifests } =
    summary;
  const document = {
    ok,
    ...(base && { base: { revision: base.revision, commit: base.commit, changed: base.changed } }),
    summary: {
      errors,
      warnings,
      ...(base && { inherited }),
      files,
      verified,
      published,
      expired,
      failed,
      unread,
      bytes,
      bytesRead: plan.summary.bytesRead,
    },
    findings: findings.map(diagnosticRow),
    manifests,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

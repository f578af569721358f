import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** Each bucket and account of defaults.yaml has one purpose: two would take each other's rules away. */
export function checkProductionSide({ defaults, defaultsPlace }: Draft, { error, place }: Findings): void {
  if (defaultsPlace === undefined) return;
  const { serving, stateBucket, logsBucket } = defaults;
  const buckets = [
    { name: serving.bucket, path: ["serving", "bucket"] },
    { name: serving.backupBucket, path: ["serving", "backup-bucket"] },
    { name: stateBucket, path: ["state-bucket"] },
    { name: logsBucket, path: ["logs-bucket"] },
  ];
  const first = new Map<string, string>();
  for (const { name, path } of buckets) {
    if (name === undefined) continue;
    const before = first.get(name);
    if (before === undefined) first.set(name, path.join("."));
    else {
      const summary = `${path.join(".")}: the bucket ${quote(name)} is that of ${before} already`;
      const detail =
        "What is public and kept for years, what is private, and what changes with every deploy can't share one.";
      error("defaults/bucket-taken", place(defaultsPlace, ...path), summary, detail);
    }
  }
  if (serving.promoterAccountId !== serving.plannerAccountId) return;
  const summary = `serving: promoter and planner are the same account, ${quote(serving.plannerAccountId)}`;
  const detail = "Who plans would be able to publish. Name two accounts.";
  error("defaults/one-account", place(defaultsPlace, "serving", "promoter-account"), summary, detail);
}

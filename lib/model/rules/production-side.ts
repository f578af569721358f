import type { Defaults } from "../defaults";
import { plannerAddress, serviceAccountAddress } from "../serving-accounts";
import { backupProject } from "../serving-recipe";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** Each bucket and account of defaults.yaml has one purpose: two would take each other's rules away. */
export function checkProductionSide({ defaults, defaultsPlace }: Draft, found: Findings): void {
  if (defaultsPlace === undefined) return;
  const { error, place } = found;
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
  if (serving.promoterAccountId !== serving.plannerAccountId) {
    checkPromoters(defaults, defaultsPlace, found);
    return;
  }
  const summary = `serving: promoter and planner are the same account, ${quote(serving.plannerAccountId)}`;
  const detail = "Who plans would be able to publish. Name two accounts.";
  error("defaults/one-account", place(defaultsPlace, "serving", "promoter-account"), summary, detail);
}

/** Somebody may have made an account where `serving` makes its own; if nobody has, it can't be named in any policy. */
function checkPromoters(defaults: Defaults, at: NonNullable<Draft["defaultsPlace"]>, { warn, place }: Findings): void {
  const { serving, promoterServiceAccounts } = defaults;
  const own = serviceAccountAddress(serving.promoterAccountId, serving.projectId);
  for (const [index, address] of promoterServiceAccounts.entries()) {
    const [accountId = "", host] = address.split("@");
    const isOurs = [serving.projectId, backupProject(serving)].some((id) => host === `${id}.iam.gserviceaccount.com`);
    if (!isOurs || address === own || address === plannerAddress(defaults)) continue;
    const summary = `promoter-service-accounts: no stack makes ${quote(address)}`;
    const other = own.endsWith(`@${host}`) ? `, or write "promoter-account: ${accountId}" in serving` : "";
    const detail = `The promoter that serving makes is ${quote(own)}: name it here${other}. If the account exists, all is well; if not, Google refuses every policy that names it.`;
    warn("defaults/promoter-not-made", place(at, "promoter-service-accounts", index), summary, detail);
  }
}

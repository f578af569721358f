import type { Command } from "commander";
import { delegationRefusal } from "../cloud/ambient-delegation";
import { isWithoutCredentials } from "../cloud/auth";
import { googleGroups } from "../cloud/google-groups";
import { type LayoutOverrides, readLayout } from "../config/layout";
import { loadEstate } from "../config/load";
import { ConfigError } from "../diagnostics";
import { type GroupsSession, groupsServices, groupsSession } from "../groups/session";
import type { Estate } from "../model/estate";
import type { Group } from "../model/groups";
import { emailProblem, localPartOf, serviceAccountProblem } from "../model/principals";
import { didYouMean, quote } from "../model/suggest";
import { addressOf } from "./address-flag";
import { positiveNumber } from "./numbers";
import { UsageError } from "./usage-error";
import { validApartFromManifests } from "./valid-estate";

export interface GroupsOptions extends LayoutOverrides {
  readonly json?: boolean;
  readonly subject?: string;
  readonly serviceAccount?: string;
  readonly requestsPerMinute?: string;
}

/** Adds the flags that say on whose behalf Google is asked, and how fast. */
export function addGoogleOptions(command: Command): void {
  command
    .option("--subject <address>", "Workspace user to act as, by domain-wide delegation ($ARTIFACTS_GROUPS_SUBJECT)")
    .option("--service-account <address>", "service account to act as ($ARTIFACTS_GROUPS_SERVICE_ACCOUNT)")
    .option("--requests-per-minute <number>", "quota of each API ($ARTIFACTS_GROUPS_REQUESTS_PER_MINUTE, else 2400)");
}

/** The declared groups and all the rest but manifests. All mistakes that hold it up at once otherwise. */
export function readEstate(options: LayoutOverrides): Estate {
  const loaded = loadEstate(readLayout(options));
  const estate = loaded.apartFromManifests === undefined ? undefined : validApartFromManifests(loaded);
  if (estate === undefined) throw new ConfigError(loaded.errorsApartFromManifests);
  return estate;
}

/** The groups that a person names by address or by its first half; all when none is named. */
export function selectGroups(groups: readonly Group[], asked: readonly string[]): readonly Group[] {
  if (asked.length === 0) return groups;
  const chosen = new Set(asked.map((name) => findGroup(groups, name)));
  return groups.filter((group) => chosen.has(group));
}

function findGroup(groups: readonly Group[], asked: string): Group {
  const wanted = asked.toLowerCase();
  const found = groups.filter(({ email }) => email === wanted || email.startsWith(`${wanted}@`));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (first !== undefined) throw new UsageError(`${quote(asked)}: ${found.map(({ email }) => email).join(" or ")}?`);
  const names = groups.flatMap(({ email }) => [localPartOf(email), email]);
  const hint = didYouMean(wanted, names) ?? "npx artifacts groups show lists them.";
  throw new UsageError(`${quote(asked)}: no such group is declared. ${hint}`);
}

export interface Connection {
  readonly session: GroupsSession;
  readonly identity: string;
}

const REQUESTS_PER_MINUTE = "ARTIFACTS_GROUPS_REQUESTS_PER_MINUTE";

/** A session with Google that ends at the first Ctrl-C, and who it speaks for. Fails where there are no credentials. */
export async function connect(options: GroupsOptions): Promise<Connection> {
  const subject = addressOf("--subject", options.subject, emailProblem, "ARTIFACTS_GROUPS_SUBJECT");
  const serviceAccount = addressOf(
    "--service-account",
    options.serviceAccount,
    serviceAccountProblem,
    "ARTIFACTS_GROUPS_SERVICE_ACCOUNT",
  );
  const refusal = subject !== undefined && serviceAccount === undefined ? delegationRefusal(subject) : undefined;
  if (refusal !== undefined) throw new UsageError(refusal);
  const requestsPerMinute =
    positiveNumber("--requests-per-minute", options.requestsPerMinute) ??
    positiveNumber(REQUESTS_PER_MINUTE, process.env[REQUESTS_PER_MINUTE] || undefined);
  const google = googleGroups({
    ...(subject !== undefined && { subject }),
    ...(serviceAccount !== undefined && { serviceAccount }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
  });
  await google.requireCredentials().catch((error: Error) => {
    throw new Error(`${error.message} ${credentialsRepair(error)}`, { cause: error });
  });
  const stop = new AbortController();
  // A second Ctrl-C ends the process at once: every step is safe to leave half done.
  process.once("SIGINT", () => stop.abort(new Error("interrupted")));
  return { session: groupsSession(groupsServices(google), stop.signal), identity: google.identity };
}

function credentialsRepair({ cause }: Error): string {
  const login =
    "Log in with gcloud auth application-default login, or name a credentials file in GOOGLE_APPLICATION_CREDENTIALS; --service-account then names whom they act as. ";
  return `${isWithoutCredentials(cause) ? login : ""}Nothing was tried. The section Identity of docs/groups.md says what it takes.`;
}

import { abridgeDiagnostics, type Diagnostic } from "../../diagnostics";
import { serviceAccountProblem } from "../../model/principals";
import { quote } from "../../model/suggest";
import { check, promote } from "../../promotion/engine";
import type { PromotionEvent, PromotionOptions, PromotionPlan } from "../../promotion/types";
import { addressOf } from "../address-flag";
import { isCutOff } from "../cut-off";
import { type EngineFlags, engineSettings } from "../engine-options";
import { followEvents } from "../event-progress";
import { ExitCode } from "../exit-codes";
import { printable } from "../format";
import { headCommit } from "../git";
import { interruptible } from "../interrupt";
import { lineWriter } from "../line-writer";
import { outcomeDiagnostics } from "../outcome-diagnostics";
import { createProgress, type Progress } from "../progress";
import { UsageError } from "../usage-error";
import { jsonEvents } from "./promote-json";
import { outcomeLine, promotionSummary } from "./promote-text";
import { loadPromotionInputs, type PromotionFlags, type PromotionInputs } from "./promotion-inputs";

export interface PromoteFlags extends PromotionFlags, EngineFlags {
  readonly confirm?: boolean;
  readonly useServiceAccount?: boolean;
  readonly serviceAccount?: string;
  readonly ownCredentials?: boolean;
  readonly json?: boolean;
}

export async function runPromote(operands: readonly string[], flags: PromoteFlags): Promise<ExitCode> {
  if (flags.ownCredentials && (flags.serviceAccount !== undefined || flags.useServiceAccount)) {
    throw new UsageError("--own-credentials excludes --service-account and --use-service-account");
  }
  const fallbackServiceAccount = addressOf("--service-account", flags.serviceAccount, serviceAccountProblem);
  const loaded = loadPromotionInputs(flags, operands);
  const inputs = { ...loaded, warnings: [...loaded.warnings, ...accountWarning(loaded, flags)] };
  const isDryRun = flags.confirm !== true;
  const output = flags.json ? jsonOutput(isDryRun) : textOutput(isDryRun);
  const start = Date.now();
  output.begin(inputs);
  const commit = isDryRun ? undefined : await headCommit(inputs.root);
  const plan = await interruptible((signal) => {
    const options: PromotionOptions = {
      ...engineSettings(flags),
      identity: identityOf(flags),
      usesAwsCredentials: true,
      // One more listing, of which a promotion has no need.
      inspectSources: isDryRun,
      fallbackServiceAccount,
      allowedServiceAccounts: inputs.allowedServiceAccounts,
      signal,
      commit,
      onEvent: output.event,
    };
    return isDryRun ? check(inputs, options) : promote(inputs, options);
  });
  const exit = exitCode(inputs, plan);
  output.end(inputs, plan, exit === ExitCode.ok, (Date.now() - start) / 1000);
  return exit;
}

/** Files that came from anywhere may name any account. */
function accountWarning(inputs: PromotionInputs, flags: PromoteFlags): readonly Diagnostic[] {
  const destinations = inputs.directories.flatMap(({ filestores }) => filestores.destinations);
  const named = destinations.find(({ serviceAccount }) => serviceAccount !== undefined)?.serviceAccount;
  if (named === undefined || identityOf(flags) !== "accounts" || inputs.allowedServiceAccounts !== "any") return [];
  const summary = `no defaults.yaml lists the accounts that may be acted as: the filestores are believed, e.g. ${quote(named)}`;
  const detail =
    "Name a checkout with --root, or a defaults.yaml with --defaults, to act as its promoter-service-accounts only.";
  return [{ severity: "warning", summary, detail }];
}

/** As in kpromo: a dry run is nobody unless told otherwise, a promotion is whom the filestores name. */
export function identityOf({ confirm, useServiceAccount, ownCredentials }: PromoteFlags): PromotionOptions["identity"] {
  if (ownCredentials) return "ambient";
  return confirm || useServiceAccount ? "accounts" : "anonymous";
}

function exitCode({ problems, directories }: PromotionInputs, { outcomes, summary }: PromotionPlan): ExitCode {
  if (problems.length > 0) return directories.length === 0 ? ExitCode.usage : ExitCode.failed;
  if (isCutOff(outcomes)) return ExitCode.couldNotRun;
  return summary.failed > 0 ? ExitCode.failed : ExitCode.ok;
}

interface Output {
  begin(inputs: PromotionInputs): void;
  event(event: PromotionEvent): void;
  end(inputs: PromotionInputs, plan: PromotionPlan, ok: boolean, seconds: number): void;
}

function jsonOutput(isDryRun: boolean): Output {
  const lines = lineWriter();
  const events = jsonEvents(lines.write);
  return {
    begin: ({ problems, warnings }) => [...problems, ...warnings].forEach(events.problem),
    event: events.event,
    end(_, plan, ok, seconds) {
      events.end(plan.summary, ok, isDryRun, seconds);
      lines.flush();
    },
  };
}

/** Failures last, where people look: after hundreds of lines of copies. */
function textOutput(isDryRun: boolean): Output {
  const progress: Progress = createProgress({ what: isDryRun ? "verifying" : "promoting" });
  const follow = followEvents(progress);
  const lines = lineWriter();
  return {
    begin({ warnings }) {
      if (warnings.length > 0) process.stderr.write(`${printable(abridgeDiagnostics(warnings).join("\n"))}\n`);
    },
    event(event) {
      follow(event);
      const line = event.type === "done" ? outcomeLine(event.result) : undefined;
      if (line === undefined) return;
      progress.clear();
      lines.write(`${line}\n`);
    },
    end({ problems }, plan, _ok, seconds) {
      progress.stop();
      lines.flush();
      const failures = abridgeDiagnostics([...problems, ...outcomeDiagnostics(plan)]);
      if (failures.length > 0) process.stderr.write(`${printable(failures.join("\n"))}\n`);
      process.stdout.write(promotionSummary(plan.summary, isDryRun, problems.length, seconds));
    },
  };
}

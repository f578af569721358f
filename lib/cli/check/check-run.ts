import { type Layout, type LayoutOverrides, readLayout } from "../../config/layout";
import { loadEstate } from "../../config/load";
import { countBySeverity, type Diagnostic, hasErrors, sortDiagnostics } from "../../diagnostics";
import { compareClaims } from "../../model/claims";
import { utcDay } from "../../model/retirement";
import { checkSeparation, checkVanished, decidingFiles } from "../../model/rules/changes";
import type { Draft } from "../../model/rules/draft";
import { checkGroupRetirements } from "../../model/rules/retired-groups";
import { checkRetirements, remindOfRetirements } from "../../model/rules/retirements";
import { check } from "../../promotion/engine";
import { withOneDeadline } from "../../promotion/run";
import type { PromotionEvent, PromotionOptions, PromotionPlan } from "../../promotion/types";
import { isCutOff } from "../cut-off";
import { outcomeDiagnostics } from "../outcome-diagnostics";
import { allowedAccounts, requestFor } from "../promotion-request";
import { type Base, readBase } from "./base-revision";
import { inheritedFindings } from "./inherited";
import { judged } from "./judged";
import { unpublished } from "./unpublished";
import { findWithdrawn, type Withdrawn } from "./withdrawn";

export interface CheckOptions extends LayoutOverrides {
  readonly base?: string | undefined;

  /** @default - the clock's */
  readonly now?: Date;
  readonly engine: Pick<
    PromotionOptions,
    "identity" | "maxRequests" | "maxBytesInFlight" | "deadlineSeconds" | "cacheDir" | "signal"
  >;
  readonly onEvent?: (event: PromotionEvent) => void;
}

/** Everything a check has to say. */
export interface CheckResult {
  readonly layout: Layout;
  readonly draft: Draft;
  readonly base: Base | undefined;

  /** Of the inputs, of the change and of every line that failed. */
  readonly findings: readonly Diagnostic[];

  /** Of the inputs as the base has them as well: told by number, and no reason to fail. */
  readonly inherited: readonly Diagnostic[];
  readonly plan: PromotionPlan;

  /** The lines that the change takes out. */
  readonly withdrawn: Withdrawn["lines"];

  /** Manifests that mistakes keep from being looked at in full. */
  readonly unread: number;
}

/**
 * What a pull request needs: the inputs are valid, the change takes nothing back, and every line it adds is there with
 * the right bytes. Without a base every line is looked at.
 */
export function runCheck(options: CheckOptions): Promise<CheckResult> {
  return withOneDeadline(options, checkAll);
}

async function checkAll(options: CheckOptions): Promise<CheckResult> {
  const layout = readLayout(options);
  const today = utcDay(options.now ?? new Date());
  const { draft, diagnostics } = loadEstate(layout, today);
  const base = options.base === undefined ? undefined : await readBase(layout, options, options.base, today);
  const engine: PromotionOptions = {
    ...options.engine,
    // As in a promotion: a check that was green over accounts which that refuses would not tell the truth.
    allowedServiceAccounts: allowedAccounts(draft),
    ...(options.onEvent && { onEvent: options.onEvent }),
  };
  const inherited = inheritedFindings(diagnostics, base, layout);
  const own = diagnostics.filter((found) => !inherited.has(found));
  const { draft: head, unread } = judged(draft, brokenFiles(own));
  const change = base && compareClaims(base.draft, head);
  const wanted = change && [...change.added, ...(await unpublished(change.resourced, head, engine))];
  const plan = await check(requestFor(head, wanted), { ...engine, inspectSources: true });
  const withdrawn =
    base && change && (await findWithdrawn(change.withdrawn, brokenFiles(diagnostics), base.draft, draft, engine));
  const places = base === undefined ? [layout] : [layout, base.layout];
  const ofChange =
    base === undefined
      ? []
      : [
          ...checkSeparation(decidingFiles(base.changed, [base.draft, draft], places), places),
          ...checkVanished(base.draft, draft, layout),
          ...checkRetirements(base.draft, draft, today),
          ...checkGroupRetirements(base.draft, draft),
          ...(withdrawn?.findings ?? []),
        ];
  const reminders = remindOfRetirements(draft.staging, today);
  const findings = sortDiagnostics([...own, ...reminders, ...ofChange, ...outcomeDiagnostics(plan)]);
  return { layout, draft, base, findings, inherited: [...inherited], plan, withdrawn: withdrawn?.lines ?? [], unread };
}

/** Files whose lines are not known, because they hold mistakes: nothing can be said to be missing from them. */
function brokenFiles(diagnostics: readonly Diagnostic[]): ReadonlySet<string> {
  return new Set(diagnostics.flatMap(({ severity, at }) => (severity === "error" && at ? [at.file] : [])));
}

/** Whether the check itself did not happen: no line could be judged, and nothing else is wrong. */
export function couldNotRun({ findings, plan, withdrawn }: CheckResult): boolean {
  const lines = [...plan.outcomes, ...withdrawn];
  return isCutOff(lines) && countBySeverity(findings).errors <= lines.length;
}

export function isFailed({ findings }: CheckResult): boolean {
  return hasErrors(findings);
}

import { BillingBudget } from "@cdktf/provider-google/lib/billing-budget";
import { MonitoringNotificationChannel } from "@cdktf/provider-google/lib/monitoring-notification-channel";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { principalKey } from "../model/address-keys";
import type { Budget } from "../model/projects";
import { literal } from "./literal";

export interface MonthlyBudgetProps {
  readonly projectId: string;

  /** E.g. `projects/123456789012`. */
  readonly numberedName: string;

  readonly billingAccount: string;
  readonly budget: Budget;

  /** Addresses that are told, beside the administrators of the billing account. At most five. */
  readonly contacts: readonly string[];

  readonly dependsOn: readonly ITerraformDependable[];
}

/** A monthly budget of a project: it tells people, it stops nothing. */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, props: MonthlyBudgetProps) {
    super(scope, id);
    const channels = props.contacts.map(
      (email) =>
        new MonitoringNotificationChannel(this, principalKey(email), {
          project: props.projectId,
          displayName: literal(email),
          type: "email",
          labels: { email_address: literal(email) },
          dependsOn: [...props.dependsOn],
        }),
    );
    new BillingBudget(this, "monthly", {
      billingAccount: props.billingAccount,
      displayName: props.projectId,
      budgetFilter: {
        projects: [props.numberedName],
        calendarPeriod: "MONTH",
        creditTypesTreatment: "INCLUDE_ALL_CREDITS",
      },
      amount: { specifiedAmount: { units: String(props.budget.amount) } },
      thresholdRules: [...props.budget.alertAt]
        .sort((a, b) => a - b)
        .map((thresholdPercent) => ({ thresholdPercent, spendBasis: "CURRENT_SPEND" })),
      ...(channels.length === 0
        ? {}
        : {
            allUpdatesRule: { monitoringNotificationChannels: channels.map(({ name }) => name), schemaVersion: "1.0" },
          }),
    });
  }
}

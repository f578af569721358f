import { randomUUID } from "node:crypto";
import { googleError } from "../../http/errors";
import { type Call, del, get, json, patch, post, type Service } from "../../http/service";
import type { World } from "../../state/world";
import { applyMask } from "../field-mask";
import { newEtag } from "../identifiers";
import { pageOf, pageToken } from "../listing";
import { readBody } from "../request-body";
import { checkName } from "./cloud-billing";

/** `budgets`, by name. What the caller gave is kept as it is, with the defaults that Google fills in. */
interface BudgetRecord {
  /** `billingAccounts/ID/budgets/UUID`. */
  readonly name: string;
  readonly etag: string;
  readonly amount?: object;
  readonly budgetFilter?: object;
}

const WRITABLE = ["displayName", "budgetFilter", "amount", "thresholdRules", "notificationsRule", "ownershipScope"];
const BUDGETS = "/v1/billingAccounts/{account}/budgets";

export function billingBudgets(world: World): Service {
  const budgets = world.store.collection<BudgetRecord>("budgets");

  function parentOf(call: Call, permission: string): string {
    const name = checkName(`billingAccounts/${call.param("account")}`);
    world.access.require(call.principal, `billing.budgets.${permission}`, name);
    return `${name}/budgets`;
  }

  function find(call: Call, permission: string): BudgetRecord {
    const budget = budgets.get(`${parentOf(call, permission)}/${call.param("budget")}`);
    if (budget === undefined) throw googleError(404, "notFound", "Requested entity was not found.");
    return budget;
  }

  function keep(budget: BudgetRecord) {
    if (budget.amount === undefined) throw googleError(400, "badRequest", "Budget.amount must be set.");
    const kept = { ...budget, etag: newEtag(world) };
    budgets.put(kept.name, kept);
    return json(kept);
  }

  return {
    name: "billingbudgets",
    prefix: "/budgets",
    routes: [
      post(BUDGETS, async (call) => {
        const body = await readBody<BudgetRecord>(call, { displayName: "text", amount: {}, budgetFilter: {} });
        const name = `${parentOf(call, "create")}/${randomUUID()}`;
        const defaults = { creditTypesTreatment: "INCLUDE_ALL_CREDITS", calendarPeriod: "MONTH" };
        const period = body.budgetFilter !== undefined && "customPeriod" in body.budgetFilter;
        const budgetFilter = {
          ...(period ? { creditTypesTreatment: "INCLUDE_ALL_CREDITS" } : defaults),
          ...body.budgetFilter,
        };
        return keep(applyMask<BudgetRecord>({ name, etag: "" }, { ...body, budgetFilter }, undefined, WRITABLE));
      }),
      get(BUDGETS, async (call) => {
        const page = pageOf(budgets.values(`${parentOf(call, "list")}/`), ({ name }) => name, {
          size: call.query.get("pageSize"),
          token: call.query.get("pageToken"),
          defaultSize: 100,
          largestSize: 100,
        });
        return json({ ...(page.items.length === 0 ? {} : { budgets: page.items }), ...pageToken(page) });
      }),
      get(`${BUDGETS}/{budget}`, async (call) => json(find(call, "get"))),
      patch(`${BUDGETS}/{budget}`, async (call) => {
        const body = await readBody<BudgetRecord>(call, { displayName: "text", amount: {}, budgetFilter: {} });
        return keep(applyMask(find(call, "update"), body, call.query.get("updateMask"), WRITABLE));
      }),
      del(`${BUDGETS}/{budget}`, async (call) => {
        budgets.delete(find(call, "delete").name);
        return json({});
      }),
    ],
  };
}

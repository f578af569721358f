import type { JsonObject } from "../api/json";

export interface Condition {
  readonly title: string;
  readonly description?: string;
  readonly expression: string;
}

export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition?: Condition;
}

/** An IAM policy as every service speaks it. */
export interface Policy {
  readonly version?: number;
  readonly etag?: string;
  readonly bindings?: readonly Binding[];
  readonly auditConfigs?: readonly JsonObject[];
}

/** Bindings with one entry per role and condition, everything sorted: equal policies get equal forms. */
export function normalized(bindings: readonly Binding[] = []): readonly Binding[] {
  const members = new Map<string, Set<string>>();
  for (const binding of bindings) {
    const key = keyOf(binding);
    const known = members.get(key) ?? new Set();
    for (const member of binding.members) known.add(spelling(member));
    members.set(key, known);
  }
  return [...members]
    .filter(([, set]) => set.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, set]) => ({ ...(JSON.parse(key) as Omit<Binding, "members">), members: [...set].sort() }));
}

/** What tells bindings apart: role and condition. */
function keyOf({ role, condition }: Omit<Binding, "members">): string {
  if (condition === undefined) return JSON.stringify({ role });
  const { title, description, expression } = condition;
  return JSON.stringify({ role, condition: { ...(description ? { description } : {}), expression, title } });
}

export function sameBinding(a: Omit<Binding, "members">, b: Omit<Binding, "members">): boolean {
  return keyOf(a) === keyOf(b);
}

/** Google doesn't tell cases apart in addresses, and writes them in lower case. */
export function spelling(member: string): string {
  if (/^(allUsers|allAuthenticatedUsers|principal\w*:|deleted:)/.test(member)) return member;
  const colon = member.indexOf(":");
  return colon === -1 ? member : member.slice(0, colon) + member.slice(colon).toLowerCase();
}

/** `policy_data` as the real provider writes it: keys and members sorted, no etag and no version. */
export function policyData({ bindings, auditConfigs }: Policy): string {
  const audits = auditConfigs !== undefined && auditConfigs.length > 0 ? { auditConfigs: [...auditConfigs] } : {};
  const sorted = normalized(bindings).map(({ role, members, condition }) => ({
    ...(condition === undefined ? {} : { condition }),
    members,
    role,
  }));
  return JSON.stringify({ ...audits, ...(sorted.length === 0 ? {} : { bindings: sorted }) });
}

export function parsePolicyData(text: string): Policy {
  return JSON.parse(text) as Policy;
}

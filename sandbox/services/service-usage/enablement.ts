import { readPolicy, replacePolicy } from "../../iam/policy";
import type { Binding, ProjectRecord } from "../../state/records";
import type { World } from "../../state/world";
import { createDefaultNetwork } from "../compute/default-network";
import { accountsOf, newAccount } from "../iam/account-record";
import { enabledServices, isEnabled } from "../project-lookup";
import { serviceAgents } from "./service-agents";

/** What Google enables in every new project. */
export const DEFAULT_SERVICES: readonly string[] = [
  "analyticshub",
  "bigquery",
  "bigqueryconnection",
  "bigquerydatapolicy",
  "bigquerymigration",
  "bigqueryreservation",
  "bigquerystorage",
  "cloudapis",
  "cloudtrace",
  "dataform",
  "dataplex",
  "datastore",
  "logging",
  "monitoring",
  "servicemanagement",
  "serviceusage",
  "sql-component",
  "storage",
  "storage-api",
  "storage-component",
].map((name) => `${name}.googleapis.com`);

/** APIs that enabling the named one enables too, and that can't be disabled before it. */
const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  "bigquery.googleapis.com": ["bigquerystorage.googleapis.com"],
  "cloudapis.googleapis.com": ["servicemanagement.googleapis.com", "serviceusage.googleapis.com"],
  "compute.googleapis.com": ["oslogin.googleapis.com"],
  "container.googleapis.com": ["compute.googleapis.com"],
  "containerregistry.googleapis.com": ["pubsub.googleapis.com", "storage-api.googleapis.com"],
};

/** Enables an API and what it depends on; agents, bindings and the default network appear as with Google. */
export function enable(world: World, project: ProjectRecord, service: string): void {
  if (isEnabled(world, project.projectId, service)) return;
  enabledServices(world).put(`${project.projectId}/${service}`, { state: "ENABLED" });
  for (const dependency of DEPENDENCIES[service] ?? []) enable(world, project, dependency);
  addAgents(world, project, service);
  if (service === "compute.googleapis.com") createDefaultNetwork(world, project.projectId);
}

/** Enabled APIs of the project that need this one. */
export function dependents(world: World, projectId: string, service: string): readonly string[] {
  return Object.entries(DEPENDENCIES)
    .filter(([name, needed]) => needed.includes(service) && isEnabled(world, projectId, name))
    .map(([name]) => name);
}

function addAgents(world: World, { projectId, projectNumber }: ProjectRecord, service: string): void {
  const agents = (serviceAgents[service] ?? []).map((agent) => ({
    ...agent,
    email: agent.email.replace("NUMBER", projectNumber),
  }));
  if (agents.length === 0) return;
  for (const { email, displayName } of agents) {
    if (displayName === undefined || accountsOf(world).has(email)) continue;
    accountsOf(world).put(email, newAccount(world, projectId, email, { displayName }));
  }
  const policy = readPolicy(world, `projects/${projectId}`);
  const added: readonly Binding[] = agents.map(({ email, role }) => ({ role, members: [`serviceAccount:${email}`] }));
  replacePolicy(world, `projects/${projectId}`, { ...policy, bindings: merge(policy.bindings, added) });
}

/** One binding per role; a role that stands only in conditional bindings gets one of its own. */
function merge(bindings: readonly Binding[], added: readonly Binding[]): readonly Binding[] {
  const merged = [...bindings];
  for (const { role, members } of added) {
    const index = merged.findIndex((binding) => binding.role === role && binding.condition === undefined);
    const before = merged[index]?.members ?? [];
    const binding = { role, members: [...new Set([...before, ...members])] };
    if (index === -1) merged.push(binding);
    else merged[index] = binding;
  }
  return merged;
}

import fc from "fast-check";
import type { LiveEstate } from "./convergence-live";

/** What somebody does to the live estate by plain API calls, behind Terraform's back. */
export interface Drift {
  readonly what: keyof typeof ON_PROJECT | keyof typeof ON_BUCKET;

  /** Staging name of a project, or name of a bucket. */
  readonly to: string;
}

type Act = (live: LiveEstate, path: string, to: string) => Promise<unknown>;

const STRANGER = ["user:stranger@elsewhere.example"];

const ON_PROJECT = {
  "a service is disabled": async (live, _, to) => {
    const service = `/service-usage/v1/projects/oss-staging-${to}/services/cloudkms.googleapis.com`;
    if ((await live.ask(service))?.state !== "ENABLED") return;
    await live.ask(`${service}:disable`, { disableDependentServices: true });
  },
  "the team loses its roles, and a stranger gains one": async (live, path, to) => {
    const bindings = (await live.policyOf(`oss-staging-${to}`)).map(({ role, members }) => ({
      role,
      members: members.filter((member) => !member.startsWith("group:oss-infra-staging-")),
    }));
    const policy = { bindings: [...bindings, { role: "roles/browser", members: STRANGER }] };
    return live.ask(`${path}:setIamPolicy`, { policy });
  },
  "its labels are changed": async (live, path) => {
    const found = await live.ask(path);
    return live.ask(path, { ...found, labels: drifted(found.labels) }, "PUT");
  },
  "its liens and contacts are removed": async (live, path, to) => {
    const { projectNumber } = await live.ask(path);
    const { liens = [] } = await live.ask(`/resource-manager/v1/liens?parent=projects/${projectNumber}`);
    for (const { name } of liens) await live.ask(`/resource-manager/v1/${name}`, undefined, "DELETE");
    const { contacts = [] } = (await live.ask(`/essential-contacts/v1/projects/oss-staging-${to}/contacts`)) ?? {};
    for (const { name } of contacts) await live.ask(`/essential-contacts/v1/${name}`, undefined, "DELETE");
  },
} satisfies Readonly<Record<string, Act>>;

const ON_BUCKET = {
  "somebody is given rights": async (live, path) => {
    const { bindings, ...policy } = await live.ask(`${path}/iam`);
    const more = [...bindings, { role: "roles/storage.admin", members: STRANGER }];
    return live.ask(`${path}/iam`, { ...policy, bindings: more }, "PUT");
  },
  "nobody is left in its policy": (live, path) => live.ask(`${path}/iam`, { bindings: [] }, "PUT"),
  "lifecycle and logging are taken away, and it is versioned": (live, path) =>
    live.ask(path, { lifecycle: null, logging: null, versioning: { enabled: true } }, "PATCH"),
  "its labels are changed, and public access is allowed": async (live, path) => {
    const { labels } = await live.ask(path);
    const iamConfiguration = { publicAccessPrevention: "inherited" };
    return live.ask(path, { labels: drifted(labels), iamConfiguration }, "PATCH");
  },
} satisfies Readonly<Record<string, Act>>;

const PROJECTS = ["alder", "birch", "cedar", "pool"];
const BUCKETS = ["oss-staging-alder", "birch-releases", "birch-builds", "oss-staging-pool", "oss-artifacts-prod"];

const keys = <T extends object>(object: T) => fc.constantFrom(...(Object.keys(object) as (keyof T)[]));

export const drifts: fc.Arbitrary<readonly Drift[]> = fc.array(
  fc.oneof(
    fc.record<Drift>({ what: keys(ON_PROJECT), to: fc.constantFrom(...PROJECTS) }),
    fc.record<Drift>({ what: keys(ON_BUCKET), to: fc.constantFrom(...BUCKETS) }),
  ),
  { minLength: 3, maxLength: 6 },
);

/** Does it, unless what it is done to is not there: never made, or shut down. */
export async function makeDrift(live: LiveEstate, { what, to }: Drift): Promise<void> {
  const path = what in ON_BUCKET ? `/storage/v1/b/${to}` : `/resource-manager/v1/projects/oss-staging-${to}`;
  const found = await live.ask(path);
  if (found === undefined || found.lifecycleState === "DELETE_REQUESTED") return;
  const act: Act = { ...ON_PROJECT, ...ON_BUCKET }[what];
  await act(live, path, to);
}

function drifted(labels: object = {}): object {
  return Object.fromEntries(Object.keys(labels).map((key) => [key, "drifted"]));
}

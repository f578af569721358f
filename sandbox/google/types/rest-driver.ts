import type { Schema } from "../../../lib/tfplugin/schema";
import { type Entries, isEntries, type Value } from "../../../lib/tfplugin/types";
import { fill, parse } from "../address";
import type { Api } from "../api/api";
import { ApiError } from "../api/api-error";
import type { JsonObject } from "../api/json";
import type { Service, Session } from "../api/session";
import type { Driver, PlanView } from "../driver";
import { type FieldRules, fromJson, toJson } from "../fields";
import { declaredLabels } from "../plan/labels";
import type { Traits } from "../traits";
import { changedFields } from "./changed-fields";

/** A resource type whose API is plain REST, as a table entry. Addresses are templates: `projects/{project}/…`. */
export interface RestType {
  readonly type: string;
  readonly service: Service;
  readonly traits: Traits;

  /** Where objects are created, below the service's base. */
  readonly collection: string;

  /** Where the object is. @default - the collection, followed by `{name}` */
  readonly self?: string;

  /** Terraform's id. @default - `self` */
  readonly id?: string | ((state: Entries) => string);

  readonly createQuery?: Readonly<Record<string, string>>;

  /** How a change is sent: the fields with a mask of what changed, or the whole object. @default - changes need a new object */
  readonly update?: "PATCH with mask" | "PATCH" | "PUT";

  /** Template of an operation's address, where its name alone is none. */
  readonly operation?: string;

  /** @default - `id` */
  readonly importIds?: readonly string[];

  readonly fields?: FieldRules;

  /** Attributes that the answer to the creation gives and `self` needs. */
  named?(response: JsonObject): Entries;

  /** Query of the deletion. */
  deleteQuery?(state: Entries): Readonly<Record<string, string>>;

  plan?(planned: Entries, view: PlanView): Entries;

  /** Last change of what is sent. */
  sent?(body: JsonObject, planned: Entries): JsonObject;

  /** First change of what is read. */
  opened?(json: JsonObject): JsonObject;

  /** Last change of what was read. */
  received?(value: Entries, json: JsonObject, state: Entries): Entries;

  /** Whether an object that is read counts as gone. */
  isGone?(json: JsonObject): boolean;
}

export function restDriver(rest: RestType, schema: Schema): Driver {
  const { service, collection, self = `${collection}/{name}` } = rest;
  const idOf = (state: Entries) => fill(typeof rest.id === "function" ? rest.id(state) : (rest.id ?? self), state);
  const fields = rest.fields ?? {};
  const addressed = [...new Set([...(fields.notFields ?? []), ...namesIn(collection), ...namesIn(self)])];
  // Parts of the address that the creation doesn't get from its own address or query are fields as well.
  const sentOnce = namesIn(self).filter(
    (name) => !namesIn([collection, ...Object.values(rest.createQuery ?? {})].join()).includes(name),
  );
  const ownLabels = rest.traits.labelled ? ["labels", "terraform_labels", "effective_labels"] : [];
  const rules: FieldRules = { ...fields, notFields: [...addressed, ...ownLabels] };

  function body(planned: Entries): JsonObject {
    const json = toJson(schema, planned, rules);
    const labels = planned.effective_labels;
    const labelled =
      rest.traits.labelled && isEntries(labels) && Object.keys(labels).length > 0
        ? { ...json, labels: labels as JsonObject }
        : json;
    return rest.sent?.(labelled, planned) ?? labelled;
  }

  async function finished(api: Api, state: Entries, answer: JsonObject): Promise<JsonObject> {
    if (rest.operation === undefined) return isOperation(answer) ? api.settled(service, answer) : answer;
    return api.settled(service, { ...answer, name: fill(rest.operation, { ...state, name: String(answer.name) }) });
  }

  return {
    type: rest.type,
    traits: rest.traits,
    ...(rest.plan === undefined ? {} : { plan: rest.plan.bind(rest) }),

    async create(planned, api) {
      const query = Object.entries(rest.createQuery ?? {}).map(([name, value]) => [name, fill(value, planned)]);
      const once = sentOnce.flatMap((name) => (planned[name] === undefined ? [] : [[name, planned[name]]]));
      const request = { query: Object.fromEntries(query), body: { ...body(planned), ...Object.fromEntries(once) } };
      const answer = await api.call(service, "POST", fill(collection, planned), request);
      await finished(api, planned, answer);
      const named = rest.named?.(answer) ?? {};
      return { ...named, id: idOf({ ...planned, ...named }) };
    },

    async read(state, api) {
      const json = await api.find(service, fill(self, state));
      if (json === undefined || rest.isGone?.(json)) return undefined;
      const kept = Object.fromEntries(
        [...addressed, "id", "timeouts"].flatMap((name) => (state[name] === undefined ? [] : [[name, state[name]]])),
      );
      const value: Entries = {
        ...fromJson(schema, rest.opened?.(json) ?? json, rules),
        ...kept,
        ...labels(rest.traits, state, json),
      };
      return rest.received?.(value, json, state) ?? value;
    },

    ...(rest.update === undefined
      ? {}
      : {
          async update(prior: Entries, planned: Entries, api: Api) {
            const mask = changedFields(schema, prior, planned, rules, rest.traits);
            const query = rest.update === "PATCH with mask" ? { updateMask: mask.join(",") } : {};
            if (mask.length === 0) return;
            const method = rest.update === "PUT" ? "PUT" : "PATCH";
            await finished(
              api,
              planned,
              await api.call(service, method, fill(self, planned), { query, body: body(planned) }),
            );
          },
        }),

    async delete(state, api) {
      const query = rest.deleteQuery?.(state) ?? {};
      await finished(api, state, await api.call(service, "DELETE", fill(self, state), { query }).catch(ignoreMissing));
    },

    import(given: string, session: Session): Entries {
      const found = parse(rest.importIds ?? [typeof rest.id === "string" ? rest.id : self], given);
      const project = session.project === undefined ? {} : { project: session.project };
      const state: Entries = { ...(schema.attributes.project === undefined ? {} : project), ...found };
      return { ...state, id: idOf(state) };
    },
  };
}

/** Something that is gone already needs no deletion. */
export function ignoreMissing(error: unknown): JsonObject {
  if (error instanceof ApiError && error.status === 404) return {};
  throw error;
}

function labels(traits: Traits, state: Entries, json: JsonObject): Entries {
  if (!traits.labelled) return {};
  const all = (json.labels ?? {}) as Readonly<Record<string, string>>;
  const declared: Value = declaredLabels(state, all);
  return {
    ...(declared === undefined ? {} : { labels: declared }),
    terraform_labels: state.terraform_labels ?? {},
    effective_labels: all,
  };
}

/** Names of the attributes in an address. */
function namesIn(template: string): readonly string[] {
  return [...template.matchAll(/\{(\w+)(?:\|segment)?\}/g)].map(([, name = ""]) => name);
}

function isOperation(answer: JsonObject): boolean {
  return typeof answer.name === "string" && /(^|\/)operations\//.test(answer.name);
}

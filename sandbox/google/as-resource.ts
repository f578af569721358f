import { equalValues } from "../../lib/tfplugin/equal";
import type { Resource } from "../../lib/tfplugin/resource";
import type { Schema } from "../../lib/tfplugin/schema";
import { typeOfBlock } from "../../lib/tfplugin/schema";
import { type Entries, isUnknown, type Value } from "../../lib/tfplugin/types";
import { Api } from "./api/api";
import type { Session } from "./api/session";
import type { Driver, PlanView } from "./driver";
import { settled } from "./fields";
import { withComputedBlocks, withDefaults } from "./plan/defaults";
import { withLabels } from "./plan/labels";
import { withoutSameness } from "./plan/sameness";

/** A driver as a resource of the plugin framework, planned as the old SDK plans. */
export function asResource(driver: Driver, schema: Schema, session: () => Session): Resource<Entries, Entries> {
  const { type, traits } = driver;

  function refined(planned: Entries, view: PlanView): Entries {
    const filled = withComputedBlocks(traits, view.prior, withDefaults(schema, traits, view.config, planned));
    const placed = withProject(schema, view, filled);
    const labelled = traits.labelled ? withLabels(view.session, view.prior, placed) : placed;
    const own = driver.plan?.(labelled, view) ?? labelled;
    return view.prior === undefined ? own : withoutSameness(schema, traits, view.prior, own);
  }

  async function readBack(state: Entries, api: Api): Promise<Entries> {
    const found = await driver.read(state, api);
    if (found === undefined) throw new Error(`${type}: is not there right after it was written`);
    return settled(schema, state, found);
  }

  return {
    type,
    schema,

    // The configuration and the plan hold unknowns, which the functions for plans expect.
    async plan({ config, prior, proposed }) {
      const planned = refined(proposed as Entries, { session: session(), config: config as Entries, prior });
      const isChanged = prior === undefined || !equalValues(typeOfBlock(schema), prior, planned);
      if (!isChanged) return { planned: prior };
      return { planned, replace: prior === undefined ? [] : (driver.replacedFor?.(prior, planned) ?? []) };
    },

    async read(state, { signal }) {
      const found = await driver.read(state, new Api(session(), signal));
      return found && settled(schema, state, found);
    },

    async create({ planned }, { signal }) {
      const api = new Api(session(), signal);
      const known = withoutUnknowns(planned as Entries);
      return readBack({ ...known, ...(await driver.create(known, api)) }, api);
    },

    async update({ prior, planned }, { signal }) {
      const api = new Api(session(), signal);
      const known = withoutUnknowns(planned as Entries);
      await driver.update?.(prior, known, api);
      return readBack(known, api);
    },

    delete: async (state, { signal }) => driver.delete(state, new Api(session(), signal)),

    ...(driver.import === undefined ? {} : { import: async (id: string) => driver.import?.(id, session()) ?? {} }),
  };
}

/** Resources that name no project are made in the provider's. */
function withProject(schema: Schema, { session, config }: PlanView, planned: Entries): Entries {
  const project = schema.attributes.project;
  if (!project?.computed || config.project !== undefined || session.project === undefined) return planned;
  return { ...planned, project: session.project };
}

/** What an apply knows before it starts. */
function withoutUnknowns(value: Entries): Entries {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, Value][] => (isUnknown(inner) ? [] : [[key, known(inner)]])),
  );
}

function known(value: Value): Value {
  if (Array.isArray(value)) return value.filter((element: Value) => !isUnknown(element)).map(known);
  return typeof value === "object" && Object.getPrototypeOf(value) === null ? withoutUnknowns(value as Entries) : value;
}

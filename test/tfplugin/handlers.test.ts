import { DiagnosticsError } from "../../lib/tfplugin/diagnostics";
import { createHandlers } from "../../lib/tfplugin/handlers";
import type { Provider } from "../../lib/tfplugin/provider";
import type { Resource } from "../../lib/tfplugin/resource";
import { type Schema, typeOfBlock } from "../../lib/tfplugin/schema";
import { type Entries, UNKNOWN, type Value } from "../../lib/tfplugin/types";
import { fromWire, toWire } from "../../lib/tfplugin/wire-values";

interface BoxConfig {
  readonly name: string;
  readonly size?: number;
}

interface BoxState extends BoxConfig {
  readonly id: string;
}

const schema: Schema = {
  version: 2,
  attributes: {
    id: { type: "string", computed: true, stable: true },
    name: { type: "string", required: true, forceNew: true },
    size: { type: "number", optional: true },
  },
};
const type = typeOfBlock(schema);

/** What Terraform sends where nothing is kept beside a state. */
const NONE = new Uint8Array();

/** A resource that does its work; each test breaks what it is about. */
const box: Resource<BoxConfig, BoxState> = {
  type: "test_box",
  schema,
  read: async (state) => state,
  create: async ({ config }) => ({ ...config, id: `box/${config.name}` }),
  update: async ({ prior, config }) => ({ ...prior, ...config }),
  delete: async () => {},
};

function handlersOf(change: Partial<Resource<BoxConfig, BoxState>>, provider: Partial<Provider> = {}) {
  return createHandlers({ resources: [{ ...box, ...change }], ...provider });
}

function wire(value: Value) {
  return { json: new Uint8Array(), ...toWire(type, value) };
}

function decoded(value: { readonly msgpack?: Uint8Array | undefined } | undefined) {
  return value && fromWire(type, { json: new Uint8Array(), msgpack: value.msgpack ?? new Uint8Array() });
}

const prior: Entries = { id: "box/a", name: "a", size: 1 };

async function apply(change: Partial<Resource<BoxConfig, BoxState>>, before: Value, after: Value) {
  const response = await handlersOf(change).ApplyResourceChange({
    typeName: "test_box",
    priorState: wire(before),
    plannedState: wire(after),
    config: wire(after === undefined ? undefined : { name: "a", size: 2 }),
    plannedPrivate: NONE,
  });
  return { state: decoded(response.newState), summaries: (response.diagnostics ?? []).map(({ summary }) => summary) };
}

const broken = { severity: "error" as const, summary: "it broke" };
const failing = async () => {
  throw new Error("it broke");
};

describe("an operation that fails", () => {
  const planned: Entries = { id: UNKNOWN, name: "a", size: 2 };

  test("in create records nothing, as a recorded object would be tainted", async () => {
    expect(await apply({ create: failing }, undefined, planned)).toEqual({ state: undefined, summaries: ["it broke"] });
    const reported = await apply(
      {
        create: async ({ config }, { report }) => {
          report(broken);
          return { ...config, id: "half" };
        },
      },
      undefined,
      planned,
    );
    expect(reported).toEqual({ state: undefined, summaries: ["it broke"] });
  });

  test("in update records how far it came, if it says so", async () => {
    const half = await apply(
      {
        update: async ({ prior: before }, { report }) => {
          report(broken);
          return { ...before, size: 1.5 };
        },
      },
      prior,
      planned,
    );
    expect(half).toEqual({ state: { ...prior, size: 1.5 }, summaries: ["it broke"] });
  });

  test("in update otherwise records what was there before", async () => {
    expect(await apply({ update: failing }, prior, planned)).toEqual({ state: prior, summaries: ["it broke"] });
  });

  test("in delete records what was there before", async () => {
    expect(await apply({ delete: failing }, prior, undefined)).toEqual({ state: prior, summaries: ["it broke"] });
  });

  test("in read leaves the state as it was", async () => {
    const response = await handlersOf({ read: failing }).ReadResource({
      typeName: "test_box",
      currentState: wire(prior),
      private: NONE,
    });
    expect(decoded(response.newState)).toEqual(prior);
  });

  test("may warn without failing", async () => {
    const warned = await apply(
      {
        create: async ({ config }, { report }) => {
          report({ severity: "warning", summary: "mind" });
          return { ...config, id: "1" };
        },
      },
      undefined,
      planned,
    );
    expect(warned).toEqual({ state: { id: "1", name: "a", size: 2 }, summaries: ["mind"] });
  });
});

describe("a diagnostic", () => {
  test("carries the path of an attribute, an index and a key", async () => {
    const response = await handlersOf({
      validate: (_, { report }) => {
        report({ severity: "error", summary: "s", detail: "d", path: ["files", { key: "a/b" }, "parts", 3] });
      },
    }).ValidateResourceConfig({ typeName: "test_box", config: wire(prior) });

    expect(response.diagnostics).toEqual([
      {
        severity: 1,
        summary: "s",
        detail: "d",
        attribute: {
          steps: [
            { attributeName: "files" },
            { elementKeyString: "a/b" },
            { attributeName: "parts" },
            { elementKeyInt: 3 },
          ],
        },
      },
    ]);
  });

  test("made of several that were thrown keeps them all", async () => {
    const error = new DiagnosticsError([broken, { severity: "error", summary: "twice" }]);
    const result = await apply({ delete: () => Promise.reject(error) }, prior, undefined);
    expect(result.summaries).toEqual(["it broke", "twice"]);
  });

  test.each([
    {
      which: "its causes",
      error: new Error("can't copy\nmore", { cause: new Error("reset", { cause: { message: "cable" } }) }),
      says: { summary: "can't copy", detail: "more\nCaused by: reset\nCaused by: cable" },
    },
    {
      which: "each sentence once",
      error: new Error("read: sign: denied", { cause: new Error("sign: denied", { cause: { message: "denied" } }) }),
      says: { summary: "read: sign: denied" },
    },
  ])("made of an error tells $which", async ({ error, says }) => {
    const response = await handlersOf({ read: () => Promise.reject(error) }).ReadResource({
      typeName: "test_box",
      currentState: wire(prior),
      private: NONE,
    });
    expect(response.diagnostics).toEqual([{ severity: 1, ...says }]);
  });
});

describe("a plan", () => {
  function plan(
    change: Partial<Resource<BoxConfig, BoxState>>,
    before: Value,
    config: Entries,
    provider?: Partial<Provider>,
  ) {
    return handlersOf(change, provider).PlanResourceChange({
      typeName: "test_box",
      priorPrivate: NONE,
      priorState: wire(before),
      proposedNewState: wire({ ...(before as object), ...config }),
      config: wire(config),
    });
  }

  test("shows what the hook makes known", async () => {
    const hook = {
      plan: async ({ proposed }: { proposed: object }) => ({ planned: { ...(proposed as BoxState), id: "box/a" } }),
    };
    const response = await plan(hook, undefined, { name: "a", size: UNKNOWN });
    expect(decoded(response.plannedState)).toEqual({ id: "box/a", name: "a", size: UNKNOWN });
  });

  test("replaces for attributes marked so and for those the hook names", async () => {
    const response = await plan({ plan: async () => ({ replace: ["size"] }) }, prior, { name: "b", size: 2 });
    expect(response.requiresReplace).toEqual([
      { steps: [{ attributeName: "name" }] },
      { steps: [{ attributeName: "size" }] },
    ]);
  });

  test("of a new object replaces nothing", async () => {
    const response = await plan({ plan: async () => ({ replace: ["size"] }) }, undefined, { name: "b" });
    expect(response.requiresReplace).toEqual([]);
  });

  test("to destroy may be refused", async () => {
    const refuse = {
      planDelete: async (_: BoxState, { report }: { report: (d: typeof broken) => void }) => report(broken),
    };
    const response = await handlersOf(refuse).PlanResourceChange({
      typeName: "test_box",
      priorPrivate: NONE,
      priorState: wire(prior),
      proposedNewState: wire(undefined),
      config: wire(undefined),
    });
    expect(decoded(response.plannedState)).toBeUndefined();
    expect(response.diagnostics).toMatchObject([{ severity: 1, summary: "it broke" }]);
  });

  test("says so if the provider asks for the old SDK's indulgence", async () => {
    expect((await plan({}, undefined, { name: "a" })).legacyTypeSystem).toBe(false);
    expect((await plan({}, undefined, { name: "a" }, { legacyTypeSystem: true })).legacyTypeSystem).toBe(true);
  });
});

describe("a stored state", () => {
  function upgrade(change: Partial<Resource<BoxConfig, BoxState>>, version: number, state: object) {
    const json = Buffer.from(JSON.stringify(state));
    return handlersOf(change).UpgradeResourceState({ typeName: "test_box", version, rawState: { json } });
  }

  test("of today's version is read as it is", async () => {
    const response = await upgrade({}, 2, { ...prior, gone: true });
    expect(decoded(response.upgradedState)).toEqual(prior);
  });

  test("of an older version is upgraded", async () => {
    const lift = { upgrade: (version: number, state: unknown) => ({ ...(state as object), size: version }) };
    expect(decoded((await upgrade(lift, 1, { id: "i", name: "a" })).upgradedState)).toEqual({
      id: "i",
      name: "a",
      size: 1,
    });
  });

  test("of a newer version fails", async () => {
    expect((await upgrade({}, 3, prior)).diagnostics).toMatchObject([
      { summary: "test_box: the state has schema version 3, this provider has 2" },
    ]);
  });
});

describe("the provider", () => {
  test("lists its schemas", async () => {
    const source = { type: "test_look", schema, read: async () => prior };
    const response = await handlersOf({}, { dataSources: [source] }).GetProviderSchema({});
    expect(Object.keys(response.resourceSchemas ?? {})).toEqual(["test_box"]);
    expect(Object.keys(response.dataSourceSchemas ?? {})).toEqual(["test_look"]);
    expect(response.resourceSchemas?.test_box?.block?.attributes).toMatchObject([
      { name: "id", computed: true, required: false },
      { name: "name", required: true },
      { name: "size", optional: true },
    ]);
  });

  test("receives its configuration once it is known to be right", async () => {
    const seen: unknown[] = [];
    const handlers = handlersOf(
      {},
      {
        schema: { attributes: { region: { type: "string", optional: true } } },
        validate: (config, { report }) => {
          if (config.region === "") report(broken);
        },
        configure: (config) => void seen.push(config),
      },
    );
    const config = (region: string) => ({
      config: { json: new Uint8Array(), ...toWire(["object", { region: "string" }], { region }) },
    });
    expect((await handlers.ValidateProviderConfig(config(""))).diagnostics).toHaveLength(1);
    await handlers.ConfigureProvider({ terraformVersion: "1.11.4", ...config("eu") });
    expect(seen).toEqual([{ region: "eu" }]);
  });

  test("reads data sources", async () => {
    const source = { type: "test_look", schema, read: async (config: object) => ({ ...config, id: "found" }) };
    const response = await handlersOf({}, { dataSources: [source] }).ReadDataSource({
      typeName: "test_look",
      config: wire({ name: "x" }),
    });
    expect(decoded(response.state)).toEqual({ name: "x", id: "found" });
  });

  test("imports what its resource can, and says what it can't", async () => {
    const id = { typeName: "test_box", id: "box/z" };
    const can = await handlersOf({ import: async (given) => ({ id: given, name: "z" }) }).ImportResourceState(id);
    expect(decoded(can.importedResources?.[0]?.state)).toEqual({ id: "box/z", name: "z" });
    const cannot = await handlersOf({}).ImportResourceState(id);
    expect(cannot.importedResources).toEqual([]);
    expect(cannot.diagnostics).toMatchObject([{ summary: "test_box: objects of this type can't be imported" }]);
  });

  test("tells the plan of an object that an import made it, until an apply", async () => {
    const told: (boolean | undefined)[] = [];
    const handlers = handlersOf({
      import: async () => ({ id: "box/z", name: "z" }),
      read: async (state) => state,
      plan: async ({ imported }) => {
        told.push(imported);
        return {};
      },
      update: async ({ config }) => ({ ...config, id: "box/z" }),
    });
    const imported = (await handlers.ImportResourceState({ typeName: "test_box", id: "z" })).importedResources?.[0];
    const read = await handlers.ReadResource({
      typeName: "test_box",
      currentState: wire(prior),
      private: Buffer.from(imported?.private ?? NONE),
    });
    const states = { priorState: wire(prior), proposedNewState: wire(prior), config: wire({ name: "z" }) };
    const planned = await handlers.PlanResourceChange({
      typeName: "test_box",
      ...states,
      priorPrivate: Buffer.from(read.private ?? NONE),
    });
    await handlers.PlanResourceChange({ typeName: "test_box", ...states, priorPrivate: NONE });

    expect(told).toEqual([true, false]);
    expect(planned.plannedPrivate).toEqual(read.private);
  });

  test("hands an operation what the last one kept, whatever came of those between", async () => {
    const seen: (string | undefined)[] = [];
    const look: Resource<BoxConfig, BoxState>["read"] = async (state, { kept, keep }) => {
      seen.push(kept);
      keep?.(`read after ${kept}`);
      return state;
    };
    const update: Resource<BoxConfig, BoxState>["update"] = async (request, { kept, keep }) => {
      seen.push(kept);
      keep?.("updated");
      if (request.config.size === 3) throw new Error("it broke");
      return request.prior;
    };
    const handlers = handlersOf({ read: look, update });
    const change = (size: number, plannedPrivate: Uint8Array) =>
      handlers.ApplyResourceChange({
        typeName: "test_box",
        priorState: wire(prior),
        plannedState: wire({ ...prior, size }),
        config: wire({ name: "a", size }),
        plannedPrivate,
      });
    const read = (kept: Uint8Array) =>
      handlers.ReadResource({ typeName: "test_box", currentState: wire(prior), private: kept });
    const first = await change(2, Buffer.from("imported"));
    const second = await read(Buffer.from(first.private ?? NONE));
    const third = await change(3, Buffer.from(second.private ?? NONE));

    expect(seen).toEqual([undefined, "updated", "read after updated"]);
    expect(Buffer.from(third.private ?? NONE).toString()).toBe("read after updated");
  });

  test("passes an interruption on to what is under way", async () => {
    const handlers = handlersOf({
      read: (_, { signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const reading = handlers.ReadResource({ typeName: "test_box", currentState: wire(prior), private: NONE });
    await handlers.StopProvider({});
    expect((await reading).diagnostics).toMatchObject([{ summary: "interrupted" }]);
  });

  test("refuses types it doesn't have", async () => {
    await expect(
      handlersOf({}).ReadResource({ typeName: "test_bag", currentState: undefined, private: NONE }),
    ).rejects.toThrow("test_bag: this provider has no such type");
  });
});
